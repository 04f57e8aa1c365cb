import { type Cluster, timestamp } from '../cluster.ts';
import { withCondition } from '../kinds/condition.ts';
import { type DisruptionBudget, disruptionBudgetSchema } from '../kinds/disruption-budget.ts';
import { disruptionBudgets } from '../kinds/disruption-budgets.ts';
import { countOf } from '../kinds/int-or-percent.ts';
import { type Pod, podSchema } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import { matchesSelector } from '../label-selector.ts';
import { expectedPods } from './expected-pods.ts';
import { isReady } from './owned-pods.ts';
import { isEnding, note, writeStatus } from './write.ts';

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
    const numbers = wanted(cluster, budget, covered);
    if ('problem' in numbers) {
      giveUp(cluster, budget, numbers.problem);
      continue;
    }
    const { expected, desired } = numbers;
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

interface Wanted {
  readonly expected: number;
  readonly desired: number;
}

function wanted(
  cluster: Cluster,
  { spec: { minAvailable, maxUnavailable } }: DisruptionBudget,
  covered: readonly Pod[],
): Wanted | { readonly problem: string } {
  if (maxUnavailable === undefined && typeof minAvailable !== 'string') {
    return { expected: covered.length, desired: minAvailable ?? 1 };
  }
  const expected = expectedPods(cluster, covered);
  if (typeof expected !== 'number') return expected;
  const desired =
    maxUnavailable === undefined
      ? countOf(minAvailable ?? 1, expected, 'up')
      : Math.max(0, expected - countOf(maxUnavailable, expected, 'up'));
  return { expected, desired };
}

/** Allows nothing. The generation stays unobserved, so that evictions are told to come again. */
function giveUp(cluster: Cluster, budget: DisruptionBudget, problem: string): void {
  const words = `Failed to calculate the number of expected pods: ${problem}`;
  note(cluster, budget, 'Warning', 'CalculateExpectedPodCountFailed', words);
  const failed = { type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message: problem };
  const conditions = withCondition(budget.status.conditions, failed, timestamp(cluster.now()));
  writeStatus(cluster, disruptionBudgets, budget, { disruptionsAllowed: 0, conditions });
}
