import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { events } from '../../../../sandbox/src/kubernetes/kinds/events.ts';
import { nodes } from '../../../../sandbox/src/kubernetes/kinds/nodes.ts';
import type { Pod } from '../../../../sandbox/src/kubernetes/kinds/pod.ts';
import { pods } from '../../../../sandbox/src/kubernetes/kinds/pods.ts';
import { deployments } from '../../../../sandbox/src/kubernetes/kinds/workloads.ts';
import { eventually } from '../../zebos/eventually.ts';
import { HOME, readyNode, type SmallCluster, startSmallCluster } from './small-cluster.ts';
import { tmmDeployment, tmmTemplate } from './tmm-workload.ts';

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
const place = (spec: object, replicas = 1): void => {
  world.create(deployments, tmmDeployment({ replicas, template: tmmTemplate('tmm:1', spec) }));
};
const waiting = (): Pod | undefined => world.pods().find(({ spec }) => !spec.nodeName);
const refusal = (): unknown =>
  waiting()?.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;

test('a cordoned node gets no new pod, and one that is free again does', async () => {
  world.patch(nodes, 'n1', { spec: { unschedulable: true } });
  world.create(deployments, tmmDeployment());
  await eventually(() => expect(world.serving().length).toBe(3));
  expect(placesOf()).not.toContain('n1');
  world.patch(nodes, 'n1', { spec: { unschedulable: false } });
  world.patch(deployments, 'f5-tmm', { spec: { replicas: 4 } });
  await eventually(() => expect(placesOf()).toContain('n1'));
});

test('a pod that no node takes waits, and says why in the scheduler’s words', async () => {
  world.create(nodes, {
    metadata: { name: 'n4' },
    status: { conditions: [{ type: 'Ready', status: 'False' }] },
  });
  world.create(nodes, {
    ...readyNode('n5'),
    spec: { taints: [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }] },
  });
  for (const name of ['n1', 'n2']) world.patch(nodes, name, { spec: { unschedulable: true } });
  place({ nodeSelector: { rack: '7' } });
  const sentence =
    "0/5 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }, 2 node(s) were unschedulable.";
  await eventually(() => expect(refusal()).toBe(sentence));
  expect(waiting()?.status.conditions).toMatchObject([{ status: 'False', reason: 'Unschedulable' }]);
  const told = world.cluster.store.list(events, HOME).filter(({ reason }) => reason === 'FailedScheduling');
  expect(told).toMatchObject([{ type: 'Warning', message: sentence, involvedObject: { kind: 'Pod' } }]);
  world.patch(nodes, 'n3', { metadata: { labels: { rack: '7' } } });
  await standsOn('n3');
});

test('without a node there is nothing to count', async () => {
  for (const name of ['n1', 'n2', 'n3']) world.remove(nodes, name);
  place({});
  await eventually(() => expect(refusal()).toBe('no nodes available to schedule pods'));
});

test('pods that repel each other stand on a node each, and the fourth waits', async () => {
  const labelSelector = { matchLabels: { app: 'f5-tmm' } };
  const terms = [{ labelSelector, topologyKey: 'kubernetes.io/hostname' }];
  place({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } }, 4);
  await standsOn('n1', 'n2', 'n3');
  expect(refusal()).toBe("0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.");
  world.kubelet.hold();
  const [first] = world.serving();
  world.remove(pods, first?.metadata.name ?? '');
  // Whoever ends still stands there.
  await eventually(() => expect(world.pods().filter(({ spec }) => !spec.nodeName).length).toBe(2));
  world.kubelet.letGo();
  await standsOn('n1', 'n2', 'n3');
});

test('required node affinity and tolerations choose the node', async () => {
  world.create(nodes, {
    ...readyNode('n4', { zone: 'b' }),
    spec: { taints: [{ key: 'dedicated', value: 'tmm', effect: 'NoSchedule' }] },
  });
  const matchExpressions = [{ key: 'zone', operator: 'In', values: ['b'] }];
  const nodeSelectorTerms = [{ matchExpressions }];
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  const tolerations = [{ key: 'dedicated', operator: 'Equal', value: 'tmm', effect: 'NoSchedule' }];
  place({ affinity: { nodeAffinity }, tolerations });
  await standsOn('n4');
});

test('a successor goes where the fewest of its kind stand', async () => {
  world.create(deployments, tmmDeployment({ replicas: 2 }));
  await eventually(() => expect(world.serving().length).toBe(2));
  const [free] = ['n1', 'n2', 'n3'].filter((name) => !placesOf().includes(name));
  const [first] = world.serving();
  world.kubelet.hold();
  world.remove(pods, first?.metadata.name ?? '');
  await eventually(() => expect(world.serving().length).toBe(2));
  // Its old node is as empty as the third one: who ends does not count, and the first by name wins.
  const [expected] = [free, first?.spec.nodeName].sort();
  expect(placesOf()).toContain(expected);
});

test('pods of a node that is deleted go with it, and come back elsewhere', async () => {
  world.create(deployments, tmmDeployment());
  await standsOn('n1', 'n2', 'n3');
  world.remove(nodes, 'n2');
  await eventually(() => {
    expect(world.serving().length).toBe(3);
    expect(placesOf()).not.toContain('n2');
  });
});
