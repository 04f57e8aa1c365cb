import type { Change } from '../change/change.ts';
import { DECISIONS, type DecisionVerb } from '../change/decisions.ts';
import { type Person, samePerson } from '../person.ts';
import { decidingVerb, holds, type Membership, type Policy, type Rule, ruleFor } from '../policy/policy.ts';
import { approvingGroups } from '../policy/required-approvals.ts';
import { type Refusal, refuse, refuseNaming } from '../refusal.ts';
import { named, reported, say } from '../segments.ts';

/** The rule by which a change is decided: that of its verb, or that of the verb which it rolls back. */
export function ruleOf(policy: Policy, { plan }: Pick<Change, 'plan'>): Rule | undefined {
  return ruleFor(policy, decidingVerb(policy, plan.verb, plan.rollsBack?.verb), plan.target);
}

/** Why this person may not make this decision, whatever state the change is in. */
export function refuseDecision(
  verb: DecisionVerb,
  policy: Policy,
  change: Change,
  person: Person,
  membership: Membership,
): Refusal | undefined {
  const rule = ruleOf(policy, change);
  const own = samePerson(person, change.requester);
  switch (DECISIONS[verb].right) {
    case 'break-glass':
      return refuseBreakGlass(rule, change, membership);
    case 'requester or approver':
      if (own || mayEnd(policy, rule, change, membership)) return undefined;
      return refuseApprover(rule, change, person, membership);
    case 'requester unless stopped, or approver':
      return own
        ? refuseOwnResumption(rule, change, membership)
        : refuseApprover(rule, change, person, membership);
    case 'approver':
      return refuseApprover(rule, change, person, membership);
  }
}

/**
 * Where nobody can approve the change any more, because its target or its rule is gone or names no approvers, anybody named by a
 * rule of the policy may still end it: otherwise it would hold its TMM pods forever once its requester is away.
 */
function mayEnd(
  { targets, rules }: Policy,
  rule: Rule | undefined,
  { plan }: Change,
  membership: Membership,
): boolean {
  const known = rule !== undefined && targets.some(({ name }) => name === plan.target);
  if (known && rule.requiredApprovals.length > 0) return false;
  const left = known ? [rule] : rules;
  const deciding = left.flatMap(({ requiredApprovals, breakGlass }) => [
    ...approvingGroups(requiredApprovals),
    ...breakGlass,
  ]);
  // `*` names nobody in particular.
  const named = (deciding.length > 0 ? deciding : left.flatMap(({ ask }) => ask)).filter(
    (one) => one !== '*',
  );
  return holds(named, membership);
}

/** The requester may resume while they may still request it, but nobody overrides somebody else's stop alone. */
function refuseOwnResumption(
  rule: Rule | undefined,
  { id, plan, requester, cancelledBy }: Change,
  membership: Membership,
): Refusal | undefined {
  if (cancelledBy !== undefined && !samePerson(cancelledBy, requester)) {
    const groups = approvingGroups(rule?.requiredApprovals ?? []);
    const said = say`${named(cancelledBy)} stopped ${reported(id)}; you may not resume it yourself.`;
    const others = groups.length === 0 ? '' : ` or by ${namesOf(groups)}`;
    return refuseNaming('stopped_by_another', said, `It can be resumed by whoever stopped it${others}.`);
  }
  if (rule !== undefined && holds(rule.ask, membership)) return undefined;
  return notAllowed(
    rule === undefined
      ? `No rule of the policy allows ${plan.verb} on ${plan.target} any more.`
      : `You may not request ${plan.verb} on ${plan.target} any more: rule "${rule.name}" allows it to ${rule.ask.join(', ')}.`,
  );
}

function refuseBreakGlass(
  rule: Rule | undefined,
  { id }: Change,
  membership: Membership,
): Refusal | undefined {
  const groups = rule?.breakGlass ?? [];
  if (holds(groups, membership)) return undefined;
  return refuse(
    'not_allowed',
    `You may not use break-glass for ${id}.`,
    groups.length === 0
      ? 'The policy gives nobody this right here.'
      : `The policy gives this right to ${namesOf(groups)}.`,
  );
}

/** Four eyes: neither the requester nor another author of the plan may approve it. */
function refuseApprover(
  rule: Rule | undefined,
  { id, requester, authors }: Change,
  person: Person,
  membership: Membership,
): Refusal | undefined {
  const groups = approvingGroups(rule?.requiredApprovals ?? []);
  const next =
    groups.length === 0
      ? 'No rule of the policy names approvers for it.'
      : `It has to be decided by ${namesOf(groups)}.`;
  if (samePerson(person, requester)) {
    return refuse('own_change', `You requested ${id} yourself; somebody else has to decide it.`, next);
  }
  if (authors.some((author) => samePerson(person, author))) {
    return refuse(
      'own_change',
      `You requested this plan before it was requested again as ${id}; somebody else has to decide it.`,
      next,
    );
  }
  return holds(groups, membership) ? undefined : refuse('not_an_approver', `You may not decide ${id}.`, next);
}

/** `*` stands for every full member of the workspace. */
function namesOf(groups: readonly string[]): string {
  return groups.includes('*') ? 'any other full member of this workspace' : groups.join(', ');
}

export function notAllowed(sentence: string): Refusal {
  return refuse('not_allowed', sentence, 'Type whoami to see what you may do.');
}
