import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { deploymentSchema } from '../../../../sandbox/src/kubernetes/kinds/deployment.ts';
import { events } from '../../../../sandbox/src/kubernetes/kinds/events.ts';
import { replicaSetSchema } from '../../../../sandbox/src/kubernetes/kinds/replica-set.ts';
import { deployments, replicaSets } from '../../../../sandbox/src/kubernetes/kinds/workloads.ts';
import { eventually } from '../../zebos/eventually.ts';
import { HOME, type SmallCluster, startSmallCluster } from './small-cluster.ts';
import { NEVER_READY } from './stand-in-kubelet.ts';
import { tmmDeployment, tmmTemplate } from './tmm-workload.ts';

let world: SmallCluster;
beforeEach(() => {
  world = startSmallCluster(['n1', 'n2', 'n3', 'n4', 'n5']);
});
afterEach(() => world.stop());

const imagesOf = (): readonly string[] =>
  world.serving().map(({ spec }) => spec.containers.map(({ image }) => image).join());
const deployment = () => deploymentSchema.parse(world.get(deployments, 'f5-tmm'));
const revisions = (): readonly unknown[] =>
  world.cluster.store
    .list(replicaSets, HOME)
    .map(({ metadata }) => Number(metadata.annotations?.['deployment.kubernetes.io/revision']))
    .sort();
const settle = async (image: string, count = 3): Promise<void> => {
  await eventually(() => {
    expect(imagesOf()).toEqual(Array(count).fill(image));
    expect(world.pods().length).toBe(count);
    const { status, metadata } = deployment();
    expect(status).toMatchObject({ replicas: count, updatedReplicas: count, availableReplicas: count });
    expect(status.observedGeneration).toBe(metadata.generation);
  });
};
/** The fewest that served, and the most that stood, while `act` and what follows from it went on. */
const watchCounts = (): { fewest: number; most: number } => {
  const seen = { fewest: world.serving().length, most: world.pods().length };
  world.cluster.store.subscribe(() => {
    const standing = world.pods().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    seen.fewest = Math.min(seen.fewest, world.serving().length);
    seen.most = Math.max(seen.most, standing.length);
  });
  return seen;
};

