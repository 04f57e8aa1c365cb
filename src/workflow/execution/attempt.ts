import { openInspection } from '../../commands/inspection/inspect.ts';
import { journalled } from '../../domain/change/journal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Permit } from '../../ports/cluster.ts';
import type { Attempt, Effect, GuardedStep } from './guarded-step.ts';
import type { Seen } from './poll.ts';
import { duration, type Halt, halt, isHalt, type Run } from './run.ts';

/** Nothing halts it, but it could not be done yet. */
export interface NotYet {
  readonly kind: 'not yet';
  /** What is waited for, as a key. */
  readonly about: string;
  progress(forMs: number): string;
  /** What it comes to when that has taken too long. */
  tooLong(forMs: number): Halt;
}

/** How long what a look saw may be acted on once it has ended: the note of the intent and the last question to people fit in. */
const LOOK_HOLDS_FOR_MS = 5_000;
/** How old what it saw first may be by then: a look is slow where pods are slow to answer. */
const SEEN_HOLDS_FOR_MS = 10_000;
const AGE_ASKED_EVERY_MS = 500;
const TOO_OLD =
  'nothing was sent within 5 s of the last read of the cluster, for example because the kubeconfig gave no credentials';
/** What `NotYet` is about where everything has to be looked at again before anything is sent. */
export const LOOK_TOO_OLD = 'look';

function isTooOld({ beganAtMs, endedAtMs }: Seen, clock: Run['clock']): boolean {
  const nowMs = clock.monotonicMs();
  return nowMs - endedAtMs > LOOK_HOLDS_FOR_MS || nowMs - beganAtMs > SEEN_HOLDS_FOR_MS;
}

/**
 * Has those effects of a step that are not done yet, by the journal and by what was seen. Nothing is sent once somebody said stop, or once
 * what was seen is too old; an effect under way is waited for whatever anybody says, and looked for in the cluster where it gives no
 * answer. Undefined when all is done.
 * @param first the effects that were never attempted before: one of these that is done already was done by somebody else
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
    // Each has a signal of its own: Node warns of a leak where more than ten listen to one.
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
  // That nobody knows what was done is told before all else.
  const halted = halts.find(({ state }) => state === 'outcome_unknown') ?? halts[0];
  if (halted !== undefined) return halted;
  const unfinished = attempts.some(({ came }) => !isDone(came));
  const stoppedMeanwhile = unfinished && unsent.signal.aborted ? await run.stoppedByPeople() : undefined;
  if (stoppedMeanwhile !== undefined) return stoppedMeanwhile;
  return attempts.map(({ effect, came }) => notYet(effect, came)).find((one) => one !== undefined);
}

/** Notes that an effect is done. */
export async function complete({ step, found }: Effect, by: keyof Effect['found'], run: Run): Promise<void> {
  const atMs = run.clock.now();
  await run.commit({ kind: 'complete', step, atMs, found: found[by] });
}

/** Until `answered` aborts. */
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

/** Looks in the cluster for what gave no answer. Nobody's stop ends that: it has to be known. */
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
  return attempts.map(({ effect, came }) => {
    if (came.kind !== 'not answered') return { effect, came };
    if (found === undefined) return { effect, came: came.unknown };
    return { effect, came: effect.isDone(found) ? { kind: 'done' } : came };
  });
}

const READ_EVERY_MS = 1_000;

/** What is read of the cluster, whatever anybody says meanwhile; undefined when it cannot be read for so long. */
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
      // It was looked for, and has not happened: the next attempt asks all preconditions again.
      return notReached(
        doing,
        'No answer came, and the cluster shows that it was not done.',
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
