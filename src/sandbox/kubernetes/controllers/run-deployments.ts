import { createHash } from 'node:crypto';
import { type Cluster, timestamp } from '../cluster.ts';
import { type Condition, withCondition } from '../kinds/condition.ts';
import { type Deployment, deploymentSchema } from '../kinds/deployment.ts';
import { type ReplicaSet, replicaSetSchema } from '../kinds/replica-set.ts';
import { deployments, replicaSets } from '../kinds/workloads.ts';
import { deleteObject } from '../objects/delete-object.ts';
import { podsOf } from './owned-pods.ts';
import { nextScales } from './rolling-update.ts';
import {
  controlledBy,
  createOwned,
  isControlledBy,
  isEnding,
  note,
  writeObject,
  writeStatus,
} from './write.ts';

const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/** One ReplicaSet per template; the newest grows while the others shrink. */
export function runDeployments(cluster: Cluster): void {
  for (const object of cluster.store.list(deployments, '')) {
    const deployment = deploymentSchema.parse(object);
    if (!isEnding(deployment) && deployment.spec.paused !== true) roll(cluster, deployment);
    reportStatus(cluster, deployment);
  }
}

function roll(cluster: Cluster, deployment: Deployment): void {
  const hash = templateHash(deployment);
  const all = replicaSetsOf(cluster, deployment);
  const current = all.find(({ metadata }) => metadata.labels?.[HASH] === hash);
  if (current === undefined) {
    createReplicaSet(cluster, deployment, hash, revisionAfter(all), all.length === 0);
    return;
  }
  const old = all.filter((one) => one !== current);
  const oldPods = old.flatMap((one) => podsOf(cluster, one)).length;
  for (const { replicaSet, replicas } of nextScales(deployment, current, old, oldPods)) {
    if (replicaSet.spec.replicas === replicas) continue;
    const verb = replicas > replicaSet.spec.replicas ? 'up' : 'down';
    note(
      cluster,
      deployment,
      'Normal',
      'ScalingReplicaSet',
      `Scaled ${verb} replica set ${replicaSet.metadata.name} to ${replicas}`,
    );
    writeObject(cluster, replicaSets, replicaSet, { ...replicaSet, spec: { ...replicaSet.spec, replicas } });
  }
  forgetOld(cluster, deployment, old);
  const revision = current.metadata.annotations?.[REVISION] ?? '1';
  if (deployment.metadata.annotations?.[REVISION] === revision) return;
  const annotations = { ...deployment.metadata.annotations, [REVISION]: revision };
  writeObject(cluster, deployments, deployment, {
    ...deployment,
    metadata: { ...deployment.metadata, annotations },
  });
}

function createReplicaSet(
  cluster: Cluster,
  deployment: Deployment,
  hash: string,
  revision: number,
  first: boolean,
): void {
  const { name, namespace } = deployment.metadata;
  const { template, selector, replicas } = deployment.spec;
  const labels = { ...template.metadata.labels, [HASH]: hash };
  createOwned(cluster, replicaSets, deployment, {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [controlledBy(deployment)],
    },
    spec: {
      replicas: first ? replicas : 0,
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
}

function forgetOld(cluster: Cluster, { spec }: Deployment, old: readonly ReplicaSet[]): void {
  const empty = old.filter((one) => one.spec.replicas === 0 && one.status.replicas === 0);
  const byAge = [...empty].sort((one, other) => revisionOf(one) - revisionOf(other));
  for (const one of byAge.slice(0, Math.max(0, byAge.length - spec.revisionHistoryLimit))) {
    deleteObject(cluster, replicaSets, one);
  }
}

function reportStatus(cluster: Cluster, deployment: Deployment): void {
  const all = replicaSetsOf(cluster, deployment);
  const hash = templateHash(deployment);
  const sum = (count: (one: ReplicaSet) => number): number =>
    all.reduce((total, one) => total + count(one), 0);
  const replicas = sum(({ status }) => status.replicas);
  const available = sum(({ status }) => status.availableReplicas ?? 0);
  const updated = all.find(({ metadata }) => metadata.labels?.[HASH] === hash)?.status.replicas ?? 0;
  const wanted = deployment.spec.replicas;
  const enough = available >= wanted;
  const done = enough && updated === wanted && replicas === wanted;
  const conditions: readonly Condition[] = [
    {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: enough
        ? 'Deployment has minimum availability.'
        : 'Deployment does not have minimum availability.',
    },
    {
      type: 'Progressing',
      status: 'True',
      reason: done ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
      message: done
        ? 'The newest ReplicaSet has successfully progressed.'
        : 'The newest ReplicaSet is progressing.',
    },
  ];
  const now = timestamp(cluster.now());
  const object = cluster.store.get(
    deployments,
    deployment.metadata.namespace ?? '',
    deployment.metadata.name,
  );
  if (object === undefined) return;
  writeStatus(cluster, deployments, object, {
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas,
    updatedReplicas: updated,
    readyReplicas: sum(({ status }) => status.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
    conditions: conditions.reduce(
      (list, one) => withCondition(list, one, now),
      deployment.status.conditions ?? [],
    ),
  });
}

function replicaSetsOf({ store }: Cluster, { metadata }: Deployment): readonly ReplicaSet[] {
  return store
    .list(replicaSets, metadata.namespace ?? '')
    .filter((one) => isControlledBy(one, metadata.uid) && !isEnding(one))
    .map((one) => replicaSetSchema.parse(one));
}

function templateHash({ spec }: Deployment): string {
  return createHash('sha256').update(JSON.stringify(spec.template)).digest('hex').slice(0, 10);
}

function revisionOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[REVISION] ?? 1);
}

function revisionAfter(all: readonly ReplicaSet[]): number {
  return Math.max(0, ...all.map(revisionOf)) + 1;
}
