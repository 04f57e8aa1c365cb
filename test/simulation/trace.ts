/** What happened in a run, in order, for whoever reads about a violation; and how often what was met. */
export interface Trace {
  /** Notes a line; `say` is called only when somebody will read it. */
  note(who: string, say: () => string): void;
  /** Counts that a thing was met. */
  count(kind: CountKind, what: string): void;
  readonly lines: readonly string[];
  readonly counts: Counts;
}

export type CountKind = 'event' | 'fault' | 'outcome' | 'effect';
export type Counts = Record<CountKind, Map<string, number>>;

export function openTrace(nowMs: () => number, reads: boolean): Trace {
  const lines: string[] = [];
  const counts = noCounts();
  return {
    note(who, say) {
      if (reads) lines.push(`${(nowMs() / 1000).toFixed(3).padStart(10)} ${who.padEnd(22)} ${say()}`);
    },
    count(kind, what) {
      counts[kind].set(what, (counts[kind].get(what) ?? 0) + 1);
    },
    lines,
    counts,
  };
}

export function noCounts(): Counts {
  return { event: new Map(), fault: new Map(), outcome: new Map(), effect: new Map() };
}

/** Adds what one run met to what all met. */
export function addCounts(all: Counts, more: Counts): void {
  for (const kind of COUNT_KINDS)
    for (const [what, times] of more[kind]) all[kind].set(what, (all[kind].get(what) ?? 0) + times);
}

export const COUNT_KINDS: readonly CountKind[] = ['event', 'fault', 'effect', 'outcome'];
