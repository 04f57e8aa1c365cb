import { denyDecision } from '../domain/authority.ts';
import type { Change, Decision } from '../domain/change.ts';
import { type Person, samePerson } from '../domain/person.ts';
import type { Plan } from '../domain/plan.ts';
import type { Rule } from '../domain/policy.ts';
import { approvingGroups, filled, type Seats } from '../domain/quorum.ts';
import { isRefusal } from '../domain/refusal.ts';
import type { Bot } from './bot.ts';
import { whoIs } from './who-is.ts';

/** How far back an identical plan is looked for. */
const LOOKED_THROUGH = 20;

interface Wording {
  readonly plan: Plan;
  readonly digest: string;
  readonly authors: readonly Person[];
  readonly quorum: readonly Seats[];
  readonly rule: Rule;
}

/**
 * Approvals that were given for the identical plan, which waits still, went stale or expired: they count on while
 * both clocks of the rule would let them, if who gave them may still give them.
 */
export async function keptApprovals(
  { plan, digest, authors, quorum, rule }: Wording,
  bot: Bot,
): Promise<readonly Decision[]> {
  if (quorum.length === 0) return [];
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
      const groups = await mayStill(twin, decision.by, quorum, bot);
      if (groups === undefined || !helps(quorum, kept, groups)) continue;
      kept.push({ ...decision, groups, keptFrom: decision.keptFrom ?? twin.id });
    }
  }
  return kept;
}

const KEEPS: readonly Change['state'][] = ['proposed', 'stale', 'expired'];

/** The groups by which this person may still approve; undefined when they may not. */
async function mayStill(
  twin: Change,
  person: Person,
  quorum: readonly Seats[],
  bot: Bot,
): Promise<readonly string[] | undefined> {
  const membership = await whoIs(person, bot);
  if (isRefusal(membership) || denyDecision(bot.policy, twin, person, membership) !== undefined)
    return undefined;
  return approvingGroups(quorum).filter((group) => membership.has(group));
}

function helps(quorum: readonly Seats[], kept: readonly Decision[], groups: readonly string[]): boolean {
  const seated = kept.map((decision) => decision.groups);
  return filled(quorum, [...seated, groups]) > filled(quorum, seated);
}
