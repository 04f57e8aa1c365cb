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
  /** Where answers to this person go without the bot being a member of the channel. */
  readonly responseUrl?: string;
  /** Asked from the Home tab: answers to this person go by direct message. */
  readonly directly?: true;
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
  /** When the halt was that the person saw, where the decision is about that halt alone. */
  readonly haltedAtMs?: number;
  readonly reason?: string;
}

/** What the person who asked is told at once, and nobody else unless it says so. */
export type Reply =
  | Refusal
  /** With `isPublic` the whole channel sees it. */
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      readonly isPublic?: boolean;
      /** The command that does what the answer shows. */
      readonly proposes?: ParsedCommand;
    }
  /** What this person may begin. */
  | { readonly kind: 'menu'; readonly menu: Menu }
  /** A worker answers later. */
  | { readonly kind: 'working' }
  /** The person has to confirm the decision, and to give a reason where there is none yet. */
  | {
      readonly kind: 'confirm';
      readonly verb: DecisionVerb;
      readonly change: Change;
      readonly reason?: string;
      /** Where the person is shown the whole plan. */
      readonly toCome?: ToCome;
    }
  /** The card of the change shows it. */
  | { readonly kind: 'card'; readonly change: Change };

/** What a change would still do, and what is live of that at this moment, where it could be read. */
export interface ToCome {
  readonly plan: Plan;
  readonly impact?: Impact;
  /** Who carries traffic now, where the change has begun. */
  readonly traffic?: string;
}

/** What one person may begin by a button. */
export interface Menu {
  /** Change commands; each is asked for in a form. */
  readonly changes: readonly MenuEntry[];
  /** Queries that need nothing typed. */
  readonly queries: readonly MenuEntry[];
}

export interface MenuEntry {
  readonly verb: string;
  readonly summary: string;
}
