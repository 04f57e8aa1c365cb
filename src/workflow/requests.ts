import type { Target } from '../domain/bgp/target.ts';
import type { Change, ParsedCommand } from '../domain/change/change.ts';
import type { Person } from '../domain/person.ts';
import type { Membership } from '../domain/policy/policy.ts';

/** A slash command as it arrived. */
export interface CommandRequest {
  readonly requestId: string;
  readonly person: Person;
  readonly channel: string;
  readonly text: string;
  /** Where answers to this person go without the bot being a member of the channel. */
  readonly responseUrl?: string;
}

/** A request of somebody who may make it, understood. */
export interface AuthorizedRequest extends CommandRequest {
  readonly parsed: ParsedCommand;
  readonly target: Target;
  readonly membership: Membership;
  /** The change that an undoing command speaks of. */
  readonly earlier?: Change;
  /** The change that came to nothing and is asked for again, whoever asks. */
  readonly again?: Change;
}

/** What somebody says of a change, by button or by command. */
export interface DecisionRequest {
  readonly person: Person;
  readonly channel: string;
  readonly changeId: string;
  /** The digest that the person saw; absent for a typed command, which speaks of the plan as it stands. */
  readonly digest?: string;
  readonly reason?: string;
}
