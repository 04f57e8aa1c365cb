import { transition } from '../../domain/change/transition.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { JobOutcome } from '../../ports/jobs.ts';
import type { Dependencies } from '../dependencies.ts';

/** A clock ran out: ends a change that nobody approved, or that could not start, in time. Otherwise does nothing. */
export async function expire(
  changeId: string,
  bot: Pick<Dependencies, 'store' | 'now'>,
): Promise<JobOutcome> {
  const change = await bot.store.change(changeId);
  if (change === undefined) return { kind: 'done' };
  const atMs = bot.now();
  const dueMs = change.state === 'proposed' ? change.approveByMs : change.executeByMs;
  const open = change.state === 'proposed' || change.state === 'approved';
  if (open && dueMs !== undefined && atMs < dueMs) return { kind: 'later', afterMs: dueMs - atMs };
  const next = transition(change, { kind: 'expire', atMs });
  if (isRefusal(next)) return { kind: 'done' };
  const appended = await bot.store.append({
    change: { next, expectedVersion: change.version },
    record: {
      atMs,
      event: 'change.expired',
      actor: 'bot',
      target: change.plan.target,
      change: change.id,
      digest: change.digest,
      reasonCode: next.outcome?.reasonCode ?? 'expired',
    },
  });
  return appended.kind === 'appended' ? { kind: 'done' } : { kind: 'later', afterMs: 200 };
}
