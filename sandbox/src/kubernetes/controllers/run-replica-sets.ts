import type { Cluster } from '../cluster.ts';
import type { Pod } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import { type ReplicaSet, replicaSetSchema } from '../kinds/replica-set.ts';
import { replicaSets } from '../kinds/workloads.ts';
import { deleteObject } from '../objects/delete-object.ts';
import { claim } from './claim.ts';
import { createPod, isActive, isReady, podsOf } from './owned-pods.ts';
import { isEnding, note, writeStatus } from './write.ts';

/** As many pods as replicas. A pod that is on its way out does not count, so that its successor comes at once. */
export function runReplicaSets(cluster: Cluster): void {
  for (const object of cluster.store.list(replicaSets, '')) {
    const replicaSet = replicaSetSchema.parse(object);
    if (!isEnding(replicaSet)) balance(cluster, replicaSet);
    const active = podsOf(cluster, replicaSet).filter(isActive);
    const ready = active.filter(isReady).length;
    writeStatus(cluster, replicaSets, object, {
      replicas: active.length,
      fullyLabeledReplicas: active.length,
      readyReplicas: ready,
      availableReplicas: ready,
      observedGeneration: replicaSet.metadata.generation ?? 1,
    });
  }
}

function balance(cluster: Cluster, replicaSet: ReplicaSet): void {
  const { replicas, selector, template } = replicaSet.spec;
  claim(cluster, replicaSet, selector, pods);
  const active = podsOf(cluster, replicaSet).filter(isActive);
  for (let missing = replicas - active.length; missing > 0; missing -= 1) {
    if (!createPod(cluster, replicaSet, template)) return;
  }
  const surplus = dispensable(active).slice(0, Math.max(0, active.length - replicas));
  for (const pod of surplus) {
    deleteObject(cluster, pods, pod);
    note(cluster, replicaSet, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }
}

/** Who goes first: not scheduled, then not running, not Ready, beside one of its kind on the same node, young. */
function dispensable(active: readonly Pod[]): readonly Pod[] {
  const beside = ({ spec }: Pod): number =>
    active.filter((one) => one.spec.nodeName === spec.nodeName).length;
  const rank = (pod: Pod): readonly number[] => [
    pod.spec.nodeName ? 1 : 0,
    pod.status.phase === 'Running' ? 1 : 0,
    isReady(pod) ? 1 : 0,
    -beside(pod),
    -Date.parse(pod.metadata.creationTimestamp),
  ];
  const ranked = active.map((pod) => ({ pod, rank: rank(pod) }));
  return ranked.sort((one, other) => compare(one.rank, other.rank)).map(({ pod }) => pod);
}

function compare(one: readonly number[], other: readonly number[]): number {
  const differences = one.map((value, index) => value - (other[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
