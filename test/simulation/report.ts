import { HAPPENINGS } from './happenings.ts';
import type { Found } from './seed-batch.ts';
import { COUNT_KINDS, type Counts } from './trace.ts';

/** What a run of many seeds met, and what it found. */
export function printReport(run: {
  readonly counts: Counts;
  readonly bad: readonly Found[];
  readonly changes: number;
  readonly seeds: number;
  readonly from: number;
  readonly tookForMs: number;
}): void {
  const { counts, bad, changes, seeds, from, tookForMs } = run;
  for (const { name } of HAPPENINGS) if (!counts.event.has(name)) counts.event.set(name, 0);
  for (const kind of COUNT_KINDS) {
    say(`${kind}s`);
    for (const [what, times] of [...counts[kind]].sort(([one], [other]) => (one < other ? -1 : 1)))
      say(`${String(times).padStart(9)}  ${what}`);
  }
  for (const { seed, violations } of bad)
    for (const { invariant, what } of violations) say(`seed ${seed}: ${invariant}: ${what}`);
  const perSecond = Math.round((changes / tookForMs) * 1000);
  say(`from seed ${from}: ${changes} changes in ${(tookForMs / 1000).toFixed(1)} s, ${perSecond} a second`);
  const found = bad.reduce((sum, { violations }) => sum + violations.length, 0);
  say(`${seeds} seeds, ${found} violations`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
