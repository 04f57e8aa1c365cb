import type { Change, JournalEntry } from './change.ts';
import { type Step, stepsInOrder } from './plan.ts';

/** A step that is about to be taken, and what it was like before. */
export interface Intention {
  readonly step: Step;
  readonly atMs: number;
  readonly before?: NonNullable<JournalEntry['before']>;
  /** What else the record says of the step. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Completion {
  readonly step: Step;
  readonly atMs: number;
  readonly found: string;
}

/** Notes what is about to happen, in the place of what an earlier attempt noted of it: a journal grows with what is done. */
export function intend(change: Change, { step, atMs: now, before }: Intention): Pick<Change, 'journal'> {
  const atMs = entryTime(change, now);
  const entry = { step, phase: 'intended', atMs, ...(before === undefined ? {} : { before }) } as const;
  const others = change.journal.filter((one) => one.phase !== 'intended' || keyOf(one.step) !== keyOf(step));
  return { journal: [...others, entry] };
}

/** Notes what was found. */
export function complete(change: Change, { step, atMs, found }: Completion): Pick<Change, 'journal'> {
  return { journal: [...change.journal, { step, phase: 'found', atMs: entryTime(change, atMs), found }] };
}

/** Each replica has a clock of its own: the times of a journal never run backwards, and what comes after a resume is later. */
function entryTime({ journal, resumedAtMs = -1 }: Change, atMs: number): number {
  return Math.max(atMs, journal.at(-1)?.atMs ?? 0, resumedAtMs + 1);
}

/** Nothing that stands in the journal is later than the resume. */
export function resumptionTime({ journal }: Change, atMs: number): number {
  return Math.max(atMs, journal.at(-1)?.atMs ?? 0);
}

/** The journal's newest entry of a step and phase, if it got as far as that. */
export function journalled(
  { journal }: Pick<Change, 'journal'>,
  step: Step,
  phase: JournalEntry['phase'],
): JournalEntry | undefined {
  return journal.findLast((entry) => entry.phase === phase && keyOf(entry.step) === keyOf(step));
}

export type EntryOf = (step: Step, phase: JournalEntry['phase']) => JournalEntry | undefined;

/** The same for many steps of one journal, which is gone through once. */
export function entriesOf({ journal }: Pick<Change, 'journal'>): EntryOf {
  const entries = new Map(journal.map((entry) => [`${entry.phase} ${keyOf(entry.step)}`, entry]));
  return (step, phase) => entries.get(`${phase} ${keyOf(step)}`);
}

/** How many steps there are, and how many of them are done. */
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
