import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { configMaps } from '../../../../sandbox/src/kubernetes/kinds/config-maps.ts';
import { events } from '../../../../sandbox/src/kubernetes/kinds/events.ts';
import { namespaces } from '../../../../sandbox/src/kubernetes/kinds/namespaces.ts';
import { deployments, replicaSets } from '../../../../sandbox/src/kubernetes/kinds/workloads.ts';
import type { KubernetesObject } from '../../../../sandbox/src/kubernetes/kubernetes-object.ts';
import { eventually } from '../../zebos/eventually.ts';
import { HOME, type SmallCluster, startSmallCluster } from './small-cluster.ts';
import { tmmDeployment } from './tmm-workload.ts';

let world: SmallCluster;
beforeEach(async () => {
  world = startSmallCluster(['n1', 'n2', 'n3']);
  world.create(deployments, tmmDeployment());
  await eventually(() => expect(world.serving().length).toBe(3));
});
afterEach(() => world.stop());

const replicaSetsNow = (): readonly KubernetesObject[] => world.cluster.store.list(replicaSets, HOME);

test('the pods of a deleted Deployment go with it', async () => {
  world.remove(deployments, 'f5-tmm');
  expect(world.find(deployments, 'f5-tmm')).toBeUndefined();
  await eventually(() => expect(world.pods()).toEqual([]));
  expect(replicaSetsNow()).toEqual([]);
});

test('a Deployment that is deleted in the foreground waits for the last of its pods', async () => {
  world.kubelet.hold();
  world.remove(deployments, 'f5-tmm', 'Foreground');
  await eventually(() => expect(world.serving()).toEqual([]));
  expect(world.find(deployments, 'f5-tmm')).toBeDefined();
  expect(replicaSetsNow().length).toBe(1);
  world.kubelet.letGo();
  await eventually(() => expect(world.find(deployments, 'f5-tmm')).toBeUndefined());
  expect(world.pods()).toEqual([]);
  expect(replicaSetsNow()).toEqual([]);
});

test('what is orphaned stays, without its owner', async () => {
  const before = world.pods().map(({ metadata }) => metadata.uid);
  const [replicaSet] = replicaSetsNow();
  world.remove(replicaSets, replicaSet?.metadata.name ?? '', 'Orphan');
  await eventually(() =>
    expect(replicaSetsNow().map(({ metadata }) => metadata.uid)).not.toContain(replicaSet?.metadata.uid),
  );
  await eventually(() => expect(replicaSetsNow().length).toBe(1));
  // The Deployment makes its ReplicaSet again, and that takes the pods over.
  await eventually(() =>
    expect(
      world
        .pods()
        .every(({ metadata }) => metadata.ownerReferences?.[0]?.uid === replicaSetsNow()[0]?.metadata.uid),
    ).toBe(true),
  );
  expect(world.pods().map(({ metadata }) => metadata.uid)).toEqual(before);
});

test('a namespace takes everything in it along', async () => {
  world.create(configMaps, { metadata: { name: 'spk-tor-bgp' } });
  world.remove(namespaces, HOME);
  expect(() => world.create(configMaps, { metadata: { name: 'late' } })).toThrow(/being terminated/);
  await eventually(() => expect(world.find(namespaces, HOME)).toBeUndefined());
  expect(world.pods()).toEqual([]);
  expect(world.cluster.store.list(events, HOME)).toEqual([]);
});

test('a namespace in which only events are left ends too', async () => {
  world.remove(deployments, 'f5-tmm');
  await eventually(() => expect(world.pods()).toEqual([]));
  expect(world.cluster.store.list(events, HOME).length).toBeGreaterThan(0);
  world.remove(namespaces, HOME);
  await eventually(() => expect(world.find(namespaces, HOME)).toBeUndefined());
});

test('a cluster at rest is not written to', async () => {
  await eventually(async () => {
    const version = world.cluster.store.version();
    await manyTurns();
    expect(world.cluster.store.version()).toBe(version);
  });
});

test('what is stopped does nothing more', async () => {
  world.stop();
  world.patch(deployments, 'f5-tmm', { spec: { replicas: 5 } });
  const version = world.cluster.store.version();
  await manyTurns();
  expect(world.cluster.store.version()).toBe(version);
});

/** Controllers work in turns of the event loop, each once in a turn. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
}
