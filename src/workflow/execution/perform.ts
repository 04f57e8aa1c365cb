import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Baseline, Change, JournalEntry, Step } from '../../domain/change/change.ts';
import { baselineOf } from '../../domain/checks/baseline.ts';
import type { EvictedPod } from '../../domain/checks/check.ts';
import { type Conditions, judge } from './look.ts';
import { poll } from './poll.ts';
import { duration, type Halt, halt, isHalt, journalled, type Run } from './run.ts';

/** One step of a plan: what must hold before it, what it does, and what must hold before the next one begins. */
export interface GuardedStep {
  /** Asked immediately before each attempt, with the change as it is then. */
  readonly preconditions: (change: Change, atMs: number) => Conditions;
  /** More than one only where all happen at the same time. */
  readonly effects: readonly Effect[];
  readonly postconditions: (before: Baseline, change: Change) => Conditions;
  /** How long the cluster may be unreadable before the effect, and after it. */
  readonly readTimeoutMs: { readonly before: number; readonly after: number };
}

/** One guarded call to the cluster. Done twice it changes nothing more. */
export interface Effect {
  readonly step: Step;
  /** What the journal says as soon as it is done. */
  readonly found: string;
  /** Where the effect is only half of the step: what is done once the postconditions hold, and what was found then. */
  readonly check?: { readonly step: Step; found(inspection: Inspection, before: Baseline): string };
  /** The TMM pod that goes; its baseline is kept. */
  readonly evicts?: EvictedPod;
  /** What the record of the intent says besides the step. */
  details(before: Baseline | undefined): Readonly<Record<string, unknown>>;
  act(run: Run): Promise<Attempt>;
}

export type Attempt =
  | { readonly kind: 'done' }
  /** Not now, and nothing was done: a PodDisruptionBudget does not allow it. */
  | { readonly kind: 'blocked'; readonly why: string }
  | Halt;

/** The pauses between two attempts at an effect that is blocked grow from the first to the last. */
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Every effect of the bot happens here: fresh inspection, all preconditions, intent in the journal, the effect, then
 * the postconditions until they hold. What the journal says is done is not done again; what was only intended is.
 */
export async function perform(step: GuardedStep, run: Run): Promise<Halt | undefined> {
  const isFound = (one: Step): boolean => journalled(run.change(), one, 'found') !== undefined;
  if (step.effects.every((effect) => isFound(effect.check?.step ?? effect.step))) return undefined;
  const acted = step.effects.every((effect) => isFound(effect.step));
  const stopped = acted ? undefined : await act(step, run);
  if (stopped !== undefined) return stopped;
  const before = journalledBaseline(step, run) ?? { announced: {}, pods: [] };
  const conditions: Conditions = (state) => step.postconditions(before, run.change())(state);
  const seen = await poll(run, conditions, step.readTimeoutMs.after);
  if (isHalt(seen)) return seen;
  for (const { check } of step.effects)
    if (check !== undefined && !isFound(check.step))
      await complete(check.step, check.found(seen, before), run);
  return undefined;
}

/** Tries until the effects are done, with every precondition anew at each attempt. */
async function act(step: GuardedStep, run: Run): Promise<Halt | undefined> {
  const { clock, target } = run;
  let blockedAtMs: number | undefined;
  let pauseMs = SHORTEST_PAUSE_MS;
  for (;;) {
    const seen = await poll(
      run,
      (state) => step.preconditions(run.change(), clock.now())(state),
      step.readTimeoutMs.before,
    );
    if (isHalt(seen)) return seen;
    await intend(step, seen, run);
    const blocked = await attempt(step, run);
    if (blocked === undefined || isHalt(blocked)) return blocked;
    blockedAtMs ??= clock.monotonicMs();
    const blockedForMs = clock.monotonicMs() - blockedAtMs;
    if (blockedForMs >= target.timeouts.evictionTimeoutMs) {
      return halt(
        'eviction_blocked',
        `${blocked.pod} on ${blocked.node} could not be evicted for ${duration(blockedForMs)}: ${blocked.why} It runs on as before.`,
        { next: 'Look at the PodDisruptionBudget, and at the TMM pods that are not Ready.' },
      );
    }
    await run.sayProgress(
      `blocked ${blocked.pod}`,
      `${blocked.pod} on ${blocked.node} may not be evicted yet, ${duration(blockedForMs)}: ${blocked.why}`,
    );
    const stopped = await run.rest(pauseMs);
    if (stopped !== undefined) return stopped;
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5);
  }
}

/** Notes what is about to happen, and what it was like before; once more when that has changed since it was noted. */
async function intend(step: GuardedStep, seen: Inspection, run: Run): Promise<void> {
  const before = await readBaseline(step, seen, run);
  for (const effect of step.effects) {
    if (journalled(run.change(), effect.step, 'found') !== undefined) continue;
    const noted = journalled(run.change(), effect.step, 'intended');
    if (noted !== undefined && isBelieved(noted, run.change()) && samePods(noted.before, before)) continue;
    const event = {
      kind: 'intend' as const,
      step: effect.step,
      atMs: run.clock.now(),
      details: effect.details(before),
    };
    await run.commit(before === undefined ? event : { ...event, before });
  }
}

function samePods(one: Baseline | undefined, other: Baseline | undefined): boolean {
  return one?.pods.toSorted().join() === other?.pods.toSorted().join();
}

async function readBaseline(step: GuardedStep, seen: Inspection, run: Run): Promise<Baseline | undefined> {
  const evicted = step.effects.flatMap(({ evicts }) => evicts ?? []);
  if (evicted.length === 0) return undefined;
  const { answer } = await judge(run, seen, (inspection) => baselineOf(inspection, evicted));
  return answer;
}

/** Does all that is not done yet. What it could not do: nothing, because it halts, or because it is blocked. */
async function attempt(
  step: GuardedStep,
  run: Run,
): Promise<{ readonly pod: string; readonly node: string; readonly why: string } | Halt | undefined> {
  const due = step.effects.filter((effect) => journalled(run.change(), effect.step, 'found') === undefined);
  run.assertLease();
  const attempts = await Promise.all(due.map(async (effect) => ({ effect, came: await effect.act(run) })));
  for (const { effect, came } of attempts) {
    if (came.kind === 'done') await complete(effect.step, effect.found, run);
  }
  const halted = attempts.map(({ came }) => came).find(isHalt);
  if (halted !== undefined) return halted;
  for (const { effect, came } of attempts) {
    const { step: one } = effect;
    if (came.kind === 'blocked' && one.kind !== 'write')
      return { pod: one.pod, node: one.node, why: came.why };
  }
  return undefined;
}

/** After a resume nobody is held to what was announced before the halt: it may have been withdrawn on purpose. */
function journalledBaseline({ effects }: GuardedStep, run: Run): Baseline | undefined {
  const change = run.change();
  const entries = effects.flatMap(({ step }) => journalled(change, step, 'intended') ?? []);
  const newest = entries.toSorted((one, other) => one.atMs - other.atMs).at(-1);
  if (newest?.before === undefined || isBelieved(newest, change)) return newest?.before;
  return { ...newest.before, announced: {} };
}

/** What was noted before the last resume is read anew. */
function isBelieved({ atMs }: JournalEntry, { resumedAtMs }: Change): boolean {
  return resumedAtMs === undefined || atMs > resumedAtMs;
}

async function complete(step: Step, found: string, run: Run): Promise<void> {
  await run.commit({ kind: 'complete', step, atMs: run.clock.now(), found });
}
