import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Baseline, Step } from '../../domain/change/change.ts';
import { baselineOf } from '../../domain/checks/baseline.ts';
import { type Conditions, judge } from './look.ts';
import { poll } from './poll.ts';
import { duration, type Halt, halt, isHalt, journalled, type Run } from './run.ts';

/** One step of a plan: what must hold before it, what it does, and what must hold before the next one begins. */
export interface GuardedStep {
  readonly preconditions: Conditions;
  /** More than one only where all happen at the same time. */
  readonly effects: readonly Effect[];
  readonly postconditions: (before: Baseline) => Conditions;
  /** How long the cluster may be unreadable before the effect, and after it. */
  readonly readTimeoutMs: { readonly before: number; readonly after: number };
}

/** One guarded call to the cluster. Done twice it changes nothing more. */
export interface Effect {
  readonly step: Step;
  /** What the journal says once it is done: at once where a check follows, else once the postconditions hold. */
  readonly found: string;
  /** The step that is done once the postconditions hold, where the effect alone is half of it, and what it finds. */
  readonly check?: { readonly step: Step; found(inspection: Inspection, before: Baseline): string };
  /** The TMM pod that goes; its baseline is kept. */
  readonly evicts?: string;
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
  const stopped = acted ? await run.stoppedByPeople() : await act(step, run);
  if (stopped !== undefined) return stopped;
  const before = journalledBaseline(step, run) ?? { announced: null, pods: evictedBy(step) };
  const seen = await poll(run, step.postconditions(before), step.readTimeoutMs.after);
  if (isHalt(seen)) return seen;
  for (const { step: one, found, check } of step.effects) {
    if (isFound(check?.step ?? one)) continue;
    if (check === undefined) await complete(one, found, run);
    else await complete(check.step, check.found(seen, before), run);
  }
  return undefined;
}

/** Tries until the effects are done, with every precondition anew at each attempt. */
async function act(step: GuardedStep, run: Run): Promise<Halt | undefined> {
  const { clock, target } = run;
  let blockedAtMs: number | undefined;
  let pauseMs = SHORTEST_PAUSE_MS;
  for (;;) {
    const seen = await poll(run, step.preconditions, step.readTimeoutMs.before, () => run.stoppedByPeople());
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
    await clock.sleep(pauseMs, run.signal);
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5);
  }
}

/** Notes what is about to happen, and what it was like before. */
async function intend(step: GuardedStep, seen: Inspection, run: Run): Promise<void> {
  const due = step.effects.filter(
    (effect) => journalled(run.change(), effect.step, 'intended') === undefined,
  );
  if (due.length === 0) return;
  const before = journalledBaseline(step, run) ?? (await readBaseline(step, seen, run));
  for (const effect of due) {
    const event = {
      kind: 'intend' as const,
      step: effect.step,
      atMs: run.clock.now(),
      details: effect.details(before),
    };
    await run.commit(before === undefined ? event : { ...event, before });
  }
}

async function readBaseline(step: GuardedStep, seen: Inspection, run: Run): Promise<Baseline | undefined> {
  const evicted = evictedBy(step);
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
    if (came.kind === 'done' && effect.check !== undefined) await complete(effect.step, effect.found, run);
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

function journalledBaseline({ effects: [first] }: GuardedStep, run: Run): Baseline | undefined {
  return first === undefined ? undefined : journalled(run.change(), first.step, 'intended')?.before;
}

function evictedBy({ effects }: GuardedStep): readonly string[] {
  return effects.flatMap(({ evicts }) => evicts ?? []);
}

async function complete(step: Step, found: string, run: Run): Promise<void> {
  await run.commit({ kind: 'complete', step, atMs: run.clock.now(), found });
}
