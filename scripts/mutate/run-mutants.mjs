import { runJobs } from './run-jobs.mjs';

/**
 * Runs every test file once without a mutant. Resolves to `failures`, in words, and `tests`: for each file what its
 * tests take and which functions of the sources they reach, see `rehearseFile`.
 */
export async function rehearse(files, sources) {
  const tests = [];
  const failures = [];
  await runJobs(
    files.map((file) => ({ kind: 'rehearsal', file, sources })),
    ({ file }, reply) => {
      if (reply.kind === 'rehearsed') tests.push({ file, ...reply });
      failures.push(...(reply.failures ?? [reply.kind]).map((failure) => `${file}: ${failure}`));
    },
  );
  return { tests, failures };
}

/**
 * Runs each mutant with the tests that reach it. Resolves to `[{ mutant, ending, untried }]` in the order of the mutants.
 * `untried` says how many slow tests had no turn; `thorough` gives each its turn.
 */
export async function runMutants(mutants, { tests }, { thorough }) {
  const jobs = mutants.map((mutant) => {
    const all = runsFor(mutant, tests);
    const runs = thorough ? all : all.filter(({ startsAtMs }) => startsAtMs < MAX_TESTING_MS);
    return { kind: 'mutant', mutant, runs, untried: all.length - runs.length };
  });
  const endings = new Map();
  for (const { mutant } of jobs.filter(({ runs }) => runs.length === 0)) endings.set(mutant, 'not reached');
  await runJobs(
    jobs.filter(({ runs }) => runs.length > 0),
    ({ mutant }, { kind }) => {
      endings.set(mutant, kind);
      showProgress(endings.size, mutants.length);
    },
  );
  return jobs.map(({ mutant, untried }) => ({ mutant, untried, ending: endings.get(mutant) }));
}

/** What a mutant is worth, in processor time of the tests without it. */
const MAX_TESTING_MS = 4_000;

/**
 * The runs of a mutant, the quickest first: those tests of a `file` that reach it, without the ones `leftOut`, by name.
 * Each slow test has a run of its own, because most mutants are killed before its turn comes. `startsAtMs` says when
 * that is.
 */
function runsFor({ place }, tests) {
  const runs = tests.flatMap(({ file, whileLoading, each }) => {
    const isLoaded = whileLoading.includes(place);
    const chosen = each.filter(({ reached }) => isLoaded || reached.includes(place));
    const quick = chosen.filter(({ workedForMs }) => workedForMs <= QUICK_MS);
    const slow = chosen.filter(({ workedForMs }) => workedForMs > QUICK_MS);
    const groups = [quick, ...slow.map((test) => [test])].filter((group) => group.length > 0);
    return groups.map((group) => runOf(file, each, group));
  });
  let startsAtMs = 0;
  return runs
    .sort((one, other) => one.workedForMs - other.workedForMs)
    .map(({ workedForMs, ...run }) => {
      startsAtMs += workedForMs;
      return { ...run, startsAtMs: startsAtMs - workedForMs };
    });
}

const QUICK_MS = 20;

function runOf(file, each, group) {
  return {
    file,
    leftOut: each.filter((test) => !group.includes(test)).map(({ name }) => name),
    limits: Object.fromEntries(group.map((test) => [test.name, limitsFor(test)])),
    workedForMs: group.reduce((sum, { workedForMs }) => sum + workedForMs, 0),
  };
}

/** A test that works, or waits, so much longer than without the mutant will not end. */
function limitsFor({ workedForMs, tookForMs }) {
  return { workMs: 1_000 + 5 * workedForMs, waitMs: 10_000 + 10 * tookForMs };
}

function showProgress(done, all) {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} mutants${done === all ? '\n' : ''}`);
  else if (done % 250 === 0) process.stderr.write(`${done} of ${all} mutants\n`);
}
