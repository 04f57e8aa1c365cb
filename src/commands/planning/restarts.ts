import { readMapping } from '../../domain/bgp/mapping.ts';
import type { Snapshot, TmmPod } from '../../domain/bgp/snapshot.ts';
import type { NodeRestart } from '../../domain/change/plan.ts';

/** The TMM pods on these nodes, which read a mapping only when they start. Nodes without one are left out. */
export function restartsOn(snapshot: Snapshot, nodes: readonly string[]): readonly NodeRestart[] {
  return [...new Set(nodes)].flatMap((node) => {
    const pods = accountStatus(snapshot)
      .filter((pod) => pod.node === node)
      .map(({ name, uid }) => ({ name, uid }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    return pods.length === 0 ? [] : [{ node, pods, drops: peersOf(snapshot, node) }];
  });
}

/** What the lookups map the node to now; static peers of all TMMs are the same everywhere and not named. */
function peersOf(snapshot: Snapshot, node: string): readonly string[] {
  const peers = [...snapshot.lookups.values()].flatMap(({ data }) => {
    const mapping = readMapping(data[node] ?? '');
    return 'unreadable' in mapping ? [] : mapping.addresses;
  });
  return [...new Set(peers)].sort();
}

/** How many TMM pods there are to carry traffic. */
export function tmmCount(snapshot: Snapshot): number {
  return accountStatus(snapshot).length;
}

/** Nodes that have a TMM pod, in the order of their names. */
export function tmmNodes(snapshot: Snapshot): readonly string[] {
  return [
    ...new Set(accountStatus(snapshot).flatMap((pod) => (pod.node === undefined ? [] : [pod.node]))),
  ].sort();
}

function accountStatus(snapshot: Snapshot): readonly TmmPod[] {
  return snapshot.pods.filter(
    (pod) => !pod.terminating && pod.phase !== 'Succeeded' && pod.phase !== 'Failed',
  );
}
