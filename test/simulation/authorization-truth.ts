import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Change } from '../../src/domain/change/change.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import type { Observer } from './observer.ts';
import type { RecordNow } from './record-invariants.ts';

/**
 * Why a change had no right to start, or to go on, at the moment of this record; undefined when it had. People count as
 * they were at any moment while it was found out: whoever asks cannot know better.
 */
export function authorizationOf(
  { record, change: { now }, caller, nowMs }: RecordNow,
  observer: Observer,
): string | undefined {
  const sinceMs = caller?.chainSinceMs ?? nowMs;
  const held = (userId: string, groups: readonly string[]): boolean =>
    groups.some((group) => observer.people.held(userId, group, sinceMs, nowMs));
  if (record.event === 'change.break_glass') {
    const user = record.actor === 'bot' ? 'the bot' : record.actor.user;
    return held(user, now.breakGlass) ? undefined : `${user} broke the glass without the right to`;
  }
  const asks =
    caller === undefined ||
    asksOf(now, caller.host.policy).some((groups) => held(now.requester.userId, groups));
  if (!asks) return `${now.requester.userId} had no right to ask for it when it ${verbOf(record.event)}`;
  if (now.breakGlassUse !== undefined) return undefined;
  if (digestOf(now) !== now.digest) return 'its digest is of another plan';
  if (now.requiredApprovals.length === 0)
    return observer.mayBeWaived(now) ? undefined : 'nobody approved it, and nothing waives that';
  for (const { groups, count } of now.requiredApprovals) {
    const valid = new Set(approversOf(now).filter((user) => held(user, groups)));
    if (valid.size < count)
      return `${valid.size} of ${count} approvals by ${groups.join(' or ')} held when it ${verbOf(record.event)}`;
  }
  return undefined;
}

/** The groups of the rules that let people ask for this change; a rollback is asked for as itself, or as what it undoes. */
function asksOf({ plan }: Change, { rules }: Policy): readonly (readonly string[])[] {
  const verbs = [plan.verb, plan.rollsBack?.verb];
  return rules.filter(({ commands }) => commands.some((one) => verbs.includes(one))).map(({ ask }) => ask);
}

function verbOf(event: string): string {
  return event === 'change.started' ? 'started' : 'was resumed';
}

/** Who approved this very plan, and did not word it. */
function approversOf({ decisions, digest, authors }: Change): readonly string[] {
  return decisions
    .filter((one) => one.kind === 'approval' && one.digest === digest)
    .map(({ by }) => by.userId)
    .filter((user) => !authors.some(({ userId }) => userId === user));
}

function digestOf({ plan }: Change): string {
  return createHash('sha256')
    .update(canonicalize(plan) ?? '')
    .digest('hex');
}
