import type { Change } from '../../domain/change/change.ts';
import type { ChangeEvent } from '../../domain/change/events.ts';
import { tmmScope } from '../../domain/change/plan.ts';
import { describeFrozen } from '../../domain/policy/freeze.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Replies } from '../../ports/chat.ts';
import type { JobOutcome } from '../../ports/jobs.ts';
import type { Lease } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';
import { frozenNow } from '../frozen.ts';
import { LeaseLost } from '../ledger.ts';
import { runQuery } from './answer-query.ts';
import { perform } from './perform.ts';
import { replan } from './replan.ts';
import { openRun, outcomeOf } from './run.ts';
import { stepsOf } from './steps.ts';

type Worker = Dependencies & { readonly replies: Replies };

/** Carries an approved change out, step by step, until it is done or a check halts it. */
export async function carryOut(changeId: string, worker: Worker, signal: AbortSignal): Promise<JobOutcome> {
  const change = await worker.store.change(changeId);
  if (change === undefined || (change.state !== 'approved' && change.state !== 'running'))
    return { kind: 'done' };
  const lease = await worker.leases.acquire(tmmScope(change.plan), changeId);
  if (lease === undefined) return { kind: 'later', afterMs: BUSY_MS };
  try {
    const begun = change.state === 'approved' ? await begin(change, lease, worker) : change;
    if (begun === 'frozen') return { kind: 'later', afterMs: FROZEN_MS };
    if (begun === undefined) return { kind: 'later', afterMs: 0 };
    if (begun.state !== 'running') return { kind: 'done' };
    await carry(begun, lease, worker, signal);
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: 'later', afterMs: BUSY_MS };
    throw error;
  } finally {
    await lease.release();
  }
}

/** How long to leave a target alone on which another change is running. */
const BUSY_MS = 1_000;
/** How long to leave an approved change alone while its target is frozen; its clock runs on. */
const FROZEN_MS = 2_000;

/** Checks clock, freezes and plan once more, then starts. Undefined when somebody else decided in the same moment. */
async function begin(change: Change, lease: Lease, worker: Worker): Promise<Change | 'frozen' | undefined> {
  const commit = async (event: ChangeEvent): Promise<Change | undefined> => {
    const committed = await worker.ledger.commit(change, event, 'bot', lease.fence);
    return isRefusal(committed) ? undefined : committed.change;
  };
  const atMs = worker.clock.now();
  if (change.executeByMs !== undefined && atMs >= change.executeByMs) return commit({ kind: 'expire', atMs });
  const freeze = change.breakGlassUse === undefined ? await frozenNow(change.plan, worker) : undefined;
  if (freeze !== undefined) {
    const progress = `Frozen, waiting: ${describeFrozen(freeze)}`;
    if (change.progress !== progress) await commit({ kind: 'wait', progress });
    return 'frozen';
  }
  const replanned = await replan(change, worker);
  switch (replanned.kind) {
    case 'same':
      return commit({ kind: 'start' });
    case 'other':
      return commit({ kind: 'mark stale', atMs, fresh: replanned.fresh });
    case 'unreadable': {
      const { reasonCode, sentence, next } = replanned.refusal;
      const outcome = { reasonCode, sentence: `Nothing was done: ${sentence}`, next, atMs };
      return commit({ kind: 'end', state: 'failed', outcome });
    }
  }
}

async function carry(change: Change, lease: Lease, worker: Worker, signal: AbortSignal): Promise<void> {
  const { policy, clusters, clock } = worker;
  const target = policy.targets.find(({ name }) => name === change.plan.target);
  const cluster = clusters.get(change.plan.target);
  if (target === undefined || cluster === undefined)
    throw new Error(`carrying out ${change.id}: its target is gone`);
  const run = openRun(change, { ...worker, target, cluster, lease, signal });
  for (const step of stepsOf(change.plan, target)) {
    const halted = await perform(step, run);
    if (halted === undefined) continue;
    return run.commit({ kind: 'end', state: halted.state, outcome: outcomeOf(halted, clock.now()) });
  }
  if (worker.registry.find(change.parsed.verb)?.kind === 'query') await answer(change, worker);
  const outcome = { reasonCode: 'done' as const, sentence: doneSentence(change), atMs: clock.now() };
  await run.commit({ kind: 'end', state: 'succeeded', outcome });
}

async function answer(change: Change, worker: Worker): Promise<void> {
  const { requester: person, channel, parsed, id, createdAtMs: askedAtMs } = change;
  const query = { id, parsed, target: change.plan.target, person, channel, askedAtMs };
  await worker.replies.reply(query, await runQuery(query, worker));
}

function doneSentence({ plan }: Change): string {
  const pods = plan.restarts.flatMap((restart) => restart.pods).length;
  const keys = plan.differences.length;
  const wrote = keys === 0 ? '' : `${keys} ${keys === 1 ? 'mapping' : 'mappings'} written`;
  const replaced = pods === 0 ? '' : `${pods} TMM ${pods === 1 ? 'pod' : 'pods'} replaced, BGP is back`;
  return [wrote, replaced].filter((part) => part !== '').join(', ') || 'Done';
}
