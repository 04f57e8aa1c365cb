import type { BgpValues } from '../../src/domain/bgp/helm-values.ts';
import type { ExpectedPeer } from '../../src/domain/bgp/inspection.ts';
import type { ImishCommand } from '../../src/ports/cluster.ts';
import type { PeerSession } from './memory-routers.ts';

/** What one TMM pod's ZebOS knows at one moment. */
export interface ZebosState {
  readonly bgp: BgpValues;
  /** The peers that it read when it started, each with its session. */
  readonly sessions: readonly { readonly peer: ExpectedPeer; readonly session: PeerSession }[];
}

/** What ZebOS prints for a command, as far as anybody reads it; the sandbox prints all of it. */
export function zebosPage(command: ImishCommand, state: ZebosState): string {
  switch (command) {
    case 'show running-config':
      return runningConfig(state);
    case 'show bgp summary':
      return summary(state, () => true);
    case 'show bgp ipv6 summary':
      return summary(state, ({ neighbor }) => neighbor.acceptsIPv6);
    case 'show bgp neighbors':
      return state.sessions.map((one) => neighborPage(one, state.bgp)).join('\n');
    case 'show bfd session':
      return bfdSessions(state);
    default:
      return "        ^\n% Invalid input detected at '^' marker.\n";
  }
}

/** BFD follows its session: it is up where that is Established. */
function bfdSessions({ sessions }: ZebosState): string {
  const withBfd = sessions.filter(({ peer }) => peer.neighbor.fallover);
  return [
    'BFD process for VRF: (DEFAULT VRF)',
    '='.repeat(85),
    'Sess-Idx   Remote-Disc  Lower-Layer  Sess-Type   Sess-State  UP-Time  Remote-Addr',
    ...withBfd.map(({ peer: { address }, session: { state, forMs } }, at) => {
      const [family, bits] = address.includes(':') ? ['IPv6', 128] : ['IPv4', 32];
      const up = state === 'Established';
      return `${at + 1}  ${up ? 1 : 0}  ${family}  Multi-Hop  ${up ? 'Up' : 'Down'}  ${elapsed(up ? (forMs ?? 0) : 0)} ${address}/${bits}`;
    }),
    `Number of Sessions:    ${withBfd.length}`,
    '',
  ].join('\n');
}

const ROUTER_ID = '169.254.10.1';

function runningConfig({ bgp, sessions }: ZebosState): string {
  const groups = bgp.neighbors.filter(({ nodeLookup }) => nodeLookup !== undefined);
  const groupName = (peer: ExpectedPeer): string => `spk-peers-${groups.indexOf(peer.neighbor) + 1}`;
  const maxPaths = (kind: string, paths: number | undefined): string[] =>
    paths === undefined ? [] : [` max-paths ${kind} ${paths}`];
  const peers = sessions.map(({ peer }) => peer);
  const settings = (name: string, of: BgpValues['neighbors'][number]): string[] => [
    ` neighbor ${name} remote-as ${of.asn}`,
    ...(of.ebgpMultihop === undefined ? [] : [` neighbor ${name} ebgp-multihop ${of.ebgpMultihop}`]),
    ...(of.passwordSet ? [` neighbor ${name} password s3cret-of-the-rack`] : []),
    ...(of.softReconf ? [` neighbor ${name} soft-reconfiguration inbound`] : []),
    ...(of.fallover ? [` neighbor ${name} fall-over bfd`] : []),
    ...(of.routeMap === undefined ? [] : [` neighbor ${name} route-map ${of.routeMap} out`]),
  ];
  const takesIPv4 = ({ address, neighbor }: ExpectedPeer): boolean =>
    neighbor.acceptsIPv4 && !address.includes(':');
  return [
    '!',
    `hostname ${bgp.hostname ?? 'spk-bgp'}`,
    '!',
    `router bgp ${bgp.asn}`,
    ` bgp router-id ${ROUTER_ID}`,
    ' no bgp default ipv4-unicast',
    ...maxPaths('ebgp', bgp.maxPathsEbgp),
    ...maxPaths('ibgp', bgp.maxPathsIbgp),
    ...groups.flatMap((group, at) => {
      const name = `spk-peers-${at + 1}`;
      return [` neighbor ${name} peer-group`, ...settings(name, group)];
    }),
    ...peers.flatMap((peer) => [
      ...(peer.lookup === undefined
        ? settings(peer.address, peer.neighbor)
        : [` neighbor ${peer.address} peer-group ${groupName(peer)}`]),
      ...(takesIPv4(peer) ? [` neighbor ${peer.address} activate`] : []),
    ]),
    ' !',
    ' address-family ipv6',
    ...peers
      .filter(({ neighbor }) => neighbor.acceptsIPv6)
      .flatMap((peer) => [
        ...(peer.lookup !== undefined && peer.neighbor.softReconf
          ? [` neighbor ${peer.address} soft-reconfiguration inbound`]
          : []),
        ` neighbor ${peer.address} activate`,
      ]),
    ' exit-address-family',
    '!',
    'line vty 0 39',
    '!',
    'end',
    '',
  ].join('\n');
}

