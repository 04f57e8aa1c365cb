import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pods } from '../../../../sandbox/src/kubernetes/kinds/pods.ts';
import { replicaSetSchema } from '../../../../sandbox/src/kubernetes/kinds/replica-set.ts';
import { replicaSets } from '../../../../sandbox/src/kubernetes/kinds/workloads.ts';
import { eventually } from '../../zebos/eventually.ts';
import { type SmallCluster, startSmallCluster } from './small-cluster.ts';
import { NEVER_READY } from './stand-in-kubelet.ts';
import { tmmDeployment, tmmTemplate } from './tmm-workload.ts';

let world: SmallCluster;
beforeEach(() => {
  world = startSmallCluster(['n1', 'n2', 'n3']);
});
afterEach(() => world.stop());

const create = (replicas: number, template = tmmTemplate()): void => {
  world.create(replicaSets, tmmDeployment({ replicas, template }));
};
const scale = (replicas: number): void => world.patch(replicaSets, 'f5-tmm', { spec: { replicas } });
const names = (): readonly string[] => world.pods().map(({ metadata }) => metadata.name);
const replicaSet = () => replicaSetSchema.parse(world.get(replicaSets, 'f5-tmm'));
const allServe = (count: number): Promise<void> =>
  eventually(() => expect(world.serving().length).toBe(count));

test('a scaled-down ReplicaSet keeps the ready ones', async () => {
  create(2);
  await allServe(2);
  const ready = names();
  world.patch(replicaSets, 'f5-tmm', {
    spec: { replicas: 4, template: tmmTemplate('tmm:1', {}, { [NEVER_READY]: 'yes' }) },
  });
  await eventually(() => expect(replicaSet().status).toMatchObject({ replicas: 4, readyReplicas: 2 }));
  scale(2);
  await eventually(() => expect(names()).toEqual(ready));
});

test('of two ready pods on one node, one goes before those that stand alone', async () => {
  create(4);
  await allServe(4);
  const places = (): number => new Set(world.pods().map(({ spec }) => spec.nodeName)).size;
  expect(places()).toBe(3);
  scale(3);
  await eventually(() => expect(world.pods().length).toBe(3));
  expect(places()).toBe(3);
});

test('a pod that is relabelled is let go, and has a successor', async () => {
  create(2);
  await allServe(2);
  const [first = ''] = names();
  world.patch(pods, first, { metadata: { labels: { app: 'under-examination' } } });
  await allServe(3);
  expect(world.get(pods, first).metadata.ownerReferences ?? []).toEqual([]);
  world.remove(replicaSets, 'f5-tmm');
  await eventually(() => expect(names()).toEqual([first]));
});

test('a pod that fits and belongs to nobody is taken over', async () => {
  world.create(pods, { metadata: { name: 'stray', labels: { app: 'f5-tmm' } }, ...podOf(tmmTemplate()) });
  create(2);
  await eventually(() => expect(replicaSet().status).toMatchObject({ replicas: 2, readyReplicas: 2 }));
  expect(names()).toContain('stray');
  expect(world.get(pods, 'stray').metadata.ownerReferences).toMatchObject([
    { kind: 'ReplicaSet', uid: replicaSet().metadata.uid, controller: true, blockOwnerDeletion: true },
  ]);
});

test('a pod that failed is replaced', async () => {
  create(1);
  await allServe(1);
  const [first = ''] = names();
  world.cluster.store.put(pods, { ...world.get(pods, first), status: { phase: 'Failed' } });
  await allServe(1);
  expect(world.serving()[0]?.metadata.name).not.toBe(first);
});

function podOf(template: object): object {
  return 'spec' in template ? { spec: template.spec } : {};
}
