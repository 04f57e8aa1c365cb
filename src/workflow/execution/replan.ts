import type { Change } from '../../domain/change/change.ts';
import { digestOf, type Plan } from '../../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';

/** Whether the live cluster would give the plan that was approved, another one, or cannot be read. */
export type Replanned =
  | { readonly kind: 'same' }
  | { readonly kind: 'other'; readonly fresh: Plan | Refusal }
  | { readonly kind: 'unreadable'; readonly refusal: Refusal };

export async function replan(
  change: Change,
  bot: Pick<Dependencies, 'policy' | 'registry' | 'clusters' | 'store'>,
): Promise<Replanned> {
  const command = bot.registry.find(change.parsed.verb);
  const target = bot.policy.targets.find(({ name }) => name === change.plan.target);
  const cluster = bot.clusters.get(change.plan.target);
  if (command === undefined || target === undefined || cluster === undefined) {
    const sentence = `Target ${change.plan.target} or the verb ${change.parsed.verb} is not there any more.`;
    return { kind: 'other', fresh: refuse('stale_plan', sentence, 'Ask for it again.') };
  }
  if (command.kind !== 'change') return { kind: 'same' };
  const undone = change.plan.rollsBack?.change;
  const earlier = undone === undefined ? undefined : await bot.store.change(undone);
  const planner = command.read(change.parsed, earlier);
  if (isRefusal(planner)) return { kind: 'other', fresh: planner };
  const snapshot = await cluster.snapshot();
  if (isRefusal(snapshot)) return { kind: 'unreadable', refusal: snapshot };
  const fresh = planner(target, snapshot);
  if (isRefusal(fresh)) return { kind: 'other', fresh };
  return digestOf(fresh) === change.digest ? { kind: 'same' } : { kind: 'other', fresh };
}