function summary({ bgp, sessions }: ZebosState, listed: (peer: ExpectedPeer) => boolean): string {
  const rows = sessions.filter(({ peer }) => listed(peer));
  const established = rows.filter(({ session }) => session.state === 'Established').length;
  return [
    `BGP router identifier ${ROUTER_ID}, local AS number ${bgp.asn}`,
    'BGP table version is 4',
    '',
    'Neighbor                 V   AS   MsgRcv    MsgSen TblVer   InQ   OutQ    Up/Down   State/PfxRcd',
    ...rows.flatMap(({ peer: { address, asn }, session }) => {
      const shown = session.state === 'Established' ? String(session.accepted).padStart(15) : session.state;
      const columns = `4 ${asn}  10  10  4  0  0  ${upOrDown(session)}  ${shown}`;
      return address.length > 24
        ? [address, `${''.padEnd(24)} ${columns}`]
        : [`${address.padEnd(24)} ${columns}`];
    }),
    '',
    `Total number of neighbors ${rows.length}`,
    '',
    `Total number of Established sessions ${established}`,
    '',
  ].join('\n');
}

function neighborPage({ peer, session }: ZebosState['sessions'][number], bgp: BgpValues): string {
  const { address, asn } = peer;
  const up = session.state === 'Established' ? `, up for ${elapsed(session.forMs ?? 0)}` : '';
  return [
    `BGP neighbor is ${address}, remote AS ${asn}, local AS ${bgp.asn}, external link`,
    `  BGP state = ${session.state}${up}`,
    ` For address family: ${address.includes(':') ? 'IPv6' : 'IPv4'} Unicast`,
    `  ${session.accepted} accepted prefixes`,
    `  ${session.announced} announced prefixes`,
    '',
    ` Connections established ${session.resets + (session.state === 'Established' ? 1 : 0)}; dropped ${session.resets}`,
    ...(session.resets === 0
      ? []
      : [
          ` Last Reset: ${elapsed(session.forMs ?? 0)}, due to BGP Notification sent`,
          ' Notification Error Message: (Hold Timer Expired/No sub-error code.)',
        ]),
    '',
  ].join('\n');
}

function upOrDown({ state, forMs }: PeerSession): string {
  return state !== 'Established' && forMs === undefined ? 'never' : elapsed(forMs ?? 0);
}

/** `00:09:11`, `1d02h54m`, `03w6d21h`, as routers print how long something has been so. */
function elapsed(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = two((seconds / 3600) % 24);
  if (days >= 7) return `${two(days / 7)}w${days % 7}d${hours}h`;
  if (days >= 1) return `${days}d${hours}h${two((seconds / 60) % 60)}m`;
  return `${hours}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
