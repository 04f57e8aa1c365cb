import type { Change } from '../../domain/change/change.ts';
import { transition } from '../../domain/change/transition.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { planAgain } from '../execution/replan.ts';
import type { Decided } from './with-change.ts';

/** What a click comes to when the cluster would now do something else than the plan says; undefined when it would not. */
export async function holdToPlan(change: Change, bot: Dependencies): Promise<Decided | Refusal | undefined> {
  const again = await planAgain(change, bot);
  if (again.kind === 'same') return undefined;
  if (again.kind === 'unreadable') return again.refusal;
  const stale = transition(change, { kind: 'mark stale', atMs: bot.now(), fresh: again.fresh });
  return isRefusal(stale)
    ? stale
    : { next: stale, record: { event: 'change.stale', reasonCode: 'stale_plan' } };
}
