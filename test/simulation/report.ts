import { HAPPENINGS, type SeedRun } from './run-seed.ts';
import { COUNT_KINDS, type Counts } from './trace.ts';

/** What a run of many seeds met, and what it found. */
export function printReport(run: {
  readonly counts: Counts;
  readonly bad: readonly SeedRun[];
  readonly changes: number;
  readonly seeds: number;
  readonly from: number;
  readonly tookForMs: number;
  /** Of the processor's time. */
  readonly busyForMs: number;
}): void {
  const { counts, bad, changes, seeds, from, tookForMs, busyForMs } = run;
  for (const { name } of HAPPENINGS) if (!counts.event.has(name)) counts.event.set(name, 0);
  for (const kind of COUNT_KINDS) {
    say(`${kind}s`);
    for (const [what, times] of [...counts[kind]].sort(([one], [other]) => (one < other ? -1 : 1)))
      say(`${String(times).padStart(9)}  ${what}`);
  }
  for (const { seed, violations } of bad)
    for (const { invariant, what } of violations) say(`seed ${seed}: ${invariant}: ${what}`);
  const perSecond = (ms: number): string => `${Math.round((changes / ms) * 1000)} a second`;
  say(
    `from seed ${from}: ${changes} changes in ${(tookForMs / 1000).toFixed(1)} s, ${perSecond(tookForMs)}; ${perSecond(busyForMs)} of processor time`,
  );
  const found = bad.reduce((sum, { violations }) => sum + violations.length, 0);
  say(`${seeds} seeds, ${found} violations`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
