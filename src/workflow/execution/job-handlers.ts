import type { JobHandlers, JobOutcome } from '../../ports/jobs.ts';
import type { Replies } from '../../ports/replies.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerQuery } from './answer-query.ts';
import { carryOut } from './carry-out.ts';
import { changeOfJob } from './dispatch.ts';

/** What a worker does with each kind of job. */
export function jobHandlers(bot: Dependencies & { readonly replies: Replies }): JobHandlers {
  return {
    change: (id, signal) => carryOut(changeOfJob(id), bot, signal),
    query: (id) => answerQuery(id, bot),
    expiry: (id) => expire(changeOfJob(id), bot),
  };
}

/** Ends a change that nobody approved, or that could not start, in time. Does nothing to any other. */
async function expire(
  changeId: string,
  { store, ledger, clock }: Pick<Dependencies, 'store' | 'ledger' | 'clock'>,
): Promise<JobOutcome> {
  const change = await store.change(changeId);
  if (change === undefined) return { kind: 'done' };
  const dueAtMs = change.state === 'proposed' ? change.approveByMs : change.executeByMs;
  const open = change.state === 'proposed' || change.state === 'approved';
  const leftMs = open && dueAtMs !== undefined ? dueAtMs - clock.now() : 0;
  if (leftMs > 0) return { kind: 'later', afterMs: leftMs };
  // A refusal means that somebody decided it in the same moment; its second clock has a job of its own.
  await ledger.commit(change, { kind: 'expire', atMs: clock.now() }, 'bot');
  return { kind: 'done' };
}
