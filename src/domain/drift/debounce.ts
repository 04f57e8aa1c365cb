import type { Observation } from './detect.ts';

/** A trouble that was seen, and how steadily: what comes and goes is not worth a word. */
export interface DebouncedFinding {
  readonly observation: Observation;
  /** Looks in a row at which it was there; 0 while it is not. */
  readonly seen: number;
  /** Looks in a row at which it was not there. */
  readonly missed: number;
  /** Whether it was told. */
  readonly told: boolean;
}

export type DebouncedFindings = Readonly<Record<string, DebouncedFinding>>;

export interface Debounced {
  readonly notes: DebouncedFindings;
  /** To be told now, once. */
  readonly begun: readonly Observation[];
  /** Over, after having been told. */
  readonly over: readonly Observation[];
}

const STEADY = 2;

/** What two looks in a row agree on is told; what comes and goes is not. */
export function debounce(notes: DebouncedFindings, observations: readonly Observation[]): Debounced {
  const present = new Map(observations.map((observation) => [observation.key, observation]));
  const keys = new Set([...Object.keys(notes), ...present.keys()]);
  const next: Record<string, DebouncedFinding> = {};
  const begun: Observation[] = [];
  const over: Observation[] = [];
  for (const key of keys) {
    const note = step(notes[key], present.get(key));
    if (note === undefined) continue;
    const told = note.told || note.seen >= STEADY;
    if (told && !note.told) begun.push(note.observation);
    if (note.missed >= STEADY) {
      if (told) over.push(note.observation);
      continue;
    }
    next[key] = { ...note, told };
  }
  return { notes: next, begun, over };
}

function step(
  note: DebouncedFinding | undefined,
  observation: Observation | undefined,
): DebouncedFinding | undefined {
  if (observation !== undefined)
    return { observation, seen: (note?.seen ?? 0) + 1, missed: 0, told: note?.told ?? false };
  return note === undefined ? undefined : { ...note, seen: 0, missed: note.missed + 1 };
}
