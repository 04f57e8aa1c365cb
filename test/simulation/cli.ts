import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { printReport } from './report.ts';
import { runSeed } from './run-seed.ts';
import { type Batch, type BatchRun, type Found, runBatch } from './seed-batch.ts';
import { inProcesses } from './seed-processes.ts';
import { addCounts, noCounts } from './trace.ts';

/**
 * `--seeds N` new seeds, or `--seed S` alone; `--trace` prints what happened, `--go-on` does not stop after some seeds with
 * violations, `--first NAME;NAME` stops at the first of these invariants only, and says no more; `--processes N`, one for
 * each processor unless given. Resolves to whether nothing was violated.
 */
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
      processes: { type: 'string', default: String(availableParallelism()) },
    },
  });
  if (values.seed !== undefined) return replay(Number(values.seed), values.trace);
  const seeds = Number(values.seeds);
  const from = values.from === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.from);
  const sought = values.first?.split(';');
  const counts = noCounts();
  const bad: Found[] = [];
  const startedAtMs = performance.now();
  let changes = 0;
  let ran = 0;
  for await (const batch of inProcesses(batchesOf(from, seeds), Number(values.processes), runBatch)) {
    addCounts(counts, batch.counts);
    changes += batch.changes;
    ran += batch.seeds;
    bad.push(...batch.bad);
    const found = sought === undefined ? undefined : firstOf(batch, sought);
    if (found !== undefined) {
      process.stdout.write(`found after ${found.seed - from + 1} seeds: seed ${found.seed}, ${found.what}\n`);
      return false;
    }
    if (sought === undefined && !values['go-on'] && bad.length >= MAX_BAD) break;
  }
  printReport({ counts, bad, changes, seeds: ran, from, tookForMs: performance.now() - startedAtMs });
  const [first] = bad;
  if (first !== undefined && !values['go-on']) await replay(first.seed, true);
  return bad.length === 0;
}

/** After so many seeds with violations it is clear that something is wrong. */
const MAX_BAD = 5;

/** Small enough that the last ones end at about the same time. */
const BATCH = 100;

function* batchesOf(from: number, seeds: number): Generator<Batch> {
  for (let done = 0; done < seeds; done += BATCH)
    yield { from: from + done, seeds: Math.min(BATCH, seeds - done) };
}

function firstOf({ bad }: BatchRun, sought: readonly string[]): { seed: number; what: string } | undefined {
  for (const { seed, violations } of bad)
    for (const { invariant, what } of violations)
      if (sought.includes(invariant)) return { seed, what: `${invariant}: ${what}` };
  return undefined;
}

async function replay(seed: number, traced: boolean): Promise<boolean> {
  const { violations, trace } = await runSeed(seed, { traced });
  for (const line of trace) process.stdout.write(`${line}\n`);
  for (const { invariant, what } of violations) process.stdout.write(`seed ${seed}: ${invariant}: ${what}\n`);
  process.stdout.write(`seed ${seed}: ${violations.length} violations\n`);
  return violations.length === 0;
}
