import { approvalsOf } from '../domain/approvals.ts';
import { denyHopeless } from '../domain/authority.ts';
import type { Change } from '../domain/change.ts';
import { cut } from '../domain/cut.ts';
import { type Person, samePerson } from '../domain/person.ts';
import { digestOf, type Plan } from '../domain/plan.ts';
import type { Rule } from '../domain/policy.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { transition } from '../domain/transition.ts';
import type { Bot } from './bot.ts';
import { keptApprovals } from './kept-approvals.ts';
import type { Reply } from './reply.ts';
import type { Asked } from './requests.ts';
import { approversOf } from './who-is.ts';

/** A plan becomes a change that waits for its approvals, unless too few people are there who could give them. */
export async function putUp(plan: Plan, rule: Rule, asked: Asked, bot: Bot): Promise<Reply> {
  const waived =
    rule.waiveRollback && (asked.earlier?.state === 'halted' || asked.earlier?.state === 'outcome_unknown');
  const digest = digestOf(plan);
  const authors = authorsOf(asked);
  const quorum = waived ? [] : rule.quorum;
  const hopeless = waived ? undefined : await denyUnapprovable(rule, authors, asked, bot);
  if (hopeless !== undefined) return hopeless;
  const atMs = bot.now();
  const reason = asked.typed.flags.reason;
  const change: Change = {
    id: await bot.store.newChangeId(),
    version: 1,
    state: 'proposed',
    plan,
    digest,
    typed: asked.typed,
    requester: asked.person,
    authors,
    channel: asked.channel,
    ...(typeof reason === 'string' ? { reason: cut(reason, LONGEST_REASON) } : {}),
    quorum,
    breakGlass: rule.breakGlass,
    decisions: await keptApprovals({ plan, digest, authors, quorum, rule }, bot),
    createdAtMs: atMs,
    approveByMs: atMs + rule.approveByMs,
    executeWithinMs: rule.executeByMs,
    journal: [],
  };
  const kept = change.decisions.map(({ by, keptFrom }) => ({ by: by.userId, from: keptFrom ?? null }));
  const appended = await bot.store.append({
    change: { next: change, expectedVersion: 0 },
    record: {
      atMs,
      event: 'change.proposed',
      actor: asked.person,
      target: plan.target,
      change: change.id,
      digest: change.digest,
      data: {
        verb: plan.verb,
        args: asked.typed.args,
        plan,
        reason: change.reason ?? null,
        ...(kept.length === 0 ? {} : { kept }),
      },
    },
  });
  if (appended.kind !== 'appended') throw new Error(`proposing ${change.id}: ${appended.kind}`);
  const settled = approvalsOf(change).missing.length === 0;
  return { kind: 'carded', change: settled ? await settle(change, bot) : change };
}

/** Who asks to break the glass needs nobody to be there; but a rule without approvers approves no change by itself. */
async function denyUnapprovable(
  rule: Rule,
  authors: readonly Person[],
  asked: Asked,
  bot: Bot,
): Promise<Refusal | undefined> {
  if (rule.quorum.length > 0 && breaksGlass(asked)) return undefined;
  return denyHopeless(rule, await approversOf(rule, authors, bot));
}

/** No approval is missing: the policy wants none for the way back from a halt, or the identical plan was given them. */
async function settle(change: Change, { store, now }: Bot): Promise<Change> {
  const next = transition(change, { kind: 'settle', atMs: now() });
  if (isRefusal(next)) throw new Error(`settling ${change.id}: ${next.sentence}`);
  await store.append({
    change: { next, expectedVersion: change.version },
    record: {
      atMs: now(),
      event: 'change.approved',
      actor: 'bot',
      target: change.plan.target,
      change: change.id,
      digest: change.digest,
      reasonCode: change.quorum.length === 0 ? 'approval_waived' : 'approvals_kept',
    },
  });
  return next;
}

/** Who asked for the same words before is an author as well, whoever asks now. */
function authorsOf({ person, again }: Asked): readonly Person[] {
  const earlier = again?.authors ?? [];
  return [...earlier.filter((author) => !samePerson(author, person)), person];
}

/** Whether it was asked for to break the glass, in a freeze or with nobody there to approve. */
export function breaksGlass({ typed }: Asked): boolean {
  return typed.flags['break-glass'] === true;
}

const LONGEST_REASON = 500;
