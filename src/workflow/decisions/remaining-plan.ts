import type { Change } from '../../domain/change/change.ts';
import { type DecisionVerb, reasonDialogOf } from '../../domain/change/decisions.ts';
import type { Plan } from '../../domain/change/plan.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { trafficNow } from '../execution/traffic-now.ts';
import type { RemainingPlan } from '../requests.ts';

/**
 * What a change would still do, with its live state, for a dialog that shows the whole plan: what was read at the proposal may be
 * hours old, and what has been restarted does not restart again. Undefined for other dialogs.
 */
export async function readRemainingPlan(
  verb: DecisionVerb,
  change: Change,
  { policy, clusters, readImpact, clock }: Pick<Dependencies, 'policy' | 'clusters' | 'readImpact' | 'clock'>,
): Promise<RemainingPlan | undefined> {
  if (reasonDialogOf(verb)?.shows !== 'whole plan') return undefined;
  const plan = planRemaining(change);
  const target = policy.targets.find(({ name }) => name === plan.target);
  const cluster = clusters.get(plan.target);
  const snapshot = cluster?.cachedSnapshot() ?? (await cluster?.snapshot());
  if (target === undefined || cluster === undefined || snapshot === undefined || isRefusal(snapshot))
    return { plan };
  const [impact, traffic] = await Promise.all([
    readImpact(plan, target, snapshot, cluster),
    change.journal.length === 0
      ? undefined
      : trafficNow({ change: () => change, cluster, target, clock }, 'halt'),
  ]);
  return {
    plan,
    ...(impact === undefined ? {} : { impact }),
    ...(traffic === undefined ? {} : { traffic }),
  };
}

/** The plan without the TMM pods that were evicted already. */
function planRemaining({ plan, journal }: Change): Plan {
  const evicted = new Set(
    journal.flatMap(({ step, phase }) => (step.kind === 'evict' && phase === 'found' ? [step.uid] : [])),
  );
  const restarts = plan.restarts
    .map(({ node, pods }) => ({ node, pods: pods.filter(({ uid }) => !evicted.has(uid)) }))
    .filter(({ pods }) => pods.length > 0);
  return { ...plan, restarts };
}
