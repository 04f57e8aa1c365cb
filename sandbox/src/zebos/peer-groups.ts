import type { BgpValues, NeighborValues } from './bgp-values.ts';
import { canonicalAddress, isIPv6 } from './canonical-address.ts';

export interface PeerGroup {
  name: string;
  settings: NeighborValues;
}

/** One BGP peer of one TMM: member of a group when a lookup named it, alone when the values did. */
export interface Peer {
  address: string;
  group: string | undefined;
  settings: NeighborValues;
}

export interface Peering {
  groups: readonly PeerGroup[];
  peers: readonly Peer[];
}

/** Which peers the lookups gave for this node; a lookup that gave none may be missing. */
export type LookupPeers = Readonly<Record<string, readonly string[]>>;

/** What a TMM makes of its Helm values and mappings: one peer-group per lookup, its peers as members. */
export function peerGroups(config: BgpValues, found: LookupPeers): Peering {
  const groups: PeerGroup[] = [];
  const peers = new Map<string, Peer>();
  const add = (address: string, group: string | undefined, settings: NeighborValues): void => {
    const canonical = canonicalAddress(address);
    if (canonical !== undefined && !peers.has(canonical)) {
      peers.set(canonical, { address: canonical, group, settings });
    }
  };
  for (const settings of config.neighbors) {
    if (settings.nodeLookup !== undefined) {
      const name = groups.length === 0 ? 'spk-peers' : `spk-peers-${groups.length + 1}`;
      groups.push({ name, settings });
      for (const address of found[settings.nodeLookup] ?? []) add(address, name, settings);
    } else if (settings.ip !== undefined) {
      add(settings.ip, undefined, settings);
    }
  }
  return { groups, peers: [...peers.values()] };
}

/** IPv4 routes are exchanged with IPv4 peers only; IPv6 routes with every peer that accepts them. */
export function carriesIPv4(peer: Peer): boolean {
  return peer.settings.acceptsIPv4 === true && !isIPv6(peer.address);
}

export function carriesIPv6(peer: Peer): boolean {
  return peer.settings.acceptsIPv6 === true;
}
