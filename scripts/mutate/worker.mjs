// A process of its own, because a mutant may never end. Takes jobs from its parent, and answers each with one message.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { replacePieces } from '../syntax-tree.mjs';
import { startLimit, workedForMs } from './limit-work.mjs';
import { compile } from './load-module.mjs';
import { moduleOf, mutantsOf } from './mutants-of.mjs';
import { runTestFile } from './run-test-file.mjs';

const JOBS = { rehearsal: rehearseFile, mutant: runMutant };
const limitWork = startLimit();

process.on('message', async (job) => {
  const broken = (error) => ({ kind: 'broken', why: `${job.file ?? nameOf(job.mutant)}: ${error}` });
  const reply = await JOBS[job.kind](job).catch(broken);
  limitWork(Infinity);
  process.send(reply);
});

// What a mutant left running is of no interest once its tests are over.
process.on('unhandledRejection', () => undefined);

function nameOf({ file, line, change }) {
  return `${file}:${line}: ${change}`;
}

/**
 * Runs a test file without a mutant. `each` of its tests has a `name`, how long it took on the clock (`tookForMs`) and
 * of the processor (`workedForMs`), and the places that it `reached`. What the file reached outside of its tests is
 * `whileLoading`.
 */
async function rehearseFile({ file, sources }) {
  const bySource = new Map(sources.map((source) => [resolve(source), source]));
  const whileLoading = new Set();
  const each = [];
  let started;
  globalThis.reached = whileLoading;
  const failures = await runTestFile(resolve(file), {
    codeOf: (path) => (bySource.has(path) ? compile(withPlaces(bySource.get(path))) : undefined),
    onStart() {
      globalThis.reached = new Set();
      started = { atMs: performance.now(), workedMs: workedForMs() };
    },
    onEnd(name) {
      const reached = [...globalThis.reached];
      globalThis.reached = whileLoading;
      const tookForMs = performance.now() - started.atMs;
      each.push({ name, tookForMs, workedForMs: workedForMs() - started.workedMs, reached });
    },
  });
  return { kind: 'rehearsed', failures, whileLoading: [...whileLoading], each };
}

/** The source, in which each function first notes that it was reached. */
function withPlaces(file) {
  const source = readFileSync(file, 'utf8');
  const note = (place) => `globalThis.reached.add(${JSON.stringify(place)})`;
  const insert = (at, text) => ({ start: at, end: at, text });
  const inFunctions = mutantsOf(file, source).functions.flatMap(({ place, start, end, isExpression }) =>
    isExpression
      ? [insert(start, `(${note(place)}, `), insert(end, ')')]
      : [insert(start + 1, `${note(place)};`)],
  );
  return replacePieces(source, [insert(0, `${note(moduleOf(file))};`), ...inFunctions]);
}

/** Runs the tests of a mutant until one fails that passes without it. */
async function runMutant({ mutant, runs }) {
  const mutated = resolve(mutant.file);
  const code = compile(replacePieces(readFileSync(mutated, 'utf8'), [mutant]));
  for (const run of runs) {
    const failures = await failuresOf(run, (path) => (path === mutated ? code : undefined));
    if (failures.length === 0) continue;
    const anyway = await failuresOf(run, () => undefined);
    if (anyway.length === 0) return { kind: 'killed' };
    // It needs a test that was left out, or a machine with less to do.
    process.stderr.write(`${run.file}: a test failed without a mutant, and kills none: ${anyway[0]}\n`);
  }
  return { kind: 'survived' };
}

function failuresOf({ file, leftOut, limits }, codeOf) {
  limitWork(LOADING_LIMIT_MS);
  return runTestFile(resolve(file), {
    codeOf,
    leftOut,
    untilFirstFailure: true,
    onStart(name) {
      const { workMs, waitMs } = limits[name] ?? UNKNOWN_LIMITS;
      limitWork(workMs);
      process.send({ kind: 'limit', waitMs });
    },
  });
}

const LOADING_LIMIT_MS = 5_000;
/** Of a test whose name the mutant changed. */
const UNKNOWN_LIMITS = { workMs: 10_000, waitMs: 30_000 };
