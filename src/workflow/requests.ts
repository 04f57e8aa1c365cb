import type { Target } from '../domain/bgp/target.ts';
import type { Change, ParsedCommand } from '../domain/change/change.ts';
import type { Person } from '../domain/person.ts';
import type { Membership, Rule } from '../domain/policy/policy.ts';

/** A slash command as it arrived. */
export interface CommandRequest {
  readonly requestId: string;
  readonly person: Person;
  readonly channel: string;
  readonly text: string;
  /** Where answers to this person go without the bot being a member of the channel. */
  readonly responseUrl?: string;
}

/** A parsed request of somebody whom a rule allows it. */
export interface AuthorizedRequest extends CommandRequest {
  readonly parsed: ParsedCommand;
  readonly target: Target;
  readonly membership: Membership;
  readonly rule: Rule;
  /** The change that a rollback undoes. */
  readonly earlier?: Change;
  /** The stale change that is requested again, by whoever requests it. */
  readonly reRequestOf?: Change;
}

/** A decision about a change, by button, dialog or command. */
export interface DecisionRequest {
  readonly person: Person;
  readonly channel: string;
  readonly changeId: string;
  /** The digest that the person saw; absent for a typed command, which means the plan as it is. */
  readonly digest?: string;
  readonly reason?: string;
}
