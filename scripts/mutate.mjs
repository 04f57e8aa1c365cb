// Mutation testing: changes one expression of the source at a time and runs the unit tests that reach it. A mutant that
// no test notices has survived. `npm run mutate -- [--sample N] [--seed S] [--only path] [--thorough]`; exit code 1 when
// too few are killed, or when an entry of EQUIVALENT is stale.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge } from './mutate/judge.mjs';
import { mutantsOf } from './mutate/mutants-of.mjs';
import { printReport } from './mutate/print-report.mjs';
import { rehearse, runMutants } from './mutate/run-mutants.mjs';
import { sampleOf } from './mutate/sample-of.mjs';
import { testsOf } from './mutate/tests-of.mjs';
import { filesBelow } from './source-files.mjs';

const SOURCES = ['src/domain', 'src/workflow'];
const TESTS = ['test/domain', 'test/workflow'];
/** `[{ file, line, mutation, reason }]`: mutants that no test can tell from the source. `line` is the line's text. */
const EQUIVALENT = 'test/mutants-equivalent.json';
const LEAST_PERCENT = 92;

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
process.exitCode = (await mutate(readOptions())) ? 0 : 1;

/** Resolves to whether all is well. */
async function mutate({ only, sample, seed, thorough }) {
  const sources = filesBelow(SOURCES, '.ts');
  const mutants = sources.flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')).mutants);
  const chosen = sampleOf(
    mutants.filter(({ file }) => file.includes(only)),
    { size: sample, seed },
  );
  if (chosen.length === 0)
    throw new Error(`--only ${only}: no mutant in ${mutants.length} is in such a file`);
  const mutated = chosen.map(({ file }) => file);
  const rehearsal = await rehearse(testsOf(mutated, filesBelow(TESTS, '.test.ts')), sources);
  if (rehearsal.failures.length > 0) {
    process.stdout.write(`The tests fail without a mutant:\n${rehearsal.failures.join('\n')}\n`);
    return false;
  }
  const startedAtMs = performance.now();
  const outcomes = await runMutants(chosen, rehearsal, { thorough });
  const equivalents = JSON.parse(readFileSync(EQUIVALENT, 'utf8'));
  const verdict = judge(outcomes, { mutants, equivalents });
  printReport(verdict, { tookForMs: performance.now() - startedAtMs, leastPercent: LEAST_PERCENT });
  return verdict.percent >= LEAST_PERCENT && verdict.stale.length === 0;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      sample: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' },
      thorough: { type: 'boolean', default: false },
    },
  });
  const [sample, seed] = [Number(values.sample), Number(values.seed)];
  if (!(sample > 0)) throw new Error('--sample: give how many mutants to try, such as 60');
  if (!Number.isInteger(seed)) throw new Error('--seed: give a whole number');
  return { ...values, sample, seed };
}
