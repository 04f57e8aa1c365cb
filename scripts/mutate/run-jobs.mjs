import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));
const WORKERS = 2;
/** What a module leaves behind in memory is never given back, so that a worker is replaced now and then. */
const JOBS_PER_WORKER = 200;
/** For whatever comes before the first test. */
const FIRST_WAIT_MS = 120_000;

/**
 * Gives the jobs to workers, and each job with its reply to `answered`. A reply is what `worker.mjs` says, or
 * `{ kind: 'timeout' }`, or `{ kind: 'crash' }`.
 */
export async function runJobs(jobs, answered) {
  const waiting = jobs.values();
  await Promise.all(Array.from({ length: Math.min(WORKERS, jobs.length) }, () => work(waiting, answered)));
}

/** Takes jobs until none is left. */
async function work(waiting, answered) {
  let worker;
  let jobsDone = 0;
  for (const job of waiting) {
    // One that a mutant ruined may also end between two jobs.
    if (!worker?.connected) worker = startWorker();
    const reply = await ask(worker, job);
    if (reply.kind === 'broken') throw new Error(reply.why);
    answered(job, reply);
    jobsDone += 1;
    if (reply.kind !== 'timeout' && reply.kind !== 'crash' && jobsDone % JOBS_PER_WORKER !== 0) continue;
    worker.kill('SIGKILL');
    worker = undefined;
  }
  worker?.kill('SIGKILL');
}

function startWorker() {
  return fork(WORKER, {
    execArgv: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function ask(worker, job) {
  return new Promise((resolve) => {
    let timer;
    const wait = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(end, ms, { kind: 'timeout' });
    };
    const end = (reply) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(reply);
    };
    // A worker says before each test how long to wait for it, and ends itself when it works for too long.
    worker.on('message', (message) => (message.kind === 'limit' ? wait(message.waitMs) : end(message)));
    worker.on('exit', (_, signal) => end({ kind: signal === 'SIGKILL' ? 'timeout' : 'crash' }));
    worker.on('error', () => end({ kind: 'crash' }));
    wait(FIRST_WAIT_MS);
    worker.send(job);
  });
}
