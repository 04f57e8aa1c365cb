import type { Answer } from '../domain/answer.ts';
import type { Change } from '../domain/change/change.ts';
import type { Refusal } from '../domain/refusal.ts';

/** What one person is told at once, and only they unless it says otherwise. */
export type Reply =
  | Refusal
  /** With `isPublic` the whole channel sees it. */
  | { readonly kind: 'answer'; readonly answer: Answer; readonly isPublic?: boolean }
  /** A worker is on it and answers by itself. */
  | { readonly kind: 'working' }
  /** The person is asked once more, and for a reason where there is none yet, before it is done. */
  | {
      readonly kind: 'confirm';
      readonly what: 'reject' | 'break-glass';
      readonly change: Change;
      readonly reason?: string;
    }
  /** The card says it. */
  | { readonly kind: 'carded'; readonly change: Change };
