import { canonicalAddress } from './address.ts';
import { readMapping } from './mapping.ts';
import type { Lookup } from './snapshot.ts';
import { type LookupReference, lookupsOf, type Target } from './target.ts';

/** What a TMM pod on this node should peer with, by the lookups and by the static peers of the Helm values. */
export interface ExpectedPeers {
  readonly peers: readonly ExpectedPeer[];
  /** Lookups that map the node. */
  readonly mappedBy: readonly string[];
  /** Values that could not be read, in words. */
  readonly unreadable: readonly string[];
}

export interface ExpectedPeer {
  readonly address: string;
  readonly asn: number;
  /** Absent for a static peer. */
  readonly lookup?: string;
  readonly neighbor: LookupReference['neighbor'];
}

export function expectedPeers(
  target: Target,
  lookups: ReadonlyMap<string, Lookup>,
  node: string,
): ExpectedPeers {
  const peers: ExpectedPeer[] = [];
  const mappedBy: string[] = [];
  const unreadable: string[] = [];
  for (const { name, asn, neighbor } of lookupsOf(target)) {
    const value = lookups.get(name)?.data[node];
    if (value === undefined) continue;
    mappedBy.push(name);
    const mapping = readMapping(value);
    if ('unreadable' in mapping) unreadable.push(`${name}: ${mapping.unreadable}`);
    else for (const address of mapping.addresses) peers.push({ address, asn, lookup: name, neighbor });
  }
  for (const neighbor of target.bgp.neighbors) {
    const address = neighbor.ip === undefined ? undefined : canonicalAddress(neighbor.ip);
    if (address !== undefined) peers.push({ address, asn: neighbor.asn, neighbor });
  }
  return { peers, mappedBy, unreadable };
}
