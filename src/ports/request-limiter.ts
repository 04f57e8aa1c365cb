import type { RecordDraft } from '../domain/audit/record.ts';
import type { Person } from '../domain/person.ts';

/** A token bucket per person, shared by all replicas. */
export interface RequestLimiter {
  /** Takes one token from this person's bucket. Commands and clicks have separate buckets, so that neither exhausts the other. */
  consume(person: Person, kind: 'command' | 'click'): Promise<RateLimit>;
  /** Returns most of the token, because the request was not refused. */
  refund(person: Person, kind: 'command' | 'click'): Promise<void>;
}

export type RateLimit =
  | { readonly kind: 'allowed' }
  /** The person's requests are ignored for this long; `first`: this one is answered with that, the following ones are not. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number; readonly first: boolean };

/** A flood causes many refusals of one kind: after the first ones, a single record covers the rest of a minute. */
export interface Refusals {
  /** Counts one. `record`: it is one of the first `ownRecords` of its kind and gets its own record. */
  note(kind: string, draft: RecordDraft, ownRecords: number): Promise<'record' | 'gathered'>;
  /** Sums whose minute is over. Another replica gets the same sum if it is not settled soon. */
  dueSums(): Promise<readonly RefusalSum[]>;
  settled(sum: RefusalSum): Promise<void>;
}

export interface RefusalSum {
  readonly id: string;
  /** The draft of the last one. */
  readonly draft: RecordDraft;
  /** Number of refusals without a record of their own. */
  readonly times: number;
}
