import type { Snapshot } from '../../domain/bgp/snapshot.ts';

/** Nodes of the cluster, and nodes that only a lookup still names. */
export function knownNodes(snapshot: Snapshot): readonly string[] {
  const mapped = [...snapshot.lookups.values()].flatMap((lookup) => Object.keys(lookup.data));
  return [...new Set([...snapshot.nodes.map(({ name }) => name), ...mapped])].sort();
}
