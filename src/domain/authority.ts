import type { Change } from './change.ts';
import { type Person, type Standing, samePerson } from './person.ts';
import { decidingVerb, holds, type Membership, type Policy, type Rule, ruleFor } from './policy.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Why this person may do nothing here at all, whatever the policy says; undefined when they may. */
export function denyStanding(standing: Standing | undefined, homeTeam: string): Refusal | undefined {
  if (standing === undefined) return peopleUnreachable();
  const ask = 'Ask a full member of this workspace to do it.';
  if (standing.bot) return refuse('bot', 'Bots may not ask or decide anything here.', ask);
  if (standing.teamId !== homeTeam)
    return refuse('stranger', 'People of other workspaces may not ask or decide anything here.', ask);
  if (standing.deactivated) return refuse('deactivated', 'This account is deactivated.', ask);
  if (standing.guest) return refuse('guest', 'Guests may not ask or decide anything here.', ask);
  return undefined;
}

/** The rule by which this person may ask for this verb on this target from this channel, or why not. */
export function mayAsk(
  policy: Policy,
  asked: {
    readonly verb: string;
    readonly target: string;
    readonly channel: string;
    readonly membership: Membership;
  },
): Rule | Refusal {
  if (!policy.channels.includes(asked.channel)) {
    const refusal = refuse(
      'channel_not_listed',
      'Commands are not taken in this channel.',
      'Ask in one of these.',
    );
    return { ...refusal, channels: policy.channels };
  }
  const rule = ruleFor(policy, asked.verb, asked.target);
  if (rule !== undefined && holds(rule.ask, asked.membership)) return rule;
  const why =
    rule === undefined
      ? `No rule of the policy allows ${asked.verb} on ${asked.target}.`
      : `You may not ask for ${asked.verb} on ${asked.target}: rule "${rule.name}" allows it to ${rule.ask.join(', ')}.`;
  return refuse('not_allowed', why, 'Type whoami to see what you may do.');
}

/** Why this person may not approve or reject this change; undefined when they may. */
export function denyDecision(
  policy: Policy,
  change: Change,
  person: Person,
  membership: Membership,
): Refusal | undefined {
  if (samePerson(person, change.requester)) {
    return refuse(
      'own_change',
      `You asked for ${change.id} yourself; somebody else has to decide it.`,
      approversHint(policy, change),
    );
  }
  const rule = ruleOf(policy, change);
  if (rule !== undefined && holds(rule.approve, membership)) return undefined;
  return refuse('not_an_approver', `You may not decide ${change.id}.`, approversHint(policy, change));
}

/** Why this person may not stop or resume this change: its requester may, and whoever could approve it. */
export function denySteering(
  policy: Policy,
  change: Change,
  person: Person,
  membership: Membership,
): Refusal | undefined {
  return samePerson(person, change.requester) ? undefined : denyDecision(policy, change, person, membership);
}

/** Refuses a request that too few people could approve. `approvers` are distinct user ids, undefined when unknown. */
export function denyHopeless(
  rule: Rule,
  requester: Person,
  approvers: ReadonlySet<string> | undefined,
): Refusal | undefined {
  if (approvers === undefined) return peopleUnreachable();
  const others = [...approvers].filter((user) => user !== requester.userId).length;
  if (others >= rule.approvals) return undefined;
  return refuse(
    'nobody_can_approve',
    `Rule "${rule.name}" wants ${rule.approvals} approval${rule.approvals === 1 ? '' : 's'} by others than you, and ${others === 0 ? 'nobody' : `only ${others}`} could give one.`,
    `Have more people put into ${rule.approve.join(' or ')}.`,
  );
}

function approversHint(policy: Policy, change: Change): string {
  const rule = ruleOf(policy, change);
  return rule === undefined
    ? 'No rule of the policy names approvers for it.'
    : `It is decided by ${rule.approve.join(', ')}.`;
}

function ruleOf(policy: Policy, { plan }: Change): Rule | undefined {
  return ruleFor(policy, decidingVerb(policy, plan.verb, plan.rollsBack?.verb), plan.target);
}

function peopleUnreachable(): Refusal {
  return refuse(
    'people_unreachable',
    'Slack could not be asked who you are, so the answer is no.',
    'Try again in a minute.',
  );
}
