import type { Cluster } from '../cluster.ts';
import type { Pod } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import { type ReplicaSet, replicaSetSchema } from '../kinds/replica-set.ts';
import { replicaSets } from '../kinds/workloads.ts';
import { deleteObject } from '../objects/delete-object.ts';
import { createPod, isActive, isReady, podsOf } from './owned-pods.ts';
import { isEnding, writeStatus } from './write.ts';

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
  const active = podsOf(cluster, replicaSet).filter(isActive);
  const { replicas, template } = replicaSet.spec;
  for (let missing = replicas - active.length; missing > 0; missing -= 1) {
    if (!createPod(cluster, replicaSet, template)) return;
  }
  const surplus = [...active].sort(dispensableFirst).slice(0, Math.max(0, active.length - replicas));
  for (const pod of surplus) deleteObject(cluster, pods, pod);
}

/** Not scheduled before scheduled, not Ready before Ready, young before old. */
function dispensableFirst(one: Pod, other: Pod): number {
  const rank = (pod: Pod): number => (pod.spec.nodeName ? 2 : 0) + (isReady(pod) ? 1 : 0);
  return (
    rank(one) - rank(other) || (one.metadata.creationTimestamp < other.metadata.creationTimestamp ? 1 : -1)
  );
}
