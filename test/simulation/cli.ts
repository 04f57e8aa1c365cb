import { parseArgs } from 'node:util';
import { printReport } from './report.ts';
import { runSeed, type SeedRun } from './run-seed.ts';
import { addCounts, noCounts } from './trace.ts';

/** `--seeds N` new seeds, or `--seed S` alone; `--trace` prints what happened, `--go-on` does not stop
 * after some seeds with violations, `--first NAME;NAME` stops at
 * the first of these invariants only, and says no more. Resolves to whether nothing was violated. */
export async function simulate(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string' },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      'go-on': { type: 'boolean', default: false },
      first: { type: 'string' },
    },
  });
  if (values.seed !== undefined) return replay(Number(values.seed), values.trace);
  const count = Number(values.seeds);
  const from = values.from === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.from);
  const counts = noCounts();
  const bad: SeedRun[] = [];
  const startedAtMs = performance.now();
  const startedCpu = process.cpuUsage();
  // Whoever reads about a violation replays it, with all stacks.
  Error.stackTraceLimit = 0;
  let changes = 0;
  let ran = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const run = await runSeed(seed, { traced: false });
    addCounts(counts, run.counts);
    changes += run.changes;
    ran += 1;
    if (run.violations.length === 0) continue;
    bad.push(run);
    const expected = run.violations.find(({ invariant }) => values.first?.split(';').includes(invariant));
    if (values.first !== undefined && expected === undefined) continue;
    if (expected !== undefined) {
      process.stdout.write(
        `found after ${ran} seeds: seed ${seed}, ${expected.invariant}: ${expected.what}\n`,
      );
      return false;
    }
    if (!values['go-on'] && bad.length >= MOST_BAD) break;
  }
  printReport({
    counts,
    bad,
    changes,
    seeds: ran,
    from,
    tookForMs: performance.now() - startedAtMs,
    busyForMs: busyForMs(startedCpu),
  });
  Error.stackTraceLimit = 10;
  const [first] = bad;
  if (first !== undefined && !values['go-on']) await replay(first.seed, true);
  return bad.length === 0;
}

/** After so many seeds with violations it is clear that something is wrong. */
const MOST_BAD = 5;

function busyForMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

async function replay(seed: number, traced: boolean): Promise<boolean> {
  const { violations, trace } = await runSeed(seed, { traced });
  for (const line of trace) process.stdout.write(`${line}\n`);
  for (const { invariant, what } of violations) process.stdout.write(`seed ${seed}: ${invariant}: ${what}\n`);
  process.stdout.write(`seed ${seed}: ${violations.length} violations\n`);
  return violations.length === 0;
}
