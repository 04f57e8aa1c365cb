import type { Snapshot } from '../../domain/bgp/snapshot.ts';

/** Names of nodes, found without reading all of them. */
export interface NodeNames {
  has(name: string): boolean;
  /** Names with this first label, sorted. */
  labelled(label: string): readonly string[];
  /** Sorted. */
  all(): readonly string[];
}

/** Nodes of the cluster. */
export function clusterNodes(snapshot: Snapshot): NodeNames {
  return {
    has: (name) => snapshot.node(name) !== undefined,
    labelled: (label) => snapshot.nodesLabelled(label),
    all: () => snapshot.nodeNames(),
  };
}

/** Nodes of the cluster, and nodes that only a lookup still names. */
export function knownNodes(snapshot: Snapshot): NodeNames {
  const indexes = [...snapshot.lookups.keys()].map((lookup) => snapshot.lookupIndex(lookup));
  return {
    has: (name) => snapshot.node(name) !== undefined || indexes.some(({ mappings }) => mappings.has(name)),
    labelled: (label) =>
      [
        ...new Set([
          ...snapshot.nodesLabelled(label),
          ...indexes.flatMap(({ nodesByLabel }) => nodesByLabel.get(label) ?? []),
        ]),
      ].sort(),
    all: () =>
      [...new Set([...snapshot.nodeNames(), ...indexes.flatMap(({ mappings }) => mappings.keys())])].sort(),
  };
}
