import { type Cluster, timestamp } from '../cluster.ts';
import { type Condition, withCondition } from '../kinds/condition.ts';
import type { Deployment } from '../kinds/deployment.ts';
import type { ReplicaSet } from '../kinds/replica-set.ts';
import { deployments } from '../kinds/workloads.ts';
import { fewestAvailable } from './rolling-update.ts';
import { writeStatus } from './write.ts';

/** Sums up what the ReplicaSets say, in the words that `kubectl rollout status` looks for. */
export function reportDeployment(
  cluster: Cluster,
  deployment: Deployment,
  all: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
): void {
  const { metadata, spec, status } = deployment;
  // Its annotation may have been written since it was read.
  const object = cluster.store.get(deployments, metadata.namespace ?? '', metadata.name);
  if (object === undefined) return;
  const sum = (count: (one: ReplicaSet) => number): number =>
    all.reduce((total, one) => total + count(one), 0);
  const replicas = sum((one) => one.status.replicas);
  const available = sum((one) => one.status.availableReplicas ?? 0);
  const updated = current?.status.replicas ?? 0;
  const done = [available, updated, replicas].every((count) => count === spec.replicas);
  const conditions = [availability(available >= fewestAvailable(deployment)), progress(done)];
  const now = timestamp(cluster.now());
  writeStatus(cluster, deployments, object, {
    observedGeneration: metadata.generation ?? 1,
    replicas,
    updatedReplicas: updated,
    readyReplicas: sum((one) => one.status.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum((one) => one.spec.replicas) - available),
    conditions: conditions.reduce((list, one) => withCondition(list, one, now), status.conditions ?? []),
  });
}

function availability(enough: boolean): Condition {
  return {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
  };
}

function progress(done: boolean): Condition {
  return {
    type: 'Progressing',
    status: 'True',
    reason: done ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
    message: done
      ? 'The newest ReplicaSet has successfully progressed.'
      : 'The newest ReplicaSet is progressing.',
  };
}
