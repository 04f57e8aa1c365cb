import { binaryRemedy } from '../../domain/bgp/mapping-faults.ts';
import { hasTmm, isActive, type Snapshot, type TmmPod } from '../../domain/bgp/snapshot.ts';
import type { LookupReference, Target } from '../../domain/bgp/target.ts';
import type { Difference, NodeRestart, Plan } from '../../domain/change/plan.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** The part of every plan that says where it is valid. */
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
    // Only active pods, which can carry traffic.
    tmmCount: snapshot.podCounts.active,
  };
}

/** Kubernetes' limit for all keys and values of one ConfigMap: 1 MiB. */
const MAX_CONFIG_MAP_BYTES = 1_048_576;

/** The difference that gives `node` the value `after` (`null` deletes the key), or why it is refused. */
export function changeKey(
  snapshot: Snapshot,
  reference: LookupReference,
  node: string,
  after: string | null,
): Difference | Refusal {
  const lookup = snapshot.lookups.get(reference.name);
  const before = lookup?.data[node] ?? null;
  if (lookup?.immutable === true) {
    return refuse(
      'lookup_immutable',
      `ConfigMap ${reference.name} is immutable: Kubernetes accepts no change to it.`,
      'Its owner has to delete it and recreate it without `immutable: true`.',
    );
  }
  if (lookup?.binaryKeys?.includes(node) === true) {
    return refuse(
      'mapping_unreadable',
      `${node} is in binaryData of ConfigMap ${reference.name}: Kubernetes refuses the same key in data.`,
      binaryRemedy(reference.name, node),
    );
  }
  const growth = bytesOf(node, after) - bytesOf(node, before);
  const bytes = (lookup?.bytes ?? 0) + growth;
  if (growth > 0 && bytes > MAX_CONFIG_MAP_BYTES) {
    return refuse(
      'lookup_too_large',
      `ConfigMap ${reference.name} would hold ${bytes} bytes; Kubernetes allows at most ${MAX_CONFIG_MAP_BYTES}.`,
      'Remove nodes that are gone, or split the lookup into two.',
    );
  }
  return {
    lookup: reference.name,
    asn: reference.asn,
    node,
    before,
    after,
    createsLookup: lookup === undefined,
  };
}

function bytesOf(key: string, value: string | null): number {
  return value === null ? 0 : Buffer.byteLength(key) + Buffer.byteLength(value);
}

/**
 * The TMM pods on these nodes that `concerns` selects; a pod reads the mapping only when it starts. Nodes without one are left
 * out.
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

/** Nodes that have a TMM pod, sorted by name. */
export function tmmNodes(snapshot: Snapshot): readonly string[] {
  return snapshot.podNodes().filter((node) => hasTmm(snapshot, node));
}
