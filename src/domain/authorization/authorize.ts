import type { Change } from '../change/change.ts';
import { type AccountStatus, type Person, samePerson } from '../person.ts';
import {
  decidingVerb,
  holds,
  type Membership,
  type Policy,
  type Rule,
  ruleFor,
  ruleNaming,
} from '../policy/policy.ts';
import {
  approvingGroups,
  describeRequiredApprovals,
  type RequiredApproval,
  unsatisfied,
} from '../policy/required-approvals.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';

/** Why this person may do nothing here at all, whatever the policy says; undefined when they may. */
export function refuseAccount(
  accountStatus: AccountStatus | undefined,
  homeTeam: string,
): Refusal | undefined {
  if (accountStatus === undefined) return peopleUnreachable();
  const ask = 'Ask a full member of this workspace to do it.';
  if (accountStatus.bot) return refuse('bot', 'Bots may not ask or decide anything here.', ask);
  if (accountStatus.teamId !== homeTeam)
    return refuse('other_workspace', 'People of other workspaces may not ask or decide anything here.', ask);
  if (accountStatus.deactivated) return refuse('deactivated', 'This account is deactivated.', ask);
  if (accountStatus.guest) return refuse('guest', 'Guests may not ask or decide anything here.', ask);
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
  const astray = denyChannel(policy, asked.channel);
  if (astray !== undefined) return astray;
  const rule = ruleFor(policy, asked.verb, asked.target);
  if (rule !== undefined && holds(rule.ask, asked.membership)) return rule;
  const why =
    rule === undefined
      ? `No rule of the policy allows ${asked.verb} on ${asked.target}.`
      : `You may not ask for ${asked.verb} on ${asked.target}: rule "${rule.name}" allows it to ${rule.ask.join(', ')}.`;
  return refuse('not_allowed', why, 'Type whoami to see what you may do.');
}

/** The rule by which this person may ask for what concerns no single target, or why not: one target will do. */
export function mayAskSomewhere(
  policy: Policy,
  asked: { readonly verb: string; readonly channel: string; readonly membership: Membership },
): Rule | Refusal {
  const verdicts = policy.targets.map(({ name }) => mayAsk(policy, { ...asked, target: name }));
  const [first = refuse('not_allowed', 'There is no target.', 'Name one in the policy.')] = verdicts;
  return verdicts.find((verdict): verdict is Rule => !isRefusal(verdict)) ?? first;
}

/** Why this person may not freeze, or lift a freeze; without a target it is about all of them. */
export function denyFreeze(
  policy: Policy,
  asked: {
    readonly verb: string;
    readonly target: string | undefined;
    readonly channel: string;
    readonly membership: Membership;
  },
): Refusal | undefined {
  const astray = denyChannel(policy, asked.channel);
  if (astray !== undefined) return astray;
  const targets = asked.target === undefined ? policy.targets.map(({ name }) => name) : [asked.target];
  const rule = ruleNaming(policy, asked.verb, targets);
  if (rule !== undefined && holds(rule.ask, asked.membership)) return undefined;
  const why =
    rule === undefined
      ? `No rule of the policy names ${asked.verb} for ${targets.join(' and ')}.`
      : `You may not ${asked.verb}: rule "${rule.name}" allows it to ${rule.ask.join(', ')}.`;
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
  if (change.authors.some((author) => samePerson(person, author))) {
    return refuse(
      'own_change',
      `You worded the plan of ${change.id} before it was asked for again; somebody else has to decide it.`,
      approversHint(policy, change),
    );
  }
  if (mayApprove(policy, change, membership)) return undefined;
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

/** Why this person may not have this change run without approval; the requester may, where the right is theirs. */
export function denyBreakGlass(policy: Policy, change: Change, membership: Membership): Refusal | undefined {
  const allowed = ruleOf(policy, change)?.breakGlass ?? [];
  if (holds(allowed, membership)) return undefined;
  return refuse(
    'not_allowed',
    `You may not break the glass for ${change.id}.`,
    allowed.length === 0
      ? 'The policy gives nobody this right here.'
      : `The policy gives this right to ${allowed.join(', ')}.`,
  );
}

/**
 * Refuses a request that too few people could approve. `approvers` are the groups of each present person who is none
 * of its authors; undefined when the chat could not be asked.
 */
export function refuseUnsatisfiable(
  rule: Rule,
  approvers: readonly (readonly string[])[] | undefined,
): Refusal | undefined {
  if (rule.requiredApprovals.length === 0) {
    return refuse(
      'nobody_can_approve',
      `Rule "${rule.name}" names nobody who approves a change.`,
      'Name approvers in the policy.',
    );
  }
  if (approvers === undefined) return peopleUnreachable();
  const missing = unsatisfied(withoutEverybody(rule.requiredApprovals), approvers);
  if (missing.length === 0) return undefined;
  return refuse(
    'nobody_can_approve',
    `Rule "${rule.name}" wants approval by ${describeRequiredApprovals(rule.requiredApprovals)}, never by whoever asks, and ${approvers.length === 0 ? 'nobody is there to give one' : `too few are there: ${describeRequiredApprovals(missing)} would never come`}.`,
    `Have more people put into ${approvingGroups(missing).join(' or ')}.`,
  );
}

/** Seats that every full member of the workspace may take cannot be counted, and need not be. */
function withoutEverybody(requiredApprovals: readonly RequiredApproval[]): readonly RequiredApproval[] {
  return requiredApprovals.filter(({ groups }) => !groups.includes('*'));
}

function mayApprove(policy: Policy, change: Change, membership: Membership): boolean {
  return holds(approvingGroups(ruleOf(policy, change)?.requiredApprovals ?? []), membership);
}

/** Why nothing is asked or decided from this channel; undefined when it is one of the policy's. */
export function denyChannel({ channels }: Policy, channel: string): Refusal | undefined {
  if (channels.includes(channel)) return undefined;
  const refusal = refuse(
    'channel_not_listed',
    'Commands are not taken in this channel.',
    'Ask in one of these.',
  );
  return { ...refusal, channels };
}

function approversHint(policy: Policy, change: Change): string {
  const rule = ruleOf(policy, change);
  return rule === undefined || rule.requiredApprovals.length === 0
    ? 'No rule of the policy names approvers for it.'
    : `It is decided by ${approvingGroups(rule.requiredApprovals).join(', ')}.`;
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
