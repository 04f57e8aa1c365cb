import { isActive, type Snapshot, type TmmPod } from '../../domain/bgp/snapshot.ts';
import type { NodeRestart } from '../../domain/change/plan.ts';

/**
 * The TMM pods on these nodes, which read a mapping only when they start; of them only those that `concerns` names.
 * Nodes without one are left out.
 */
export function restartsOn(
  snapshot: Snapshot,
  nodes: readonly string[],
  concerns: (pod: TmmPod) => boolean = () => true,
): readonly NodeRestart[] {
  return [...new Set(nodes)].flatMap((node) => {
    const pods = snapshot
      .podsOn(node)
      .filter((pod) => isActive(pod) && concerns(pod))
      .map(({ name, uid }) => ({ name, uid }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    return pods.length === 0 ? [] : [{ node, pods }];
  });
}

/** Whether a TMM pod runs on the node, or will. */
export function hasTmm(snapshot: Snapshot, node: string): boolean {
  return snapshot.podsOn(node).some(isActive);
}

/** Nodes that have a TMM pod, in the order of their names. */
export function tmmNodes(snapshot: Snapshot): readonly string[] {
  return snapshot.podNodes().filter((node) => hasTmm(snapshot, node));
}
