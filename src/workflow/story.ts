import { randomUUID } from 'node:crypto';
import type { Refusal } from '../domain/refusal.ts';
import { approve } from './approve.ts';
import { ask } from './ask.ts';
import { askAgain } from './ask-again.ts';
import { askRollback } from './ask-rollback.ts';
import { askToReject } from './ask-to-reject.ts';
import type { Bot } from './bot.ts';
import { askToBreakGlass, breakGlass } from './break-glass.ts';
import { cancel } from './cancel.ts';
import { recordRefusal } from './record-refusal.ts';
import { reject } from './reject.ts';
import type { Reply } from './reply.ts';
import type { AskRequest, Click } from './requests.ts';
import { resume } from './resume.ts';
import { review } from './review.ts';

/** Every moment in which a person comes in. */
export interface Story {
  ask(request: AskRequest): Promise<Reply>;
  approve(click: Click): Promise<Reply>;
  reject(click: Click): Promise<Reply>;
  cancel(click: Click): Promise<Reply>;
  resume(click: Click): Promise<Reply>;
  /** Proposes a change of its own that undoes this one. */
  rollback(click: Click): Promise<Reply>;
  /** Proposes anew what came to nothing. */
  again(click: Click): Promise<Reply>;
  review(click: Click): Promise<Reply>;
  breakGlass(click: Click): Promise<Reply>;
  /** Whether this person may, before they are asked for a reason. */
  askToReject(click: Click): Promise<Reply>;
  askToBreakGlass(click: Click): Promise<Reply>;
  /** Records what could not even be understood as a request; resolves to the same refusal. */
  turnAway(refusal: Refusal, who: Pick<Click, 'person' | 'channel'>, said: string): Promise<Refusal>;
}

export function openStory(bot: Bot): Story {
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
    turnAway: (refusal, who, said) => recordRefusal(refusal, { ...who, said }, bot),
  };
}
