import type { Answer } from '../domain/answer.ts';
import type { Target } from '../domain/bgp/target.ts';
import type { Change, ParsedCommand } from '../domain/change/change.ts';
import type { DecisionVerb } from '../domain/change/decisions.ts';
import type { Impact } from '../domain/change/impact.ts';
import type { Plan } from '../domain/change/plan.ts';
import type { Person } from '../domain/person.ts';
import type { Membership, Rule } from '../domain/policy/policy.ts';
import type { Refusal } from '../domain/refusal.ts';

/** A slash command as it arrived. */
export interface CommandRequest {
  readonly requestId: string;
  readonly person: Person;
  readonly channel: string;
  readonly text: string;
  /** Accepts answers to this person even where the bot is not a member of the channel. */
  readonly responseUrl?: string;
  /** Sent from the Home tab: answers to this person go by direct message. */
  readonly directly?: true;
}

/** A parsed request that a rule allows. */
export interface AuthorizedRequest extends CommandRequest {
  readonly parsed: ParsedCommand;
  readonly target: Target;
  readonly membership: Membership;
  readonly rule: Rule;
  /** The change to roll back. */
  readonly earlier?: Change;
  /** The stale change that is requested again, by any person. */
  readonly reRequestOf?: Change;
}

/** A decision about a change, by button, dialog or command. */
export interface DecisionRequest {
  readonly person: Person;
  readonly channel: string;
  readonly changeId: string;
  /** The digest that the person saw; absent for a typed command, which applies to the plan as it is. */
  readonly digest?: string;
  /** Time of the halt that the person saw, where the decision applies only to that halt. */
  readonly haltedAtMs?: number;
  readonly reason?: string;
}

/** The immediate reply, visible only to the requester unless it says otherwise. */
export type Reply =
  | Refusal
  /** `isPublic`: visible to the whole channel. */
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      readonly isPublic?: boolean;
      /** The command that does what the answer shows. */
      readonly proposes?: ParsedCommand;
    }
  /** What this person may start. */
  | { readonly kind: 'menu'; readonly menu: Menu }
  /** A worker answers later. */
  | { readonly kind: 'working' }
  /** The person has to confirm the decision, and to give a reason if there is none yet. */
  | {
      readonly kind: 'confirm';
      readonly verb: DecisionVerb;
      readonly change: Change;
      readonly reason?: string;
      /** Where the dialog shows the whole plan. */
      readonly remaining?: RemainingPlan;
    }
  /** No text: the card of the change shows the result. */
  | { readonly kind: 'card'; readonly change: Change };

/** What a change would still do, with its live state where that could be read. */
export interface RemainingPlan {
  readonly plan: Plan;
  readonly impact?: Impact;
  /** Which pods carry traffic now, where the change has started. */
  readonly traffic?: string;
}

/** What one person may start by a button. */
export interface Menu {
  /** Change commands; each opens a form. */
  readonly changes: readonly MenuEntry[];
  /** Queries without arguments. */
  readonly queries: readonly MenuEntry[];
}

export interface MenuEntry {
  readonly verb: string;
  readonly summary: string;
}
