import type { Answer } from '../domain/answer.ts';
import type { Change } from '../domain/change/change.ts';
import type { DecisionVerb } from '../domain/change/decisions.ts';
import type { Refusal } from '../domain/refusal.ts';

/** What the person who asked is told at once, and nobody else unless it says so. */
export type Reply =
  | Refusal
  /** With `isPublic` the whole channel sees it. */
  | { readonly kind: 'answer'; readonly answer: Answer; readonly isPublic?: boolean }
  /** A worker answers later. */
  | { readonly kind: 'working' }
  /** The person has to confirm the decision, and to give a reason where there is none yet. */
  | {
      readonly kind: 'confirm';
      readonly verb: DecisionVerb;
      readonly change: Change;
      readonly reason?: string;
    }
  /** The card of the change shows it. */
  | { readonly kind: 'card'; readonly change: Change };
