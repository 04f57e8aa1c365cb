import type { Person } from '../domain/person.ts';

/** A slash command as it arrived. */
export interface AskRequest {
  readonly requestId: string;
  readonly person: Person;
  readonly channel: string;
  readonly text: string;
  /** Where answers to this person go without the bot being a member of the channel. */
  readonly responseUrl?: string;
}

/** What somebody says of a change, by button or by command. */
export interface Click {
  readonly person: Person;
  readonly channel: string;
  readonly changeId: string;
  /** The digest that the person saw; absent for a typed command, which speaks of the plan as it stands. */
  readonly digest?: string;
  readonly reason?: string;
}
