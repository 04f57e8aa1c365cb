import type { JobHandlers } from '../ports/jobs.ts';
import type { Replies } from '../ports/replies.ts';
import { answerQuestion } from './answer-question.ts';
import type { Bot } from './bot.ts';
import { carryOut } from './carry-out.ts';
import { changeOfJob } from './dispatch.ts';
import { expire } from './expire.ts';

/** What a worker does with each kind of job. */
export function jobHandlers(bot: Bot & { readonly replies: Replies }): JobHandlers {
  return {
    change: (id, signal) => carryOut(changeOfJob(id), bot, signal),
    question: (id) => answerQuestion(id, bot),
    expiry: (id) => expire(changeOfJob(id), bot),
  };
}
