import type { JobHandlers } from '../../ports/jobs.ts';
import type { Replies } from '../../ports/replies.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerQuery } from './answer-query.ts';
import { carryOut } from './carry-out.ts';
import { changeOfJob } from './dispatch.ts';
import { expire } from './expire.ts';

/** What a worker does with each kind of job. */
export function jobHandlers(bot: Dependencies & { readonly replies: Replies }): JobHandlers {
  return {
    change: (id, signal) => carryOut(changeOfJob(id), bot, signal),
    query: (id) => answerQuery(id, bot),
    expiry: (id) => expire(changeOfJob(id), bot),
  };
}
