import { isMainThread, Worker, workerData } from 'node:worker_threads';

const LOOK_EVERY_MS = 100;

/**
 * Gives a function that limits, from its call on, for how many milliseconds of processor time this process may work. A
 * thread of its own ends the process when it works on: nothing else comes between a loop and its next round. Time on the
 * clock would not do, on a machine that has other things to do.
 */
export function startLimit() {
  const limit = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)).fill(Infinity);
  new Worker(new URL(import.meta.url), { workerData: limit }).unref();
  return (ms) => {
    limit[0] = workedForMs() + ms;
  };
}

/** The processor time of this process so far. */
export function workedForMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

if (!isMainThread)
  setInterval(() => {
    if (workedForMs() > workerData[0]) process.kill(process.pid, 'SIGKILL');
  }, LOOK_EVERY_MS);
