import type { BgpValues } from './bgp-values.ts';
import { carriesIPv4, carriesIPv6, type Peer } from './peer-groups.ts';
import type { PeerSession } from './zebos-view.ts';

export type Family = 'IPv4' | 'IPv6';

/** The virtual servers that every TMM of the sandbox announces. */
export const announcedPrefixes: Readonly<Record<Family, readonly string[]>> = {
  IPv4: ['10.10.10.100/32', '10.10.10.101/32', '10.10.10.102/32'],
  IPv6: ['2001:db8:10::100/128', '2001:db8:10::101/128', '2001:db8:10::102/128'],
};

/** What every rack router tells a TMM. */
export const learnedPrefixes: Readonly<Record<Family, readonly string[]>> = {
  IPv4: ['0.0.0.0/0', '10.30.0.0/16'],
  IPv6: ['::/0', '2001:db8:30::/48'],
};

export function carries(peer: Peer, family: Family): boolean {
  return family === 'IPv4' ? carriesIPv4(peer) : carriesIPv6(peer);
}

/** The virtual servers that a peer is told of, behind its route map. */
export function announcedTo(session: PeerSession, family: Family, config: BgpValues): readonly string[] {
  return flows(session, family) && permits(session.peer, config) ? announcedPrefixes[family] : [];
}

function permits({ settings: { routeMap } }: Peer, { routeMaps }: BgpValues): boolean {
  if (routeMap === undefined || routeMaps === undefined) return true;
  return routeMaps.some(({ name, action }) => name === routeMap && action === 'permit');
}

export function acceptedFrom(session: PeerSession, family: Family): number {
  return flows(session, family) ? learnedPrefixes[family].length : 0;
}

function flows(session: PeerSession, family: Family): boolean {
  return session.state === 'Established' && carries(session.peer, family);
}
