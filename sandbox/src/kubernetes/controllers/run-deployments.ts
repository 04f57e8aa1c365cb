import type { Cluster } from '../cluster.ts';
import { type Deployment, deploymentSchema } from '../kinds/deployment.ts';
import { type ReplicaSet, replicaSetSchema } from '../kinds/replica-set.ts';
import { deployments, replicaSets } from '../kinds/workloads.ts';
import { deleteObject } from '../objects/delete-object.ts';
import { claim } from './claim.ts';
import { podsOf } from './owned-pods.ts';
import { reportDeployment } from './report-deployment.ts';
import { nextScales } from './rolling-update.ts';
import { templateHash } from './template-hash.ts';
import { controlledBy, createOwned, isControlledBy, isEnding, note, writeObject } from './write.ts';

const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/** One ReplicaSet per template; the newest grows while the others shrink. */
export function runDeployments(cluster: Cluster): void {
  for (const object of cluster.store.list(deployments, '')) {
    const deployment = deploymentSchema.parse(object);
    const hash = templateHash(deployment.spec.template);
    if (!isEnding(deployment)) {
      claim(cluster, deployment, deployment.spec.selector, replicaSets);
      if (deployment.spec.paused !== true) roll(cluster, deployment, hash);
    }
    const all = replicaSetsOf(cluster, deployment);
    reportDeployment(cluster, deployment, all, all.find(isOf(hash)));
  }
}

function roll(cluster: Cluster, deployment: Deployment, hash: string): void {
  const all = replicaSetsOf(cluster, deployment);
  const current = all.find(isOf(hash));
  if (current === undefined) {
    createReplicaSet(cluster, deployment, hash, revisionAfter(all), all.length === 0);
    return;
  }
  const old = all.filter((one) => one !== current);
  // A template that comes back is the newest revision again.
  const revision = String(Math.max(revisionOf(current), revisionAfter(old)));
  if (current.metadata.annotations?.[REVISION] !== revision) {
    writeObject(cluster, replicaSets, current, withRevision(current, revision));
    return;
  }
  const oldPods = old.flatMap((one) => podsOf(cluster, one)).length;
  for (const { replicaSet, replicas } of nextScales(deployment, current, old, oldPods)) {
    const { spec } = replicaSet;
    if (spec.replicas === replicas) continue;
    noteScale(
      cluster,
      deployment,
      replicas > spec.replicas ? 'up' : 'down',
      replicaSet.metadata.name,
      replicas,
    );
    writeObject(cluster, replicaSets, replicaSet, { ...replicaSet, spec: { ...spec, replicas } });
  }
  forgetOld(cluster, deployment, old);
  if (deployment.metadata.annotations?.[REVISION] !== revision) {
    writeObject(cluster, deployments, deployment, withRevision(deployment, revision));
  }
}

function createReplicaSet(
  cluster: Cluster,
  deployment: Deployment,
  hash: string,
  revision: number,
  first: boolean,
): void {
  const { name, namespace } = deployment.metadata;
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata.labels, [HASH]: hash };
  const replicas = first ? deployment.spec.replicas : 0;
  const created = createOwned(cluster, replicaSets, deployment, {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [controlledBy(deployment)],
    },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
  if (created && replicas > 0) noteScale(cluster, deployment, 'up', created.metadata.name, replicas);
}

function noteScale(
  cluster: Cluster,
  deployment: Deployment,
  direction: 'up' | 'down',
  replicaSet: string,
  replicas: number,
): void {
  const sentence = `Scaled ${direction} replica set ${replicaSet} to ${replicas}`;
  note(cluster, deployment, 'Normal', 'ScalingReplicaSet', sentence);
}

function forgetOld(cluster: Cluster, { spec }: Deployment, old: readonly ReplicaSet[]): void {
  const empty = old.filter((one) => one.spec.replicas === 0 && one.status.replicas === 0);
  const byAge = [...empty].sort((one, other) => revisionOf(one) - revisionOf(other));
  for (const one of byAge.slice(0, Math.max(0, byAge.length - spec.revisionHistoryLimit))) {
    deleteObject(cluster, replicaSets, one);
  }
}

function replicaSetsOf({ store }: Cluster, { metadata }: Deployment): readonly ReplicaSet[] {
  return store
    .list(replicaSets, metadata.namespace ?? '')
    .filter((one) => isControlledBy(one, metadata.uid) && !isEnding(one))
    .map((one) => replicaSetSchema.parse(one));
}

function isOf(hash: string): (one: ReplicaSet) => boolean {
  return ({ metadata }) => metadata.labels?.[HASH] === hash;
}

function withRevision<T extends Deployment | ReplicaSet>(object: T, revision: string): T {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [REVISION]: revision } },
  };
}

function revisionOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[REVISION] ?? 1);
}

function revisionAfter(all: readonly ReplicaSet[]): number {
  return Math.max(0, ...all.map(revisionOf)) + 1;
}
