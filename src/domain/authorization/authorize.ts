import type { Change } from '../change/change.ts';
import { DECISIONS, type DecisionVerb } from '../change/decisions.ts';
import type { Person } from '../person.ts';
import { type Frozen, frozenRefusal } from '../policy/freeze.ts';
import {
  decidingVerb,
  holds,
  type Membership,
  type Policy,
  type Rule,
  ruleFor,
  ruleNaming,
} from '../policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { notAllowed, refuseDecision, ruleOf } from './decide.ts';
import { refuseUnsatisfiable } from './people.ts';

/** Who acts, where, and their account status in Slack at this moment. */
export interface Facts {
  readonly person: Person;
  readonly channel: string;
  /** Groups of the policy that they are in, or why this person may do nothing at all. */
  readonly membership: Membership | Refusal;
}

/** What somebody wants to do. */
export type Action =
  /** Answered from what the bot knows. `requesters`: anybody who may use the verb on some target. */
  | {
      readonly kind: 'local query';
      readonly verb: string;
      readonly audience: 'everybody' | 'members' | 'requesters';
      /** Who sees the answer: the person alone, or everybody in the channel. */
      readonly answerTo: 'person' | 'channel';
    }
  /** A query to the cluster, or a change command; `undoes` is the verb of the change that is rolled back. */
  | { readonly kind: 'request'; readonly verb: string; readonly target: string; readonly undoes?: string }
  /** A request whose plan becomes a change that needs approval. */
  | {
      readonly kind: 'submit';
      readonly rule: Rule;
      readonly target: string;
      readonly breakGlass: boolean;
      readonly frozen: Frozen | undefined;
      /** Whether this change needs no approval of its own, as the rollback of a halted one may. */
      readonly approvalWaived: boolean;
      /** Groups of each present person who could approve, authors left out; undefined: Slack could not be read. */
      readonly approvers: readonly (readonly string[])[] | undefined;
    }
  /** Without a target it applies to all of them. */
  | { readonly kind: 'freeze'; readonly verb: string; readonly target: string | undefined }
  | {
      readonly kind: 'decide';
      readonly verb: DecisionVerb;
      readonly change: Change;
      readonly frozen: Frozen | undefined;
    };

/** The rule that allows it; absent where no rule is needed. */
export interface Allowed {
  readonly kind: 'allowed';
  readonly rule?: Rule;
}

/** Whether the policy allows an action. The only place that decides it; every use case calls it. */
export function authorize(policy: Policy, facts: Facts, action: Action): Allowed | Refusal {
  if (isPrivate(action) && action.audience === 'everybody') return allowed();
  const { membership, channel } = facts;
  if (isRefusal(membership)) return membership;
  if (isPrivate(action) && action.audience === 'members') return allowed();
  const wrongChannel = refuseChannel(policy, channel);
  if (wrongChannel !== undefined) return wrongChannel;
  switch (action.kind) {
    case 'local query':
      return action.audience === 'requesters'
        ? requestOnSomeTarget(policy, action.verb, membership)
        : allowed();
    case 'request':
      return request(policy, action, membership);
    case 'submit':
      return submit(action, membership);
    case 'freeze':
      return freeze(policy, action, membership);
    case 'decide':
      return decide(policy, action, facts.person, membership);
  }
}

/** An answer that only the person sees may be requested in any channel. */
function isPrivate(action: Action): action is ActionOf<'local query'> {
  return action.kind === 'local query' && action.answerTo === 'person';
}

type ActionOf<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

function request(
  policy: Policy,
  { verb: said, target, undoes }: ActionOf<'request'>,
  membership: Membership,
): Allowed | Refusal {
  const verb = decidingVerb(policy, said, undoes);
  const rule = ruleFor(policy, verb, target);
  if (rule !== undefined && holds(rule.ask, membership)) return allowed(rule);
  return notAllowed(
    rule === undefined
      ? `No rule of the policy allows ${verb} on ${target}.`
      : `You may not request ${verb} on ${target}: rule "${rule.name}" allows it to ${rule.ask.join(', ')}.`,
  );
}

/** For a verb that concerns no single target, permission on one target is enough. */
function requestOnSomeTarget(policy: Policy, verb: string, membership: Membership): Allowed | Refusal {
  const verdicts = policy.targets.map(({ name: target }) =>
    request(policy, { kind: 'request', verb, target }, membership),
  );
  const [first = notAllowed('The policy names no target.')] = verdicts;
  return verdicts.find((verdict) => !isRefusal(verdict)) ?? first;
}

/** Break-glass overrides a freeze and absent approvers; a rule without approvers never approves a change by itself. */
function submit(action: ActionOf<'submit'>, membership: Membership): Allowed | Refusal {
  const { rule, target, breakGlass, frozen, approvalWaived, approvers } = action;
  if (breakGlass && !holds(rule.breakGlass, membership)) {
    const who = rule.breakGlass.length === 0 ? 'nobody' : rule.breakGlass.join(', ');
    return refuse(
      'not_allowed',
      `You may not use break-glass: rule "${rule.name}" gives this right to ${who}.`,
      'Submit it without --break-glass.',
    );
  }
  if (frozen !== undefined && !breakGlass)
    return frozenRefusal(
      frozen,
      target,
      rule.breakGlass.length === 0 ? undefined : 'submit it with --break-glass',
    );
  if (approvalWaived || (breakGlass && rule.requiredApprovals.length > 0)) return allowed(rule);
  return refuseUnsatisfiable(rule, approvers) ?? allowed(rule);
}

/** Only a rule that names the verb itself gives it: `*` gives no right to stop everybody's work. */
function freeze(
  policy: Policy,
  { verb, target }: ActionOf<'freeze'>,
  membership: Membership,
): Allowed | Refusal {
  const targets = target === undefined ? policy.targets.map(({ name }) => name) : [target];
  const rule = ruleNaming(policy, verb, targets);
  if (rule !== undefined && holds(rule.ask, membership)) return allowed(rule);
  return notAllowed(
    rule === undefined
      ? `No rule of the policy names ${verb} for ${targets.join(' and ')}.`
      : `You may not ${verb}: rule "${rule.name}" allows it to ${rule.ask.join(', ')}.`,
  );
}

function decide(
  policy: Policy,
  { verb, change, frozen }: ActionOf<'decide'>,
  person: Person,
  membership: Membership,
): Allowed | Refusal {
  const rule = ruleOf(policy, change);
  const refusal = refuseDecision(verb, policy, change, person, membership);
  if (refusal !== undefined) return refusal;
  if (frozen !== undefined && DECISIONS[verb].needs(change).noFreeze)
    return frozenRefusal(frozen, change.plan.target, breakGlassFor(change));
  return allowed(rule);
}

/** What somebody with the right to it would type for a change that exists already; undefined where nobody could. */
function breakGlassFor({ id, state, breakGlass, breakGlassUse }: Change): string | undefined {
  const applies = DECISIONS['break-glass'].buttons[state] !== undefined && breakGlassUse === undefined;
  return applies && breakGlass.length > 0 ? `type break-glass ${id} and a reason` : undefined;
}

function refuseChannel({ channels }: Policy, channel: string): Refusal | undefined {
  if (channels.includes(channel)) return undefined;
  return {
    ...refuse('channel_not_listed', 'Commands are not accepted in this channel.', 'Use one of these.'),
    channels,
  };
}

function allowed(rule?: Rule): Allowed {
  return { kind: 'allowed', ...(rule === undefined ? {} : { rule }) };
}
