import { openInspection } from '../../commands/inspection/inspect.ts';
import type { Inspection } from '../../domain/bgp/inspection.ts';
import { journalled } from '../../domain/change/journal.ts';
import { asClause } from '../../domain/phrasing.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { duration } from '../../domain/times.ts';
import type { Permit } from '../../ports/cluster.ts';
import type { Attempt, Effect, GuardedStep } from './guarded-step.ts';
import { type Halt, halt, isHalt } from './halt.ts';
import type { Seen } from './poll.ts';
import type { Run } from './run.ts';

/** No halt, but the effect could not be applied yet. */
export interface NotYet {
  readonly kind: 'not yet';
  /** What is waited for, as a key. */
  readonly about: string;
  progress(forMs: number): string;
  /** The halt when that has taken too long. */
  tooLong(forMs: number): Halt;
}

/** Maximum age of the end of the last read when a write is sent: the note of the intent and the last check for a stop fit in. */
const LOOK_HOLDS_FOR_MS = 5_000;
/** Maximum age of its beginning: a read is slow where pods are slow to answer. */
const SEEN_HOLDS_FOR_MS = 10_000;
const AGE_ASKED_EVERY_MS = 500;
const TOO_OLD =
  'nothing was sent within 5 s of the last read of the cluster, for example because the kubeconfig gave no credentials';
/** `about` of a `NotYet` that needs everything to be read again before anything is sent. */
export const LOOK_TOO_OLD = 'look';

function isTooOld({ beganAtMs, endedAtMs }: Seen, clock: Run['clock']): boolean {
  const nowMs = clock.monotonicMs();
  return nowMs - endedAtMs > LOOK_HOLDS_FOR_MS || nowMs - beganAtMs > SEEN_HOLDS_FOR_MS;
}

/**
 * Applies the step's effects that are not done yet, by the journal and the last read. Sends nothing once somebody stopped the
 * change or the read is too old. An effect that was sent is always awaited, and looked up in the cluster if it gave no answer.
 * Undefined when all are done.
 * @param first effects never attempted before: if one of them is done already, somebody else did it
 */
export async function attempt(
  step: GuardedStep,
  first: ReadonlySet<Effect>,
  seen: Seen,
  run: Run,
): Promise<NotYet | Halt | undefined> {
  const { clock } = run;
  const open = step.effects.filter((effect) => journalled(run.change(), effect.step, 'found') === undefined);
  const due = open.filter((effect) => !effect.isDone(seen.inspection));
  for (const effect of open)
    if (!due.includes(effect)) await complete(effect, first.has(effect) ? 'byOthers' : 'byThis', run);
  const stopped = await run.stoppedByPeople();
  if (stopped !== undefined || due.length === 0) return stopped;
  if (isTooOld(seen, clock)) return lookIsOld(clock.monotonicMs() - seen.beganAtMs);
  run.assertLease();
  const sentAtMs = clock.monotonicMs();
  const unsent = new AbortController();
  const answered = new AbortController();
  const permit = (): Permit => ({
    // A separate signal for each: Node warns of a leak when more than ten listen to one.
    signal: AbortSignal.any([unsent.signal]),
    holds: () => !unsent.signal.aborted && run.holdsLease() && !isTooOld(seen, clock),
  });
  const acting = Promise.all(
    due.map(async (effect) => ({ effect, came: await effect.act(run, permit()) })),
  ).finally(() => answered.abort());
  void abortWhenOld(unsent, seen, clock, answered.signal);
  await run.whenStopped(acting, () => {
    unsent.abort();
    return describeUnderWay(due, clock.monotonicMs() - sentAtMs);
  });
  const attempts = await findOut(await acting, step.readTimeoutMs.before, run);
  for (const { effect, came } of attempts) {
    const byOthers = came.kind === 'done already' && first.has(effect);
    if (isDone(came)) await complete(effect, byOthers ? 'byOthers' : 'byThis', run);
  }
  const halts = attempts.map(({ came }) => came).filter(isHalt);
  // An unknown outcome is reported before any other halt.
  const halted = halts.find(({ state }) => state === 'outcome_unknown') ?? halts[0];
  if (halted !== undefined) return halted;
  const unfinished = attempts.some(({ came }) => !isDone(came));
  const stoppedMeanwhile = unfinished && unsent.signal.aborted ? await run.stoppedByPeople() : undefined;
  if (stoppedMeanwhile !== undefined) return stoppedMeanwhile;
  return attempts.map(({ effect, came }) => notYet(effect, came)).find((one) => one !== undefined);
}

/** Whether it was done, also when somebody undid it since. */
export async function wasDone(effect: Effect, inspection: Inspection, run: Run): Promise<boolean> {
  if (effect.isDone(inspection)) return true;
  return effect.isNoted?.(inspection, await run.recordsSince(effect.step)) ?? false;
}

