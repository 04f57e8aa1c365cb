import type { Inspection } from '../../domain/bgp/inspection.ts';
import { type Change, type Outcome, WRITTEN_BY_OTHERS } from '../../domain/change/change.ts';
import { journalled } from '../../domain/change/journal.ts';
import { tmmScope } from '../../domain/change/plan.ts';
import { podsOn } from '../../domain/checks/replacements.ts';
import { counted } from '../../domain/phrasing.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { JobOutcome } from '../../ports/jobs.ts';
import { type Lease, Unreadable } from '../../ports/store.ts';
import type { WorkerDependencies } from '../dependencies.ts';
import { LeaseLost } from '../ledger.ts';
import { runQuery } from './answer-query.ts';
import { begin } from './begin.ts';
import { allDone, replacementsBy } from './conditions.ts';
import { type Halt, isHalt, outcomeOf } from './halt.ts';
import type { Conditions } from './look.ts';
import { perform } from './perform.ts';
import { poll, type Seen } from './poll.ts';
import { openRun, type Run } from './run.ts';
import { stepsOf } from './steps.ts';
import { takeOver } from './take-over.ts';
import { trafficNow } from './traffic-now.ts';
import { isSameTarget, sayRetried, targetChanged, targetGone } from './unrecoverable-halts.ts';

/** Executes an approved change, step by step, until it is done or a check halts it. */
export async function carryOut(
  changeId: string,
  worker: WorkerDependencies,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const change = await worker.store.change(changeId);
  if (change === undefined || (change.state !== 'approved' && change.state !== 'running'))
    return { kind: 'done' };
  if (change.laterRelease === true) return LATER_RELEASE;
  const lease = await worker.leases.acquire(tmmScope(change.plan), changeId);
  if (lease === undefined) return { kind: 'later', afterMs: BUSY_MS };
  try {
    const begun = change.state === 'approved' ? await begin(change, lease, worker) : change;
    if (begun === 'waits') return { kind: 'later', afterMs: WAIT_MS };
    if (begun === undefined) return { kind: 'later', afterMs: 0 };
    if (begun.state !== 'running') return { kind: 'done' };
    const began = change.state === 'running' ? 'earlier' : 'now';
    await carry(begun, began, lease, worker, signal);
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: 'later', afterMs: BUSY_MS };
    // If the store itself failed, this fails as well, and the card cannot be updated.
    if (!(error instanceof Unreadable)) await sayRetried(changeId, lease, worker).catch(() => undefined);
    throw error;
  } finally {
    await lease.release();
  }
}

/** The job of a change that only a later release understands: it is left for a replica of that release. */
export const LATER_RELEASE: JobOutcome = { kind: 'later', afterMs: 5_000 };
/** Pause before a job is tried again while another change holds its TMM pods. */
const BUSY_MS = 1_000;
/** Pause before a job is tried again while its change waits for people; its deadline runs on. */
const WAIT_MS = 2_000;

async function carry(
  change: Change,
  began: Began,
  lease: Lease,
  worker: WorkerDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { policy, clusters, clock, ledger } = worker;
  const target = policy.targets.find(({ name }) => name === change.plan.target);
  const cluster = clusters.get(change.plan.target);
  if (target === undefined || cluster === undefined || !isSameTarget(target, change)) {
    const halted =
      target === undefined || cluster === undefined
        ? targetGone(change, clock.now())
        : targetChanged(change, target, clock.now());
    const committed = await ledger.commit(change, halted, 'bot', lease.fence);
    if (isRefusal(committed)) throw new LeaseLost(`halting ${change.id}: ${committed.sentence}`);
    return;
  }
  const run = openRun(change, { ...worker, target, cluster, lease, signal });
  const ended = await toItsEnd(run, began, worker);
  const atMs = clock.now();
  if (isHalt(ended)) {
    const about = ended.reasonCode === 'cancelled' ? 'stop' : 'halt';
    const traffic = (await trafficNow(run, about)) ?? ended.traffic;
    const outcome = { ...outcomeOf(ended, atMs), ...(traffic === undefined ? {} : { traffic }) };
    return run.commit({ kind: 'end', state: ended.state, outcome });
  }
  const outcome: Outcome = { reasonCode: 'done', sentence: ended.done, atMs };
  return run.commit({ kind: 'end', state: 'succeeded', outcome });
}

/** When a change was started: in this attempt, or in an earlier one, possibly of another replica. */
type Began = 'now' | 'earlier';

/** Executes all steps that are not done yet; returns what was done in all, or the halt. */
async function toItsEnd(
  run: Run,
  began: Began,
  worker: WorkerDependencies,
): Promise<{ readonly done: string } | Halt> {
  const change = run.change();
  if (worker.registry.find(change.parsed.verb)?.kind === 'query') {
    await answer(change, worker);
    return { done: 'Done' };
  }
  const steps = stepsOf(change.plan, run.target);
  const stopped = began === 'earlier' ? await takeOver(run, steps) : undefined;
  if (stopped !== undefined) return stopped;
  for (const step of steps) {
    const halted = await perform(step, run);
    if (halted !== undefined) return halted;
  }
  const seen = await lookAtAll(run);
  return isHalt(seen) ? seen : { done: doneSentence(run.change(), seen.inspection) };
}

async function answer(change: Change, worker: WorkerDependencies): Promise<void> {
  const { requester: person, channel, parsed, id, createdAtMs: askedAtMs } = change;
  const query = { id, parsed, target: change.plan.target, person, channel, askedAtMs };
  await worker.replies.reply(query, await runQuery(query, worker));
}

/** *Done* means this moment: whatever the journal says, all of it is checked once more. */
async function lookAtAll(run: Run): Promise<Seen | Halt> {
  const { target } = run;
  const conditions: Conditions = (state) => allDone(run.change(), target)(state);
  return poll(run, conditions, target.timeouts.sessionTimeoutMs);
}

/** The sentence on what was done; a node without a TMM comes first. */
function doneSentence(change: Change, seen: Inspection): string {
  const { differences, restarts } = change.plan;
  const taken = restarts.flatMap((restart) => restart.pods).length;
  const replaced = Math.min(taken, replacementsBy(change, seen).length);
  const bare = restarts.map(({ node }) => node).filter((node) => podsOn(seen, node).length === 0);
  const written = differences.filter(
    ({ lookup, node }) =>
      journalled(change, { kind: 'write', lookup, node }, 'found')?.found !== WRITTEN_BY_OTHERS,
  ).length;
  const said = [
    ...(bare.length === 0
      ? []
      : [`${bare.join(', ')} ${bare.length === 1 ? 'has' : 'have'} no TMM any more`]),
    ...(written === 0 ? [] : [`${counted(written, 'mapping')} written`]),
    ...(written === differences.length
      ? []
      : [`${counted(differences.length - written, 'mapping')} needed no change`]),
    ...(taken === replaced ? [] : [`${counted(taken - replaced, 'TMM pod')} gone without a replacement`]),
    ...(replaced === 0 ? [] : [`${counted(replaced, 'TMM pod')} replaced, BGP is back`]),
  ];
  return said.join(', ') || 'Done';
}
