import type { RecordDraft } from '../domain/audit/record.ts';
import type { Person } from '../domain/person.ts';

/** How much of the bot one person may use, counted over all replicas. */
export interface Budgets {
  /** Takes one request out of this person's budget. Typed commands and clicks have one each: no flood of one takes the other away. */
  take(person: Person, kind: 'command' | 'click'): Promise<Taken>;
  /** Puts most of it back: what was asked for was not refused. */
  putBack(person: Person, kind: 'command' | 'click'): Promise<void>;
}

export type Taken =
  | { readonly kind: 'within' }
  /** Until then nothing of this person is looked at; `first` of all that comes meanwhile is told so. */
  | { readonly kind: 'spent'; readonly retryAfterMs: number; readonly first: boolean };

/** Refusals of one kind are many when somebody floods the bot: after the first ones, one record stands for the rest of a minute. */
export interface Refusals {
  /** Counts one. `record`: it is one of the first `ownRecords` of its kind and gets a record of its own. */
  note(kind: string, draft: RecordDraft, ownRecords: number): Promise<'record' | 'gathered'>;
  /** What was gathered, its minute over. Another replica is given the same sum when it is not settled soon. */
  dueSums(): Promise<readonly RefusalSum[]>;
  settled(sum: RefusalSum): Promise<void>;
}

export interface RefusalSum {
  readonly id: string;
  /** The last one of them. */
  readonly draft: RecordDraft;
  /** How many have no record of their own. */
  readonly times: number;
}