test('three replicas stand on three nodes, and the status says so', async () => {
  world.create(deployments, tmmDeployment());
  await settle('tmm:1');
  expect(new Set(world.pods().map(({ spec }) => spec.nodeName)).size).toBe(3);
  const { metadata, status } = deployment();
  expect(metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
  expect(status).toMatchObject({ readyReplicas: 3, unavailableReplicas: 0 });
  expect(status.conditions?.map(({ type, status: is }) => [type, is])).toEqual([
    ['Available', 'True'],
    ['Progressing', 'True'],
  ]);
  expect(world.pods().every(({ metadata: { name } }) => /^f5-tmm-\w+-\w{5}$/.test(name))).toBe(true);
});

test('a rollout replaces every pod and keeps enough', async () => {
  world.create(deployments, tmmDeployment());
  await settle('tmm:1');
  const before = new Set(world.pods().map(({ metadata }) => metadata.uid));
  const seen = watchCounts();
  world.patch(deployments, 'f5-tmm', { spec: { template: tmmTemplate('tmm:2') } });
  await settle('tmm:2');
  expect(seen).toEqual({ fewest: 3, most: 4 });
  expect(world.pods().filter(({ metadata }) => before.has(metadata.uid))).toEqual([]);
  expect(revisions()).toEqual([1, 2]);
});

test('a rollout without surge takes one pod at a time', async () => {
  const rollingUpdate = { maxSurge: 0, maxUnavailable: 1 };
  world.create(deployments, tmmDeployment({ strategy: { type: 'RollingUpdate', rollingUpdate } }));
  await settle('tmm:1');
  const seen = watchCounts();
  world.patch(deployments, 'f5-tmm', { spec: { template: tmmTemplate('tmm:2') } });
  await settle('tmm:2');
  expect(seen).toEqual({ fewest: 2, most: 3 });
});

test('Recreate starts nothing new before the last old pod is gone', async () => {
  world.create(deployments, tmmDeployment({ strategy: { type: 'Recreate' } }));
  await settle('tmm:1');
  world.kubelet.hold();
  world.patch(deployments, 'f5-tmm', { spec: { template: tmmTemplate('tmm:2') } });
  await eventually(() => expect(world.serving()).toEqual([]));
  expect(world.pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(3).fill('tmm:1'));
  world.kubelet.letGo();
  await settle('tmm:2');
});

test('kubectl rollout restart replaces every pod once', async () => {
  world.create(deployments, tmmDeployment());
  await settle('tmm:1');
  const before = new Set(world.pods().map(({ metadata }) => metadata.uid));
  const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' };
  world.patch(deployments, 'f5-tmm', { spec: { template: { metadata: { annotations } } } });
  await eventually(() => {
    expect(world.pods().filter(({ metadata }) => before.has(metadata.uid))).toEqual([]);
    expect(world.serving().length).toBe(3);
  });
});

test('a rollout that never gets Ready keeps the old pods, and the next one repairs it', async () => {
  world.create(deployments, tmmDeployment());
  await settle('tmm:1');
  const seen = watchCounts();
  const broken = tmmTemplate('tmm:2', {}, { [NEVER_READY]: 'yes' });
  world.patch(deployments, 'f5-tmm', { spec: { template: broken } });
  await eventually(() => expect(deployment().status).toMatchObject({ replicas: 4, updatedReplicas: 1 }));
  const mended = tmmTemplate('tmm:3', {}, { [NEVER_READY]: null });
  world.patch(deployments, 'f5-tmm', { spec: { template: mended } });
  await settle('tmm:3');
  expect(seen).toEqual({ fewest: 3, most: 4 });
});

test('going back to an older template takes its ReplicaSet again, as the newest revision', async () => {
  world.create(deployments, tmmDeployment());
  await settle('tmm:1');
  world.patch(deployments, 'f5-tmm', { spec: { template: tmmTemplate('tmm:2') } });
  await settle('tmm:2');
  // Clients send the members of an object in whatever order they like.
  world.patch(deployments, 'f5-tmm', {
    spec: { template: { spec: { containers: [{ image: 'tmm:1', name: 'f5-tmm' }] } } },
  });
  await settle('tmm:1');
  expect(revisions()).toEqual([2, 3]);
  expect(deployment().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
});

test('a Deployment that is created anew takes over the ReplicaSet that was orphaned', async () => {
  world.create(deployments, tmmDeployment());
  await settle('tmm:1');
  const before = world.pods().map(({ metadata }) => metadata.uid);
  world.remove(deployments, 'f5-tmm', 'Orphan');
  await eventually(() => expect(world.find(deployments, 'f5-tmm')).toBeUndefined());
  expect(world.serving().length).toBe(3);
  world.create(deployments, tmmDeployment());
  await settle('tmm:1');
  expect(world.pods().map(({ metadata }) => metadata.uid)).toEqual(before);
  const owners = world.cluster.store.list(replicaSets, HOME).map(({ metadata }) => metadata.ownerReferences);
  expect(owners).toMatchObject([[{ uid: deployment().metadata.uid, controller: true }]]);
});

test('scaling is told in events and in the ReplicaSet', async () => {
  world.create(deployments, tmmDeployment());
  await settle('tmm:1');
  world.patch(deployments, 'f5-tmm', { spec: { replicas: 5 } });
  await settle('tmm:1', 5);
  const [only] = world.cluster.store.list(replicaSets, HOME).map((one) => replicaSetSchema.parse(one));
  expect(only?.status).toMatchObject({ replicas: 5, readyReplicas: 5, observedGeneration: 2 });
  const told = world.cluster.store.list(events, HOME).map(({ reason, message }) => `${reason}: ${message}`);
  expect(told).toContain(`ScalingReplicaSet: Scaled up replica set ${only?.metadata.name} to 3`);
  expect(told).toContain(`ScalingReplicaSet: Scaled up replica set ${only?.metadata.name} to 5`);
});
