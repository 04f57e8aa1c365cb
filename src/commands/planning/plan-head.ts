import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import type { Target } from '../../domain/bgp/target.ts';
import type { Plan } from '../../domain/change/plan.ts';

/** What every plan says of where it holds. */
export function planHead(
  verb: string,
  { name, namespace, tmm }: Target,
  snapshot: Snapshot,
): Pick<Plan, 'verb' | 'target' | 'namespace' | 'cluster' | 'tmmCount'> {
  return {
    verb,
    target: name,
    namespace,
    cluster: {
      uid: snapshot.clusterUid,
      tmm: { namespace: tmm.namespace, selector: tmm.selector },
      lookups: Object.fromEntries([...snapshot.lookups].map(([lookup, { uid }]) => [lookup, uid])),
    },
    // Those that are there to carry traffic.
    tmmCount: snapshot.podCounts.active,
  };
}
