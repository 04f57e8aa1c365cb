import { refuseUnsatisfiable } from '../../domain/authorization/authorize.ts';
import { approvalProgress } from '../../domain/change/approvals.ts';
import type { Change } from '../../domain/change/change.ts';
import { digestOf, type Plan } from '../../domain/change/plan.ts';
import { transition } from '../../domain/change/transition.ts';
import { type Person, samePerson } from '../../domain/person.ts';
import type { Rule } from '../../domain/policy/policy.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { clipWellFormed } from '../../domain/well-formed.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Reply } from '../reply.ts';
import type { AuthorizedRequest } from '../requests.ts';
import { approversOf } from '../who-is.ts';
import { carriedOverApprovals } from './carried-over-approvals.ts';

/** A plan becomes a change that waits for its approvals, unless too few people are there who could give them. */
export async function submitChange(
  plan: Plan,
  rule: Rule,
  asked: AuthorizedRequest,
  bot: Dependencies,
): Promise<Reply> {
  const waived =
    rule.waiveRollback && (asked.earlier?.state === 'halted' || asked.earlier?.state === 'outcome_unknown');
  const digest = digestOf(plan);
  const authors = authorsOf(asked);
  const requiredApprovals = waived ? [] : rule.requiredApprovals;
  const unsatisfiable = waived ? undefined : await refuseUnapprovable(rule, authors, asked, bot);
  if (unsatisfiable !== undefined) return unsatisfiable;
  const atMs = bot.now();
  const reason = asked.parsed.flags.reason;
  const change: Change = {
    id: await bot.store.newChangeId(),
    version: 1,
    state: 'proposed',
    plan,
    digest,
    parsed: asked.parsed,
    requester: asked.person,
    authors,
    channel: asked.channel,
    ...(typeof reason === 'string' ? { reason: clipWellFormed(reason, MAX_REASON_LENGTH) } : {}),
    requiredApprovals,
    breakGlass: rule.breakGlass,
    decisions: await carriedOverApprovals({ plan, digest, authors, requiredApprovals, rule }, bot),
    createdAtMs: atMs,
    approveByMs: atMs + rule.approveByMs,
    executeWithinMs: rule.executeByMs,
    journal: [],
  };
  const kept = change.decisions.map(({ by, carriedOverFrom }) => ({
    by: by.userId,
    from: carriedOverFrom ?? null,
  }));
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
        args: asked.parsed.args,
        plan,
        reason: change.reason ?? null,
        ...(kept.length === 0 ? {} : { kept }),
      },
    },
  });
  if (appended.kind !== 'appended') throw new Error(`proposing ${change.id}: ${appended.kind}`);
  const settled = approvalProgress(change).missing.length === 0;
  return { kind: 'carded', change: settled ? await settle(change, bot) : change };
}

/** Who asks to break the glass needs nobody to be there; but a rule without approvers approves no change by itself. */
async function refuseUnapprovable(
  rule: Rule,
  authors: readonly Person[],
  asked: AuthorizedRequest,
  bot: Dependencies,
): Promise<Refusal | undefined> {
  if (rule.requiredApprovals.length > 0 && breaksGlass(asked)) return undefined;
  return refuseUnsatisfiable(rule, await approversOf(rule, authors, bot));
}

/** No approval is missing: the policy wants none for the way back from a halt, or the identical plan was given them. */
async function settle(change: Change, { store, now }: Dependencies): Promise<Change> {
  const next = transition(change, { kind: 'auto-approve', atMs: now() });
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
      reasonCode: change.requiredApprovals.length === 0 ? 'approval_waived' : 'approvals_carried_over',
    },
  });
  return next;
}

/** Who asked for the same words before is an author as well, whoever asks now. */
function authorsOf({ person, again }: AuthorizedRequest): readonly Person[] {
  const earlier = again?.authors ?? [];
  return [...earlier.filter((author) => !samePerson(author, person)), person];
}

/** Whether it was asked for to break the glass, in a freeze or with nobody there to approve. */
export function breaksGlass({ parsed }: AuthorizedRequest): boolean {
  return parsed.flags['break-glass'] === true;
}

const MAX_REASON_LENGTH = 500;
