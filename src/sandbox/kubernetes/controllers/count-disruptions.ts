import { type Cluster, timestamp } from '../cluster.ts';
import { withCondition } from '../kinds/condition.ts';
import { deploymentSchema } from '../kinds/deployment.ts';
import { type DisruptionBudget, disruptionBudgetSchema } from '../kinds/disruption-budget.ts';
import { disruptionBudgets } from '../kinds/disruption-budgets.ts';
import { countOf } from '../kinds/int-or-percent.ts';
import { type Pod, podSchema } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import { replicaSetSchema } from '../kinds/replica-set.ts';
import { deployments, replicaSets } from '../kinds/workloads.ts';
import { matchesSelector } from '../label-selector.ts';
import { isReady } from './owned-pods.ts';
import { isEnding, writeStatus } from './write.ts';

// An eviction that was allowed but whose pod is still there counts against the budget for this long.
const FORGET_MS = 2 * 60_000;

/** How many evictions each PodDisruptionBudget allows now. */
export function countDisruptions(cluster: Cluster): void {
  for (const object of cluster.store.list(disruptionBudgets, '')) {
    const budget = disruptionBudgetSchema.parse(object);
    const covered = cluster.store
      .list(pods, budget.metadata.namespace ?? '')
      .map((one) => podSchema.parse(one))
      .filter(({ metadata }) => matchesSelector(budget.spec.selector, metadata.labels ?? {}));
    const disrupted = stillDisrupted(budget, covered, cluster.now());
    const healthy = covered.filter(
      (pod) => !isEnding(pod) && isReady(pod) && !(pod.metadata.name in disrupted),
    ).length;
    const { expected, desired } = wanted(cluster, budget, covered);
    const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
    const enough = allowed > 0;
    const condition = {
      type: 'DisruptionAllowed',
      status: enough ? 'True' : 'False',
      reason: enough ? 'SufficientPods' : 'InsufficientPods',
    };
    writeStatus(cluster, disruptionBudgets, object, {
      observedGeneration: budget.metadata.generation ?? 1,
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      disruptedPods: disrupted,
      conditions: withCondition(budget.status.conditions, condition, timestamp(cluster.now())),
    });
  }
}

function stillDisrupted(
  { status }: DisruptionBudget,
  covered: readonly Pod[],
  now: number,
): Record<string, string> {
  const kept = Object.entries(status.disruptedPods ?? {}).filter(([name, at]) => {
    const pod = covered.find(({ metadata }) => metadata.name === name);
    return pod !== undefined && !isEnding(pod) && now - Date.parse(at) < FORGET_MS;
  });
  return Object.fromEntries(kept);
}

function wanted(
  cluster: Cluster,
  { spec }: DisruptionBudget,
  covered: readonly Pod[],
): { readonly expected: number; readonly desired: number } {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable !== undefined) {
    const expected = expectedOf(cluster, covered);
    return { expected, desired: Math.max(0, expected - countOf(maxUnavailable, expected, 'up')) };
  }
  if (typeof minAvailable === 'string') {
    const expected = expectedOf(cluster, covered);
    return { expected, desired: countOf(minAvailable, expected, 'up') };
  }
  return { expected: covered.length, desired: minAvailable ?? 1 };
}

/** What the controllers of these pods are scaled to. */
function expectedOf(cluster: Cluster, covered: readonly Pod[]): number {
  const scales = new Map<string, number>();
  for (const pod of covered) {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
    if (owner === undefined) continue;
    scales.set(owner.uid, scaleOf(cluster, pod.metadata.namespace ?? '', owner.name) ?? covered.length);
  }
  return [...scales.values()].reduce((sum, scale) => sum + scale, 0);
}

function scaleOf({ store }: Cluster, namespace: string, name: string): number | undefined {
  const object = store.get(replicaSets, namespace, name);
  if (object === undefined) return undefined;
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
  const deployment = owner && store.get(deployments, namespace, owner.name);
  if (deployment === undefined) return replicaSetSchema.parse(object).spec.replicas;
  return deploymentSchema.parse(deployment).spec.replicas;
}
