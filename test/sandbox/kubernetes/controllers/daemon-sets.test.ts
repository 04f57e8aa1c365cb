import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { daemonSetSchema } from '../../../../sandbox/src/kubernetes/kinds/daemon-set.ts';
import { nodes } from '../../../../sandbox/src/kubernetes/kinds/nodes.ts';
import { pods } from '../../../../sandbox/src/kubernetes/kinds/pods.ts';
import { daemonSets } from '../../../../sandbox/src/kubernetes/kinds/workloads.ts';
import { eventually } from '../../zebos/eventually.ts';
import { readyNode, type SmallCluster, startSmallCluster } from './small-cluster.ts';
import { NEVER_READY } from './stand-in-kubelet.ts';
import { tmmDaemonSet, tmmTemplate } from './tmm-workload.ts';

let world: SmallCluster;
beforeEach(() => {
  world = startSmallCluster(['n1', 'n2', 'n3']);
});
afterEach(() => world.stop());

const placesOf = (): readonly unknown[] =>
  world
    .serving()
    .map(({ spec }) => spec.nodeName)
    .sort();
const standsOn = (...names: string[]): Promise<void> => eventually(() => expect(placesOf()).toEqual(names));
const status = () => daemonSetSchema.parse(world.get(daemonSets, 'f5-tmm')).status;
const podOn = (node: string): string => {
  const pod = world.serving().find(({ spec }) => spec.nodeName === node);
  if (pod === undefined) throw new Error(`no pod serves on ${node}`);
  return pod.metadata.name;
};

test('one pod stands on every node, also on one that comes later', async () => {
  world.create(daemonSets, tmmDaemonSet());
  await standsOn('n1', 'n2', 'n3');
  world.create(nodes, readyNode('n4'));
  await standsOn('n1', 'n2', 'n3', 'n4');
  await eventually(() =>
    expect(status()).toMatchObject({ desiredNumberScheduled: 4, numberReady: 4, updatedNumberScheduled: 4 }),
  );
});

test('a DaemonSet pod returns to its node, once the old one is really gone', async () => {
  world.create(daemonSets, tmmDaemonSet());
  await standsOn('n1', 'n2', 'n3');
  world.kubelet.hold();
  const old = podOn('n2');
  world.remove(pods, old);
  await eventually(() => expect(status().numberReady).toBe(2));
  expect(world.pods().length).toBe(3);
  world.kubelet.letGo();
  await standsOn('n1', 'n2', 'n3');
  expect(podOn('n2')).not.toBe(old);
});

test('a pod that failed gives its node to another', async () => {
  world.create(daemonSets, tmmDaemonSet());
  await standsOn('n1', 'n2', 'n3');
  const old = podOn('n1');
  const object = world.get(pods, old);
  world.cluster.store.put(pods, { ...object, status: { phase: 'Failed', reason: 'Evicted' } });
  await standsOn('n1', 'n2', 'n3');
  expect(world.find(pods, old)).toBeUndefined();
});

test('a cordoned node keeps its DaemonSet pod and gets a new one', async () => {
  world.create(daemonSets, tmmDaemonSet());
  await standsOn('n1', 'n2', 'n3');
  world.patch(nodes, 'n3', { spec: { unschedulable: true } });
  world.remove(pods, podOn('n3'));
  await eventually(() => expect(placesOf()).toEqual(['n1', 'n2']));
  await standsOn('n1', 'n2', 'n3');
});

test('a node that is not Ready, or tainted against new pods, keeps the pod it has', async () => {
  world.create(daemonSets, tmmDaemonSet());
  await standsOn('n1', 'n2', 'n3');
  const before = [podOn('n1'), podOn('n2')];
  const lost = { ...world.get(nodes, 'n1'), status: { conditions: [{ type: 'Ready', status: 'False' }] } };
  world.cluster.store.put(nodes, lost);
  world.patch(nodes, 'n2', { spec: { taints: [{ key: 'busy', effect: 'NoSchedule' }] } });
  await eventually(() => expect(status().numberMisscheduled).toBe(2));
  expect([podOn('n1'), podOn('n2')]).toEqual(before);
  world.patch(nodes, 'n2', { spec: { taints: [{ key: 'broken', effect: 'NoExecute' }] } });
  await standsOn('n1', 'n3');
});

test('only nodes with the label get a pod, and lose it with the label', async () => {
  world.patch(nodes, 'n1', { metadata: { labels: { tmm: 'yes' } } });
  world.patch(nodes, 'n2', { metadata: { labels: { tmm: 'yes' } } });
  world.create(
    daemonSets,
    tmmDaemonSet({ template: tmmTemplate('tmm:1', { nodeSelector: { tmm: 'yes' } }) }),
  );
  await standsOn('n1', 'n2');
  world.patch(nodes, 'n2', { metadata: { labels: { tmm: null } } });
  await standsOn('n1');
});

test('a rollout takes one node at a time', async () => {
  world.create(daemonSets, tmmDaemonSet());
  await standsOn('n1', 'n2', 'n3');
  let fewest = 3;
  world.cluster.store.subscribe(() => {
    fewest = Math.min(fewest, world.serving().length);
  });
  world.patch(daemonSets, 'f5-tmm', { spec: { template: tmmTemplate('tmm:2') } });
  await eventually(() => {
    expect(world.serving().map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(3).fill('tmm:2'));
    expect(status()).toMatchObject({ updatedNumberScheduled: 3, numberReady: 3, observedGeneration: 2 });
  });
  expect(fewest).toBe(2);
});

test('a rollout that never gets Ready stops at the first node, and the next one repairs it', async () => {
  world.create(daemonSets, tmmDaemonSet());
  await standsOn('n1', 'n2', 'n3');
  const broken = tmmTemplate('tmm:2', {}, { [NEVER_READY]: 'yes' });
  world.patch(daemonSets, 'f5-tmm', { spec: { template: broken } });
  await eventually(() =>
    expect(status()).toMatchObject({
      updatedNumberScheduled: 1,
      numberReady: 2,
      currentNumberScheduled: 3,
    }),
  );
  world.patch(daemonSets, 'f5-tmm', {
    spec: { template: tmmTemplate('tmm:3', {}, { [NEVER_READY]: null }) },
  });
  await eventually(() =>
    expect(world.serving().map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(3).fill('tmm:3')),
  );
});

test('OnDelete leaves the old pods until somebody deletes them', async () => {
  world.create(daemonSets, tmmDaemonSet({ updateStrategy: { type: 'OnDelete' } }));
  await standsOn('n1', 'n2', 'n3');
  world.patch(daemonSets, 'f5-tmm', { spec: { template: tmmTemplate('tmm:2') } });
  await eventually(() =>
    expect(status()).toMatchObject({ observedGeneration: 2, updatedNumberScheduled: 0 }),
  );
  world.remove(pods, podOn('n1'));
  await eventually(() => expect(status()).toMatchObject({ updatedNumberScheduled: 1, numberReady: 3 }));
});
