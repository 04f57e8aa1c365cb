import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { disruptionBudgetSchema } from '../../../../sandbox/src/kubernetes/kinds/disruption-budget.ts';
import { disruptionBudgets } from '../../../../sandbox/src/kubernetes/kinds/disruption-budgets.ts';
import { daemonSets, deployments } from '../../../../sandbox/src/kubernetes/kinds/workloads.ts';
import { evictPod } from '../../../../sandbox/src/kubernetes/objects/evict-pod.ts';
import { eventually } from '../../zebos/eventually.ts';
import { HOME, type SmallCluster, startSmallCluster } from './small-cluster.ts';
import { tmmBudget, tmmDaemonSet, tmmDeployment, tmmTemplate } from './tmm-workload.ts';

let world: SmallCluster;
beforeEach(() => {
  world = startSmallCluster(['n1', 'n2', 'n3', 'n4']);
});
afterEach(() => world.stop());

const budget = () => disruptionBudgetSchema.parse(world.get(disruptionBudgets, 'tmm-stays')).status;
const allServe = (count: number): Promise<void> =>
  eventually(() => expect(world.serving().length).toBe(count));
const evictOne = (): string => {
  const [pod] = world.serving();
  if (pod === undefined) throw new Error('no pod serves');
  evictPod(world.cluster, HOME, pod.metadata.name, {}, {});
  return pod.metadata.uid;
};

test('an evicted pod has a successor before it is gone', async () => {
  world.create(deployments, tmmDeployment());
  await allServe(3);
  world.kubelet.hold();
  const uid = evictOne();
  await allServe(3);
  expect(world.pods().map(({ metadata }) => metadata.uid)).toContain(uid);
  expect(world.pods().length).toBe(4);
  world.kubelet.letGo();
  await eventually(() => expect(world.pods().length).toBe(3));
});

test('a budget that is used up is counted again when the successor is Ready', async () => {
  world.create(deployments, tmmDeployment());
  world.create(disruptionBudgets, tmmBudget({ minAvailable: 2 }));
  await eventually(() => expect(budget()).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 3 }));
  world.kubelet.hold();
  evictOne();
  expect(evictOne).toThrow(/disruption budget/);
  await eventually(() =>
    expect(budget()).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 3, disruptedPods: {} }),
  );
  expect(evictOne).not.toThrow();
});

test.each([
  ['minAvailable 3', { minAvailable: 3 }, { disruptionsAllowed: 0, desiredHealthy: 3, expectedPods: 3 }],
  ['minAvailable 50%', { minAvailable: '50%' }, { disruptionsAllowed: 1, desiredHealthy: 2 }],
  ['maxUnavailable 1', { maxUnavailable: 1 }, { disruptionsAllowed: 1, desiredHealthy: 2 }],
  ['maxUnavailable 34%', { maxUnavailable: '34%' }, { disruptionsAllowed: 2, desiredHealthy: 1 }],
])('%s of a Deployment of three', async (_, spec, expected) => {
  world.create(disruptionBudgets, tmmBudget(spec));
  world.create(deployments, tmmDeployment());
  await eventually(() =>
    expect(budget()).toMatchObject({ ...expected, currentHealthy: 3, observedGeneration: 1 }),
  );
  const reason = expected.disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods';
  expect(budget().conditions).toMatchObject([{ type: 'DisruptionAllowed', reason }]);
});

test('a rollout does not double what a budget expects', async () => {
  world.create(disruptionBudgets, tmmBudget({ maxUnavailable: 1 }));
  world.create(deployments, tmmDeployment());
  await eventually(() => expect(budget().currentHealthy).toBe(3));
  const expected = new Set<number>();
  world.cluster.store.subscribe(() => expected.add(budget().expectedPods));
  world.patch(deployments, 'f5-tmm', { spec: { template: tmmTemplate('tmm:2') } });
  await eventually(() =>
    expect(world.pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(3).fill('tmm:2')),
  );
  expect([...expected]).toEqual([3]);
});

test('maxUnavailable does not work for a DaemonSet, and says so', async () => {
  world.create(daemonSets, tmmDaemonSet());
  await allServe(4);
  world.create(disruptionBudgets, tmmBudget({ maxUnavailable: 1 }));
  await eventually(() =>
    expect(budget().conditions).toMatchObject([
      {
        type: 'DisruptionAllowed',
        status: 'False',
        reason: 'SyncFailed',
        message: 'daemonsets.apps does not implement the scale subresource',
      },
    ]),
  );
  expect(evictOne).toThrow(/disruption budget/);
});

test('minAvailable protects a DaemonSet as well', async () => {
  world.create(daemonSets, tmmDaemonSet());
  await allServe(4);
  world.create(disruptionBudgets, tmmBudget({ minAvailable: 3 }));
  await eventually(() => expect(budget()).toMatchObject({ disruptionsAllowed: 1, expectedPods: 4 }));
});
