import type { Answer } from '../domain/answer.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { PendingQuery } from './store.ts';

/** Brings the answer of a query to the person who asked, or with `--public` to the channel. */
export interface Replies {
  reply(query: PendingQuery, answer: Answer | Refusal): Promise<void>;
}
