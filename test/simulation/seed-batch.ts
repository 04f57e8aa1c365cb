import type { Violation } from './observer.ts';
import { runSeed } from './run-seed.ts';
import { addCounts, type Counts, noCounts } from './trace.ts';

/** Seeds that follow each other. */
export interface Batch {
  readonly from: number;
  readonly seeds: number;
}

export interface BatchRun extends Batch {
  readonly counts: Counts;
  readonly changes: number;
  readonly bad: readonly Found[];
}

export interface Found {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/** Runs them one after the other; whoever reads about a violation replays its seed, with stacks and trace. */
export async function runBatch({ from, seeds }: Batch): Promise<BatchRun> {
  const counts = noCounts();
  const bad: Found[] = [];
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  let changes = 0;
  for (let seed = from; seed < from + seeds; seed += 1) {
    const run = await runSeed(seed, { traced: false });
    addCounts(counts, run.counts);
    changes += run.changes;
    if (run.violations.length > 0) bad.push({ seed, violations: run.violations });
  }
  Error.stackTraceLimit = limit;
  return { from, seeds, counts, changes, bad };
}
