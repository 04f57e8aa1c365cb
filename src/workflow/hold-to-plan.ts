import type { Change } from '../domain/change.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { transition } from '../domain/transition.ts';
import type { Bot } from './bot.ts';
import { planAgain } from './plan-again.ts';
import type { Decided } from './with-change.ts';

/** What a click comes to when the cluster would now do something else than the plan says; undefined when it would not. */
export async function holdToPlan(change: Change, bot: Bot): Promise<Decided | Refusal | undefined> {
  const again = await planAgain(change, bot);
  if (again.kind === 'same') return undefined;
  if (again.kind === 'unreadable') return again.refusal;
  const stale = transition(change, { kind: 'find stale', atMs: bot.now(), fresh: again.fresh });
  return isRefusal(stale)
    ? stale
    : { next: stale, record: { event: 'change.stale', reasonCode: 'stale_plan' } };
}
