import { denyDecision } from '../../domain/authorization/authorize.ts';
import type { Change, Decision } from '../../domain/change/change.ts';
import type { Plan } from '../../domain/change/plan.ts';
import { type Person, samePerson } from '../../domain/person.ts';
import type { Rule } from '../../domain/policy/policy.ts';
import {
  approvingGroups,
  countSatisfied,
  type RequiredApproval,
} from '../../domain/policy/required-approvals.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { whoIs } from '../who-is.ts';

/** How far back an identical plan is looked for. */
const LOOKED_THROUGH = 20;

interface Wording {
  readonly plan: Plan;
  readonly digest: string;
  readonly authors: readonly Person[];
  readonly requiredApprovals: readonly RequiredApproval[];
  readonly rule: Rule;
}

/**
 * Approvals that were given for the identical plan, which waits still, went stale or expired: they count on while
 * both clocks of the rule would let them, if who gave them may still give them.
 */
export async function carriedOverApprovals(
  { plan, digest, authors, requiredApprovals, rule }: Wording,
  bot: Dependencies,
): Promise<readonly Decision[]> {
  if (requiredApprovals.length === 0) return [];
  const twins = (await bot.store.recentChanges(LOOKED_THROUGH)).filter(
    (one) => one.digest === digest && one.plan.target === plan.target && KEEPS.includes(one.state),
  );
  const kept: Decision[] = [];
  for (const twin of twins) {
    for (const decision of twin.decisions) {
      const fresh = decision.atMs + Math.min(rule.approveByMs, rule.executeByMs) > bot.now();
      const given = kept.some(({ by }) => samePerson(by, decision.by));
      const own = authors.some((author) => samePerson(author, decision.by));
      if (decision.kind !== 'approval' || !fresh || given || own) continue;
      const groups = await mayStill(twin, decision.by, requiredApprovals, bot);
      if (groups === undefined || !helps(requiredApprovals, kept, groups)) continue;
      kept.push({ ...decision, groups, carriedOverFrom: decision.carriedOverFrom ?? twin.id });
    }
  }
  return kept;
}

const KEEPS: readonly Change['state'][] = ['proposed', 'stale', 'expired'];

/** The groups by which this person may still approve; undefined when they may not. */
async function mayStill(
  twin: Change,
  person: Person,
  requiredApprovals: readonly RequiredApproval[],
  bot: Dependencies,
): Promise<readonly string[] | undefined> {
  const membership = await whoIs(person, bot);
  if (isRefusal(membership) || denyDecision(bot.policy, twin, person, membership) !== undefined)
    return undefined;
  return approvingGroups(requiredApprovals).filter((group) => membership.has(group));
}

function helps(
  requiredApprovals: readonly RequiredApproval[],
  kept: readonly Decision[],
  groups: readonly string[],
): boolean {
  const seated = kept.map((decision) => decision.groups);
  return countSatisfied(requiredApprovals, [...seated, groups]) > countSatisfied(requiredApprovals, seated);
}
