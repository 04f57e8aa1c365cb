import { authorize, type Facts } from '../domain/authorization/authorize.ts';
import { ruleOf } from '../domain/authorization/decide.ts';
import type { VoidApprovals } from '../domain/change/approval-transitions.ts';
import { activeBreakGlass, approvingGroupsOf, isApproved, isCounted } from '../domain/change/approvals.ts';
import { type Change, type Decision, isHalted } from '../domain/change/change.ts';
import type { DecisionVerb } from '../domain/change/decisions.ts';
import type { Person } from '../domain/person.ts';
import type { Rule } from '../domain/policy/policy.ts';
import { approvingGroups, countSatisfied } from '../domain/policy/required-approvals.ts';
import {
  describeReason,
  isRefusal,
  type ReasonCode,
  type Refusal,
  refuse,
  refuseNaming,
} from '../domain/refusal.ts';
import { named, reported, say } from '../domain/segments.ts';
import type { Dependencies } from './dependencies.ts';
import { membershipsAmong } from './people.ts';

/** Whether requester and approvers of a change still have the right to what they started. */
export type StillAuthorized =
  | { readonly kind: 'yes' }
  /** The requester may not request it any more: no approval compensates for that. */
  | { readonly kind: 'requester refused'; readonly refusal: Refusal }
  /** Approvals are missing now. */
  | { readonly kind: 'void'; readonly approvals: VoidApprovals }
  /** Slack could not be read: undecided. */
  | { readonly kind: 'unknown'; readonly refusal: Refusal };

/**
 * Checks requester, approvers and the person who used break-glass by the present policy and their present status in Slack. If the
 * policy now requires more approvals, they are required.
 */
export async function stillAuthorized(
  change: Change,
  dependencies: Pick<Dependencies, 'policy' | 'people' | 'teamId' | 'clock' | 'store'>,
): Promise<StillAuthorized> {
  const { policy, clock } = dependencies;
  const rule = ruleOf(policy, change);
  const membershipOf = await readMemberships(change, rule, dependencies);
  if (membershipOf === undefined) return { kind: 'unknown', refusal: slackSilent(change) };
  const factsOf = (person: Person): Facts => {
    return { person, channel: change.channel, membership: membershipOf(person) ?? slackSilent(change) };
  };
  const refusalOf = (verb: DecisionVerb, person: Person): ReasonCode | undefined => {
    const allowed = authorize(policy, factsOf(person), { kind: 'decide', verb, change, frozen: undefined });
    return isRefusal(allowed) ? allowed.reasonCode : undefined;
  };
  const requested = authorize(policy, factsOf(change.requester), {
    kind: 'request',
    verb: change.plan.verb,
    target: change.plan.target,
    ...(change.plan.rollsBack === undefined ? {} : { undoes: change.plan.rollsBack.verb }),
  });
  if (isRefusal(requested))
    return { kind: 'requester refused', refusal: requesterRefused(change, requested) };

  const glass = activeBreakGlass(change);
  const breakGlass = glass === undefined ? undefined : refusalOf('break-glass', glass.by);
  if (glass !== undefined && breakGlass === undefined) return { kind: 'yes' };
  const decisions = change.decisions.map((decision) =>
    isCounted(decision)
      ? weighed(decision, refusalOf('approve', decision.by), factsOf(decision.by).membership, change)
      : decision,
  );
  const waived = await isStillWaived(change, rule, dependencies);
  const today = waived ? [] : (rule?.requiredApprovals ?? []);
  const byToday = decisions.map((decision): Decision => {
    const { membership } = factsOf(decision.by);
    if (!isCounted(decision) || isRefusal(membership)) return decision;
    return { ...decision, groups: approvingGroupsOf({ requiredApprovals: today }, membership) };
  });
  const wantsMore = !isApproved({ requiredApprovals: today, decisions: byToday });
  if (glass === undefined && !wantsMore && isApproved({ ...change, decisions })) return { kind: 'yes' };
  const atMs = clock.now();
  const approvals: VoidApprovals = {
    atMs,
    reasonCode: 'approval_void',
    decisions: wantsMore ? byToday : decisions,
    ...(wantsMore ? { requiredApprovals: today } : {}),
    approveByMs: atMs + (rule?.approveByMs ?? 0),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  };
  return { kind: 'void', approvals };
}

/**
 * A rollback of a halted change needs no approval, where the rule waives it, while that change is halted; once started it
 * continues.
 */
async function isStillWaived(
  { requiredApprovals, startedAtMs, plan: { rollsBack } }: Change,
  rule: Rule | undefined,
  { store }: Pick<Dependencies, 'store'>,
): Promise<boolean> {
  if (requiredApprovals.length > 0) return false;
  if (startedAtMs !== undefined) return true;
  const undone = rollsBack === undefined ? undefined : await store.change(rollsBack.change);
  return rule?.waiveRollback === true && undone !== undefined && isHalted(undone);
}

/** The approval with the present groups of its approver; void where they may not approve any more. */
function weighed(
  decision: Decision,
  refusal: ReasonCode | undefined,
  membership: Facts['membership'],
  change: Change,
): Decision {
  if (refusal !== undefined) return { ...decision, void: refusal };
  const groups = isRefusal(membership) ? [] : approvingGroupsOf(change, membership);
  return countSatisfied(change.requiredApprovals, [groups]) === 0
    ? { ...decision, void: 'not_an_approver' }
    : { ...decision, groups };
}

/** Slack's present data on everybody whose right the change depends on; undefined when one of them cannot be read. */
async function readMemberships(
  change: Change,
  rule: Rule | undefined,
  dependencies: Pick<Dependencies, 'policy' | 'people' | 'teamId'>,
): ReturnType<typeof membershipsAmong> {
  const { requester, decisions, requiredApprovals } = change;
  const glass = activeBreakGlass(change);
  const people = [
    requester,
    ...decisions.filter(isCounted).map(({ by }) => by),
    ...(glass === undefined ? [] : [glass.by]),
  ];
  const groups = new Set([
    ...(rule?.ask ?? []),
    ...(rule?.breakGlass ?? []),
    ...approvingGroups([...requiredApprovals, ...(rule?.requiredApprovals ?? [])]),
  ]);
  return membershipsAmong([...groups], people, dependencies);
}

function requesterRefused({ id, requester }: Change, { reasonCode }: Refusal): Refusal {
  return refuseNaming(
    reasonCode,
    say`${named(requester)} may not request ${reported(id)} any more, because ${reported(describeReason(reasonCode))}.`,
    'Somebody with that right has to request it again.',
  );
}

function slackSilent({ id }: Change): Refusal {
  return refuse(
    'people_unreachable',
    `Slack could not be asked whether requester and approvers of ${id} still have their rights.`,
    'Try again in a minute.',
  );
}
