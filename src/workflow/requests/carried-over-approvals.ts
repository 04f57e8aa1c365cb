import { authorize } from '../../domain/authorization/authorize.ts';
import { isCounted } from '../../domain/change/approvals.ts';
import { type Change, type Decision, touchesPods } from '../../domain/change/change.ts';
import { type Person, samePerson } from '../../domain/person.ts';
import type { Rule } from '../../domain/policy/policy.ts';
import {
  approvingGroups,
  countSatisfied,
  type RequiredApproval,
} from '../../domain/policy/required-approvals.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { membershipOf } from '../people.ts';

/** How many recent changes are searched for an identical plan. */
const CHANGES_SEARCHED = 20;

interface SubmittedPlan {
  readonly digest: string;
  readonly authors: readonly Person[];
  readonly requiredApprovals: readonly RequiredApproval[];
  readonly rule: Rule;
}

/**
 * Approvals given for an identical plan which is proposed, stale or expired: they carry over while both deadlines of the rule
 * allow it, if the approvers may still give them and they were not used elsewhere. The plan of a query does not contain the
 * query, so its approvals never carry over.
 */
export async function carriedOverApprovals(
  { digest, authors, requiredApprovals, rule }: SubmittedPlan,
  dependencies: Dependencies,
): Promise<readonly Decision[]> {
  if (requiredApprovals.length === 0) return [];
  const identical = (await dependencies.store.recentChanges(CHANGES_SEARCHED)).filter(
    (one) => one.digest === digest && touchesPods(one),
  );
  const carriedOver: Decision[] = [];
  for (const earlier of identical.filter(({ state }) => CARRIES_OVER.includes(state))) {
    for (const decision of earlier.decisions) {
      const inTime = decision.atMs + Math.min(rule.approveByMs, rule.executeByMs) > dependencies.clock.now();
      const counted = carriedOver.some(({ by }) => samePerson(by, decision.by));
      const own = authors.some((author) => samePerson(author, decision.by));
      if (!isCounted(decision) || !inTime || counted || own || isSpent(decision, identical)) continue;
      const groups = await groupsThatMayApprove(earlier, decision.by, requiredApprovals, dependencies);
      if (groups === undefined || !helps(requiredApprovals, carriedOver, groups)) continue;
      carriedOver.push({
        ...decision,
        groups,
        carriedOverFrom: decision.carriedOverFrom ?? earlier.id,
      });
    }
  }
  return carriedOver;
}

const CARRIES_OVER: readonly Change['state'][] = ['proposed', 'stale', 'expired'];

/** Whether this approval no longer counts, was used in another change, or the plan was rejected since. */
function isSpent({ by, atMs }: Decision, identical: readonly Change[]): boolean {
  return identical.some(({ state, decisions }) =>
    decisions.some((other) => {
      if (other.kind === 'rejection') return other.atMs >= atMs;
      const isSame = samePerson(other.by, by) && other.atMs === atMs;
      return isSame && (!isCounted(other) || !CARRIES_OVER.includes(state));
    }),
  );
}

/** The groups that still let this person approve; undefined when they may not. */
async function groupsThatMayApprove(
  change: Change,
  person: Person,
  requiredApprovals: readonly RequiredApproval[],
  dependencies: Dependencies,
): Promise<readonly string[] | undefined> {
  const membership = await membershipOf(person, dependencies);
  const allowed = authorize(
    dependencies.policy,
    { person, channel: change.channel, membership },
    { kind: 'decide', verb: 'approve', change, frozen: undefined },
  );
  if (isRefusal(allowed) || isRefusal(membership)) return undefined;
  return approvingGroups(requiredApprovals).filter((group) => membership.has(group));
}

function helps(
  requiredApprovals: readonly RequiredApproval[],
  kept: readonly Decision[],
  groups: readonly string[],
): boolean {
  const counted = kept.map((decision) => decision.groups);
  return countSatisfied(requiredApprovals, [...counted, groups]) > countSatisfied(requiredApprovals, counted);
}
