import type { Change, JournalEntry } from './change.ts';
import { type Step, stepsInOrder } from './plan.ts';

/** A step about to be executed, and the state before it. */
export interface Intention {
  readonly step: Step;
  readonly atMs: number;
  readonly before?: NonNullable<JournalEntry['before']>;
  /** Additional data of the step's record. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Completion {
  readonly step: Step;
  readonly atMs: number;
  readonly found: string;
}

/**
 * Notes what is about to happen, replacing the note of an earlier attempt at the step: a journal grows only with completed work.
 */
export function intend(change: Change, { step, atMs: now, before }: Intention): Pick<Change, 'journal'> {
  const atMs = entryTime(change, now);
  const entry = { step, phase: 'intended', atMs, ...(before === undefined ? {} : { before }) } as const;
  const others = change.journal.filter((one) => one.phase !== 'intended' || keyOf(one.step) !== keyOf(step));
  return { journal: [...others, entry] };
}

/** Notes the result. */
export function complete(change: Change, { step, atMs, found }: Completion): Pick<Change, 'journal'> {
  return { journal: [...change.journal, { step, phase: 'found', atMs: entryTime(change, atMs), found }] };
}

/** Clocks of replicas differ: the times of a journal never run backwards, and entries after a resume are later than it. */
function entryTime({ journal, resumedAtMs = -1 }: Change, atMs: number): number {
  return Math.max(atMs, journal.at(-1)?.atMs ?? 0, resumedAtMs + 1);
}

/** A time for the resume that no journal entry is later than. */
export function resumptionTime({ journal }: Change, atMs: number): number {
  return Math.max(atMs, journal.at(-1)?.atMs ?? 0);
}

/** The journal's newest entry of a step and phase; undefined where there is none. */
export function journalled(
  { journal }: Pick<Change, 'journal'>,
  step: Step,
  phase: JournalEntry['phase'],
): JournalEntry | undefined {
  return journal.findLast((entry) => entry.phase === phase && keyOf(entry.step) === keyOf(step));
}

export type EntryOf = (step: Step, phase: JournalEntry['phase']) => JournalEntry | undefined;

/** The same for many steps of one journal, which is read once. */
export function entriesOf({ journal }: Pick<Change, 'journal'>): EntryOf {
  const entries = new Map(journal.map((entry) => [`${entry.phase} ${keyOf(entry.step)}`, entry]));
  return (step, phase) => entries.get(`${phase} ${keyOf(step)}`);
}

/** Number of steps, and number of completed ones. */
export function stepCounts(change: Pick<Change, 'plan' | 'journal'>): {
  readonly done: number;
  readonly all: number;
} {
  const entryOf = entriesOf(change);
  const steps = stepsInOrder(change.plan);
  return {
    done: steps.filter((step) => entryOf(step, 'found') !== undefined).length,
    all: steps.length,
  };
}

function keyOf(step: Step): string {
  return step.kind === 'write' ? `write ${step.lookup} ${step.node}` : `${step.kind} ${step.uid}`;
}
