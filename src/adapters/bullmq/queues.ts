import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, type Job, Queue, type QueueOptions, Worker, type WorkerOptions } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import type { JobHandlers, JobKind, Jobs } from '../../ports/jobs.ts';

/** One queue per kind, so that a long change does not delay queries. */
export const QUEUES: Readonly<Record<JobKind, string>> = {
  change: 'changes',
  query: 'queries',
  expiry: 'expiries',
};

/** How long a completed job is kept: adding its id again in that time adds nothing. */
const KEPT_FOR_S = 24 * 3_600;
const ADD_TIMEOUT_MS = 5_000;

interface OpenJobs extends Jobs {
  close(): Promise<void>;
}

export function bullmqJobs(
  connection: Redis | Cluster,
  prefix: string,
  onError: (error: Error) => void,
): OpenJobs {
  const options: QueueOptions = { connection, prefix };
  const queues = {
    change: queue('change', options),
    query: queue('query', options),
    expiry: queue('expiry', options),
  };
  for (const one of Object.values(queues)) one.on('error', onError);
  return {
    async add({ kind, id, delayMs = 0 }) {
      const added = queues[kind].add(kind, {}, { jobId: id, delay: delayMs, ...RETRIES[kind] });
      await Promise.race([added, rejectLate(kind, id)]);
    },
    unfinished: (kind) => queues[kind].getRanges([...UNFINISHED]),
    async close() {
      await Promise.all(Object.values(queues).map((one) => one.close()));
    },
  };
}

const UNFINISHED = ['active', 'wait', 'prioritized', 'delayed'] as const;

/**
 * A worker that throws met an outage: a change is retried until it has ended, a query only while its requester may still be
 * waiting.
 */
const RETRIES = {
  change: {
    attempts: 1_000,
    backoff: { type: 'fixed', delay: 1_000 },
    removeOnComplete: { age: KEPT_FOR_S },
    removeOnFail: { age: KEPT_FOR_S },
  },
  query: {
    attempts: 5,
    backoff: { type: 'exponential', delay: 500 },
    removeOnComplete: { age: 600 },
    removeOnFail: { age: KEPT_FOR_S },
  },
  expiry: {
    attempts: 1_000,
    backoff: { type: 'fixed', delay: 1_000 },
    removeOnComplete: { age: KEPT_FOR_S },
    removeOnFail: { age: KEPT_FOR_S },
  },
} as const satisfies Record<JobKind, object>;

function queue(kind: JobKind, options: QueueOptions): Queue {
  return new Queue(QUEUES[kind], options);
}

async function rejectLate(kind: JobKind, id: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(
      () => reject(new Error(`adding ${kind} ${id}: Redis did not answer in time`)),
      ADD_TIMEOUT_MS,
    ).unref();
  });
}

/** Lock duration: the job of a killed worker is taken over after it and two stalled checks, within 7 s. */
const LOCKED_FOR_MS = 4_000;
const STALLED_EVERY_MS = 1_500;
/**
 * Jobs mostly wait for clusters and routers, so that a slot costs next to nothing. There are more slots than targets are likely
 * to hang at once: one change runs per set of TMM pods, by its lease, and queries are limited per target.
 */
const CONCURRENCY: Readonly<Record<JobKind, number>> = { change: 100, query: 100, expiry: 4 };

interface Workers {
  /** Whether all workers accept jobs, as far as this process can tell. */
  areRunning(): boolean;
  /** Accepts no more jobs and waits for the running ones, at most `timeoutMs`; then aborts them. */
  close(timeoutMs: number): Promise<void>;
}

export function startWorkers(
  connection: Redis | Cluster,
  prefix: string,
  handlers: JobHandlers,
  onError: (error: Error, what: string) => void,
): Workers {
  const closing = new AbortController();
  const workers = (['change', 'query', 'expiry'] as const).map((kind) => {
    const options: WorkerOptions = {
      connection,
      prefix,
      concurrency: CONCURRENCY[kind],
      lockDuration: LOCKED_FOR_MS,
      stalledInterval: STALLED_EVERY_MS,
      // A change may outlive many workers: its journal, not BullMQ, decides which steps are done.
      maxStalledCount: 1_000,
    };
    const worker = new Worker(QUEUES[kind], processor(kind, handlers, closing.signal), options);
    worker.on('error', (error) => onError(error, `${kind} worker`));
    worker.on('failed', (job, error) => onError(error, `${kind} ${job?.id ?? ''}`));
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) worker.cancelJob(id, 'its lock was lost');
    });
    return worker;
  });
  return {
    areRunning: () => workers.every((worker) => worker.isRunning() && !worker.isPaused()),
    async close(timeoutMs) {
      const closed = Promise.all(workers.map((worker) => worker.close()));
      const ended = await Promise.race([closed.then(() => true), sleep(timeoutMs, false, { ref: false })]);
      if (ended) return;
      closing.abort();
      await Promise.all(workers.map((worker) => worker.close(true)));
    },
  };
}

function processor(kind: JobKind, handlers: JobHandlers, closing: AbortSignal) {
  return async (job: Job, token?: string, signal?: AbortSignal): Promise<void> => {
    const stop = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    const outcome = await handlers[kind](job.id ?? '', stop);
    if (outcome.kind === 'done') return;
    await job.moveToDelayed(Date.now() + outcome.afterMs, token);
    throw new DelayedError();
  };
}
