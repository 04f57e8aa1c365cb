import type { Answer } from '../domain/answer.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { PendingQuery } from './store.ts';

/** Brings the answer of a question to the person who asked. */
export interface Replies {
  reply(query: PendingQuery, answer: Answer | Refusal): Promise<void>;
}
