import { Queue, type QueueOptions } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import type { JobKind, Jobs } from '../../ports/jobs.ts';

/** One queue per kind, so that a long change delays no query. */
export const QUEUES: Readonly<Record<JobKind, string>> = {
  change: 'changes',
  query: 'queries',
  expiry: 'expiries',
};

/** A job that is done is kept this long: adding its id again in that time adds nothing. */
const KEPT_FOR_S = 24 * 3_600;
const ADD_TIMEOUT_MS = 5_000;

export interface OpenJobs extends Jobs {
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

/** A worker that throws met an outage: a change is retried until it has ended, a query only while somebody waits for it. */
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
