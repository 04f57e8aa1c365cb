import type { Change } from '../../domain/change/change.ts';
import { digestOf, type Plan } from '../../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';

/** Whether the live cluster gives the approved plan, another one, or cannot be read. */
export type Replanned =
  | { readonly kind: 'same' }
  | { readonly kind: 'other'; readonly fresh: Plan | Refusal }
  | { readonly kind: 'unreadable'; readonly refusal: Refusal };

/**
 * Plans a change again from the live cluster. A query that needs approval has no plan to compare, but it too is approved for one
 * cluster.
 */
export async function replan(
  change: Change,
  bot: Pick<Dependencies, 'policy' | 'registry' | 'clusters' | 'store'>,
): Promise<Replanned> {
  const command = bot.registry.find(change.parsed.verb);
  const target = bot.policy.targets.find(({ name }) => name === change.plan.target);
  const cluster = bot.clusters.get(change.plan.target);
  if (command === undefined || target === undefined || cluster === undefined) {
    const sentence = `Target ${change.plan.target} or the verb ${change.parsed.verb} does not exist any more.`;
    return { kind: 'other', fresh: refuse('stale_plan', sentence, 'Request it again.') };
  }
  const snapshot = await cluster.snapshot();
  if (isRefusal(snapshot)) return { kind: 'unreadable', refusal: snapshot };
  if (snapshot.clusterUid !== change.plan.cluster.uid)
    return { kind: 'other', fresh: otherCluster(change, snapshot.clusterUid) };
  if (command.kind !== 'change') return { kind: 'same' };
  const undone = change.plan.rollsBack?.change;
  const earlier = undone === undefined ? undefined : await bot.store.change(undone);
  const planner = command.read(change.parsed, earlier);
  if (isRefusal(planner)) return { kind: 'other', fresh: planner };
  const fresh = planner(target, snapshot);
  return !isRefusal(fresh) && digestOf(fresh) === change.digest ? { kind: 'same' } : { kind: 'other', fresh };
}

/** Refuses another cluster, whatever it contains: nothing was approved for it. */
function otherCluster({ state, plan: { target, cluster } }: Change, uid: string): Refusal {
  const known = state === 'proposed' ? 'it was planned for' : 'was approved';
  return refuse(
    'other_cluster',
    `This is a different cluster from the one that ${known}: its kube-system has uid ${uid}, not ${cluster.uid}.`,
    `Check kubeconfig and context of target ${target}; request it again if they are as they should be.`,
  );
}
