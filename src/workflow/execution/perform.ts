import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Baseline, Change, JournalEntry } from '../../domain/change/change.ts';
import { journalled } from '../../domain/change/journal.ts';
import type { Step } from '../../domain/change/plan.ts';
import { baselineOf } from '../../domain/checks/baseline.ts';
import { type EvictedPod, PASS } from '../../domain/checks/check.ts';
import { attempt, LOOK_TOO_OLD } from './attempt.ts';
import type { Effect, GuardedStep } from './guarded-step.ts';
import { type Halt, isHalt } from './halt.ts';
import type { Condition, Conditions } from './look.ts';
import { poll } from './poll.ts';
import type { Run } from './run.ts';

/** The pauses between attempts at a blocked effect grow from the minimum to the maximum. */
const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 5_000;

/**
 * Every effect of the bot happens here: live inspection, all preconditions, intent in the journal, the effect, then the
 * postconditions until they hold. A step that the journal has as done is not done again; one that was only intended is.
 */
export async function perform(step: GuardedStep, run: Run): Promise<Halt | undefined> {
  const isFound = (one: Step): boolean => journalled(run.change(), one, 'found') !== undefined;
  if (step.effects.every((effect) => isFound(effect.check?.step ?? effect.step))) return undefined;
  const acted = step.effects.every((effect) => isFound(effect.step));
  const stopped = acted ? undefined : await act(step, run);
  const { postconditions } = step;
  if (stopped !== undefined || postconditions === undefined) return stopped;
  const before = journalledBaseline(step, run) ?? { announced: {}, pods: [] };
  const conditions: Conditions = (state) => postconditions(before, run.change())(state);
  const seen = await poll(run, conditions, step.readTimeoutMs.after);
  if (isHalt(seen)) return seen;
  for (const { check } of step.effects)
    if (check !== undefined && !isFound(check.step))
      await run.commit({
        kind: 'complete',
        step: check.step,
        atMs: run.clock.now(),
        found: check.found(seen.inspection, before),
      });
  return undefined;
}

/** Retries until the effects are done, with every precondition checked again at each attempt. */
async function act(step: GuardedStep, run: Run): Promise<Halt | undefined> {
  const { clock, target } = run;
  const evicted = step.effects.flatMap(({ evicts }) => evicts ?? []);
  // What the baseline needs is read in the same evaluation, so that no read is between the evaluation and the effect.
  const conditions: Conditions = (state) => [
    ...step.preconditions(run.change(), clock.now())(state),
    ...(evicted.length === 0 ? [] : [baselineRead(evicted)]),
  ];
  const noted: Noted = new Map();
  let waitsSinceMs: number | undefined;
  let pauseMs = MIN_PAUSE_MS;
  let slow: Inspection | undefined;
  for (;;) {
    const seen = await poll(run, conditions, step.readTimeoutMs.before, slow, step.nodes);
    if (isHalt(seen)) return seen;
    const isFirst = new Set(step.effects.filter((effect) => !isBegun(effect, run)));
    await intend(step, seen.inspection, noted, run);
    const came = await attempt(step, isFirst, seen, run);
    if (came === undefined || isHalt(came)) return came;
    waitsSinceMs ??= clock.monotonicMs();
    const waitsForMs = clock.monotonicMs() - waitsSinceMs;
    if (waitsForMs >= target.timeouts.evictionTimeoutMs) return came.tooLong(waitsForMs);
    await run.sayProgress(came.about, came.progress(waitsForMs));
    const stopped = await run.rest(pauseMs);
    if (stopped !== undefined) return stopped;
    pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 1.5);
    if (came.about === LOOK_TOO_OLD) slow = seen.inspection;
  }
}

/** Whether an earlier attempt, of this worker or another one, may have done it. */
function isBegun({ step }: Effect, run: Run): boolean {
  return journalled(run.change(), step, 'intended') !== undefined;
}

/** Always passes, once the baseline is read. */
function baselineRead(evicted: readonly EvictedPod[]): Condition {
  return {
    key: 'baseline',
    bound: { key: 'baseline', timeoutMs: 0 },
    judge: (inspection) => {
      const baseline = baselineOf(inspection, evicted);
      return 'kind' in baseline ? baseline : PASS;
    },
  };
}

/** What this worker noted for each effect that it is about to apply. */
type Noted = Map<Effect, Baseline | undefined>;

/**
 * Notes what is about to happen and the state before it: each worker again, so that none acts before it appended under its lease;
 * and again when the state has changed since. What an earlier attempt did is not noted again.
 */
async function intend(step: GuardedStep, seen: Inspection, noted: Noted, run: Run): Promise<void> {
  const before = baselineIn(step, seen, run);
  for (const effect of step.effects) {
    if (journalled(run.change(), effect.step, 'found') !== undefined || isDoneByEarlier(effect, seen, run))
      continue;
    if (noted.has(effect) && samePods(noted.get(effect), before)) continue;
    const event = {
      kind: 'intend' as const,
      step: effect.step,
      atMs: run.clock.now(),
      details: effect.details(before),
    };
    await run.commit(before === undefined ? event : { ...event, before });
    noted.set(effect, before);
  }
}

function isDoneByEarlier(effect: Effect, seen: Inspection, run: Run): boolean {
  return isBegun(effect, run) && effect.isDone(seen);
}

/** The replacement of a pod that an earlier attempt evicted is not part of the baseline. */
function baselineIn(step: GuardedStep, seen: Inspection, run: Run): Baseline | undefined {
  const evicted = step.effects.flatMap(({ evicts }) => evicts ?? []);
  if (evicted.length === 0) return undefined;
  const baseline = baselineOf(seen, evicted);
  if ('kind' in baseline) throw new Error('reading the baseline: the look lacks a page that it asked for');
  const isTaken = step.effects.some((effect) => isDoneByEarlier(effect, seen, run));
  const noted = isTaken ? journalledBaseline(step, run) : undefined;
  if (noted === undefined) return baseline;
  const { beforeResume = false, ...before } = noted;
  return beforeResume ? { ...before, announced: baseline.announced } : before;
}

function samePods(one: Baseline | undefined, other: Baseline | undefined): boolean {
  return one?.pods.toSorted().join() === other?.pods.toSorted().join();
}

/** After a resume the number of prefixes announced before the halt is not required: they may have been withdrawn on purpose. */
function journalledBaseline({ effects }: GuardedStep, run: Run): Baseline | undefined {
  const change = run.change();
  const entries = new Set(effects.flatMap(({ step }) => journalled(change, step, 'intended') ?? []));
  const newest = change.journal.findLast((entry) => entries.has(entry));
  if (newest?.before === undefined || isBelieved(newest, change)) return newest?.before;
  return { ...newest.before, beforeResume: true };
}

/** Whether an entry is from after the last resume: earlier ones are read again. */
function isBelieved({ atMs }: JournalEntry, { resumedAtMs }: Change): boolean {
  return resumedAtMs === undefined || atMs > resumedAtMs;
}
