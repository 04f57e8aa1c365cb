import { elapsed } from './elapsed.ts';
import { acceptedFrom, announcedPrefixes, carries, type Family, learnedPrefixes } from './routes.ts';
import type { PeerSession, ZebosView } from './zebos-view.ts';

const HEADER =
  'Neighbor                 V   AS   MsgRcv    MsgSen TblVer   InQ   OutQ    Up/Down   State/PfxRcd';
const ADDRESS_WIDTH = 24;
const MAX_IN_LINE = 32;

/** One row per peer, and no table without one. The IPv4 view lists every peer, the IPv6 view those that exchange IPv6 routes. */
export function showBgpSummary(view: ZebosView, family: Family): string {
  const listed = view.sessions.filter(({ peer }) => family === 'IPv4' || carries(peer, 'IPv6'));
  const established = listed.filter(({ state }) => state === 'Established').length;
  const lines = [
    `BGP router identifier ${view.routerId}, local AS number ${view.config.asn}`,
    `BGP table version is ${tableVersion(established)}`,
    `${established === 0 ? 1 : 2} BGP AS-PATH entries`,
    '0 BGP community entries',
    ...multipath('ebgp', view.config.maxPathsEbgp),
    ...multipath('ibgp', view.config.maxPathsIbgp),
    '',
    ...(listed.length === 0
      ? []
      : [
          HEADER,
          ...listed.map((session) => row(session, family, view.now, tableVersion(established))),
          '',
          `Total number of neighbors ${listed.length}`,
          '',
        ]),
    `Total number of Established sessions ${established}`,
    '',
  ];
  return lines.join('\n');
}

function multipath(kind: string, paths: number | 'null' | undefined): string[] {
  const count = paths === 'null' ? 1 : (paths ?? 2);
  return [`${count}  Configured ${kind} ECMP multipath: Currently set at ${count}`];
}

function tableVersion(established: number): number {
  return 1 + announcedPrefixes.IPv4.length + (established > 0 ? learnedPrefixes.IPv4.length : 0);
}

function row(session: PeerSession, family: Family, now: number, version: number): string {
  const { peer, state } = session;
  const isUp = state === 'Established';
  const columns = [
    `4 ${String(peer.settings.asn).padStart(5)}`,
    String(session.messagesReceived).padStart(4),
    String(session.messagesSent).padStart(10),
    String(isUp ? version : 0).padStart(7),
    '0'.padStart(6),
    '0'.padStart(6),
    upOrDown(session, now).padStart(9),
    isUp
      ? String(acceptedFrom(session, family)).padStart(15)
      : `    ${state}${session.shutDown ? ' (Admin)' : ''}`,
  ].join(' ');
  // An IPv6 address that does not fit its column abuts the next one; a very long one gets a line of its own.
  if (peer.address.length > MAX_IN_LINE) return `${peer.address}\n${''.padEnd(ADDRESS_WIDTH)} ${columns}`;
  return peer.address.length > ADDRESS_WIDTH
    ? `${peer.address}${columns}`
    : `${peer.address.padEnd(ADDRESS_WIDTH)} ${columns}`;
}

function upOrDown(session: PeerSession, now: number): string {
  if (session.state === 'Established') return elapsed(now - session.since);
  return session.lastResetAt === undefined ? 'never' : elapsed(now - session.lastResetAt);
}
