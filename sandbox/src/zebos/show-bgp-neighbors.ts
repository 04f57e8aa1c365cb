import { isIPv6 } from './canonical-address.ts';
import { elapsed } from './elapsed.ts';
import { acceptedFrom, announcedTo, carries, type Family } from './routes.ts';
import type { PeerSession, ZebosView } from './zebos-view.ts';

/** The long form per peer, with the reason of its last reset; `address` narrows it to one. */
export function showBgpNeighbors(view: ZebosView, address?: string): string {
  const wanted = view.sessions.filter(({ peer }) => address === undefined || peer.address === address);
  if (wanted.length === 0 && address !== undefined) return '% No such neighbor\n';
  return wanted.map((session) => `${neighbor(session, view).join('\n')}\n`).join('\n');
}

function neighbor(session: PeerSession, view: ZebosView): string[] {
  const { address, group, settings } = session.peer;
  const families: Family[] = ['IPv4', 'IPv6'];
  const link = settings.asn === view.config.asn ? 'internal' : 'external';
  return [
    `BGP neighbor is ${address}, remote AS ${settings.asn}, local AS ${view.config.asn}, ${link} link`,
    ...(group === undefined ? [] : [` Member of peer-group ${group} for session parameters`]),
    `  BGP version 4, remote router ID ${remoteRouterId(session)}`,
    `  BGP state = ${session.state}${session.shutDown ? ', Administratively shut down' : up(session, view)}`,
    '  Last read 00:00:00, hold time is 90, keepalive interval is 30 seconds',
    ...(session.state === 'Established' ? capabilities(session, families) : []),
    `  Received ${session.messagesReceived} messages, 0 notifications, 0 in queue`,
    `  Sent ${session.messagesSent} messages, ${session.resets} notifications, 0 in queue`,
    '  Route refresh request: received 0, sent 0',
    '  Minimum time between advertisement runs is 30 seconds',
    ...families
      .filter((family) => carries(session.peer, family))
      .flatMap((f) => addressFamily(session, f, view)),
    ...(families.some((family) => carries(session.peer, family)) ? [] : addressFamily(session, 'IPv4', view)),
    '',
    ` Connections established ${session.establishments}; dropped ${session.resets}`,
    ...(settings.ebgpMultihop === undefined
      ? []
      : [`  External BGP neighbor may be up to ${settings.ebgpMultihop} hops away.`]),
    ...(session.state === 'Established' ? endpoints(session, view) : []),
    ...lastReset(session, view),
  ];
}

function up(session: PeerSession, view: ZebosView): string {
  return session.state === 'Established' ? `, up for ${elapsed(view.now - session.since)}` : '';
}

function remoteRouterId({ state, peer }: PeerSession): string {
  if (state !== 'Established') return '0.0.0.0';
  return isIPv6(peer.address) ? '10.20.255.1' : peer.address;
}

function capabilities(session: PeerSession, families: Family[]): string[] {
  return [
    '  Neighbor capabilities:',
    '    Route refresh: advertised and received (old and new)',
    '    4-Octet ASN Capability: advertised and received',
    ...families
      .filter((family) => carries(session.peer, family))
      .map((family) => `    Address family ${family} Unicast: advertised and received`),
  ];
}

function addressFamily(session: PeerSession, family: Family, { config }: ZebosView): string[] {
  const { group, settings } = session.peer;
  return [
    ` For address family: ${family} Unicast`,
    '  BGP table version 4, neighbor version 4',
    '  Index 1, Offset 0, Mask 0x2',
    ...(group === undefined ? [] : [`  ${group} peer-group member`]),
    ...(settings.softReconf === true ? ['  Inbound soft reconfiguration allowed'] : []),
    '  Community attribute sent to this neighbor (both)',
    `  ${acceptedFrom(session, family)} accepted prefixes`,
    `  ${announcedTo(session, family, config).length} announced prefixes`,
  ];
}

function endpoints(session: PeerSession, view: ZebosView): string[] {
  return [
    `Local host: ${view.routerId}, Local port: 179`,
    `Foreign host: ${session.peer.address}, Foreign port: 45071`,
    `Nexthop: ${view.routerId}`,
  ];
}

/** A router that falls silent is noticed by the hold timer, so it is the TMM that sends the notification. */
function lastReset(session: PeerSession, view: ZebosView): string[] {
  if (session.lastResetAt === undefined) return [];
  return [
    ` Last Reset: ${elapsed(view.now - session.lastResetAt)}, due to BGP Notification sent`,
    session.shutDown
      ? ' Notification Error Message: (Cease/Administratively Shutdown.)'
      : ' Notification Error Message: (Hold Timer Expired/No sub-error code.)',
  ];
}
