import { randomUUID } from 'node:crypto';
import type { Refusal } from '../../domain/refusal.ts';
import { approve } from '../decisions/approve.ts';
import { askToReject } from '../decisions/ask-to-reject.ts';
import { askToBreakGlass, breakGlass } from '../decisions/break-glass.ts';
import { cancel } from '../decisions/cancel.ts';
import { reject } from '../decisions/reject.ts';
import { resume } from '../decisions/resume.ts';
import { review } from '../decisions/review.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../reply.ts';
import type { CommandRequest, DecisionRequest } from '../requests.ts';
import { askAgain } from './re-request.ts';
import { askRollback } from './request-rollback.ts';
import { ask } from './submit.ts';

/** Every moment in which a person comes in. */
export interface Story {
  ask(request: CommandRequest): Promise<Reply>;
  approve(click: DecisionRequest): Promise<Reply>;
  reject(click: DecisionRequest): Promise<Reply>;
  cancel(click: DecisionRequest): Promise<Reply>;
  resume(click: DecisionRequest): Promise<Reply>;
  /** Proposes a change of its own that undoes this one. */
  rollback(click: DecisionRequest): Promise<Reply>;
  /** Proposes anew what came to nothing. */
  again(click: DecisionRequest): Promise<Reply>;
  review(click: DecisionRequest): Promise<Reply>;
  breakGlass(click: DecisionRequest): Promise<Reply>;
  /** Whether this person may, before they are asked for a reason. */
  askToReject(click: DecisionRequest): Promise<Reply>;
  askToBreakGlass(click: DecisionRequest): Promise<Reply>;
  /** Records what could not even be understood as a request; resolves to the same refusal. */
  recordUnreadable(
    refusal: Refusal,
    who: Pick<DecisionRequest, 'person' | 'channel'>,
    said: string,
  ): Promise<Refusal>;
}

export function openStory(bot: Dependencies): Story {
  return {
    ask: (request) => ask(request, bot),
    approve: (click) => approve(click, bot),
    reject: (click) => reject(click, bot),
    cancel: (click) => cancel(click, bot),
    resume: (click) => resume(click, bot),
    rollback: (click) => askRollback({ ...click, requestId: randomUUID() }, bot),
    again: (click) => askAgain({ ...click, requestId: randomUUID() }, bot),
    review: (click) => review(click, bot),
    breakGlass: (click) => breakGlass(click, bot),
    askToReject: (click) => askToReject(click, bot),
    askToBreakGlass: (click) => askToBreakGlass(click, bot),
    recordUnreadable: (refusal, who, said) => recordRefusal(refusal, { ...who, said }, bot),
  };
}
