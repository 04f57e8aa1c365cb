import type { Answer } from '../domain/answer.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Question } from './store.ts';

/** Brings the answer of a question to the person who asked. */
export interface Replies {
  reply(question: Question, answer: Answer | Refusal): Promise<void>;
}