/** Notes that an effect is done. */
export async function complete({ step, found }: Effect, by: keyof Effect['found'], run: Run): Promise<void> {
  const atMs = run.clock.now();
  await run.commit({ kind: 'complete', step, atMs, found: found[by] });
}

/** Runs until `answered` aborts. */
async function abortWhenOld(
  unsent: AbortController,
  seen: Seen,
  clock: Run['clock'],
  answered: AbortSignal,
): Promise<void> {
  while (!answered.aborted && !isTooOld(seen, clock)) await clock.sleep(AGE_ASKED_EVERY_MS, answered);
  if (!answered.aborted) unsent.abort(TOO_OLD);
}

function isDone({ kind }: Attempt): boolean {
  return kind === 'done' || kind === 'done already';
}

interface Attempted {
  readonly effect: Effect;
  readonly came: Attempt;
}

function describeUnderWay(due: readonly Effect[], forMs: number): string {
  return `Stopping. ${due.map(({ doing }) => doing).join(', ')} has been under way for ${duration(forMs)}: waiting for its result`;
}

/** Looks up in the cluster what gave no answer. No stop ends that: the outcome has to be known. */
async function findOut(
  attempts: readonly Attempted[],
  timeoutMs: number,
  run: Run,
): Promise<readonly Attempted[]> {
  if (attempts.every(({ came }) => came.kind !== 'not answered')) return attempts;
  const [open = ''] = attempts.flatMap(({ came }) =>
    came.kind === 'not answered' ? [came.unknown.sentence] : [],
  );
  const state = await readWithin(timeoutMs, open, run, () => run.cluster.tmmState());
  const found = state === undefined ? undefined : openInspection(run.target, state);
  return Promise.all(
    attempts.map(async ({ effect, came }): Promise<Attempted> => {
      if (came.kind !== 'not answered') return { effect, came };
      if (found === undefined) return { effect, came: came.unknown };
      return { effect, came: (await wasDone(effect, found, run)) ? { kind: 'done' } : came };
    }),
  );
}

const READ_EVERY_MS = 1_000;

/** Reads the cluster, regardless of stops; undefined when it cannot be read for so long. */
export async function readWithin<State extends object>(
  timeoutMs: number,
  open: string,
  { clock, signal, assertLease, sayProgress }: Run,
  read: () => Promise<State | Refusal>,
): Promise<State | undefined> {
  for (const untilMs = clock.monotonicMs() + timeoutMs; ; ) {
    assertLease();
    const state = await read();
    if (!isRefusal(state)) return state;
    if (clock.monotonicMs() >= untilMs) return undefined;
    await sayProgress('not answered', `${open} The cluster cannot be read yet: ${state.sentence}`);
    await clock.sleep(READ_EVERY_MS, signal);
  }
}

function lookIsOld(forMs: number): NotYet {
  const sentence = `The last read of the cluster is ${duration(forMs)} old, too old to act on`;
  return {
    kind: 'not yet',
    about: LOOK_TOO_OLD,
    progress: () => `${sentence}: reading again`,
    tooLong: () =>
      halt('internal_error', `${sentence}, at every attempt: nothing more was done.`, {
        next: 'Find out which answers slowly: Redis, the API server, or exec in the TMM pods. Then Check again.',
      }),
  };
}

function notYet({ doing, step }: Effect, came: Attempt): NotYet | undefined {
  switch (came.kind) {
    case 'blocked':
      return step.kind === 'write' ? undefined : blocked(step, came.why);
    case 'not sent':
      return notReached(doing, came.refusal.sentence, came.refusal.next);
    case 'not answered':
      // It was looked up and has not happened: the next attempt checks all preconditions again.
      return notReached(
        doing,
        `${asClause(came.why)}. The cluster shows that it was not done.`,
        came.unknown.next,
      );
    default:
      return undefined;
  }
}

function blocked({ pod, node }: { readonly pod: string; readonly node: string }, why: string): NotYet {
  return {
    kind: 'not yet',
    about: `blocked ${pod}`,
    progress: (forMs) => `${pod} on ${node} may not be evicted yet, ${duration(forMs)}: ${why}`,
    tooLong: (forMs) =>
      halt(
        'eviction_blocked',
        `${pod} on ${node} could not be evicted for ${duration(forMs)}: ${why} It keeps running.`,
        { next: 'Look at the PodDisruptionBudget, and at the TMM pods that are not Ready.' },
      ),
  };
}

function notReached(doing: string, why: string, next: string | undefined): NotYet {
  return {
    kind: 'not yet',
    about: `not reached ${doing}`,
    progress: (forMs) => `${doing} has been retried for ${duration(forMs)}: ${why}`,
    tooLong: (forMs) =>
      halt('cluster_unreachable', `${doing} was tried for ${duration(forMs)}: ${why}`, {
        ...(next === undefined ? {} : { next }),
      }),
  };
}
