import type { Clock } from '../../src/ports/clock.ts';
import type { Job, JobHandlers, JobKind, JobOutcome, Jobs } from '../../src/ports/jobs.ts';

/** Jobs that run when a test says so. */
export interface MemoryJobs extends Jobs {
  /** What waits, the earliest first, with the moment (`monotonicMs`) from which it may run. */
  waiting(): readonly WaitingJob[];
  /** What may run now, the earliest first. */
  due(): readonly WaitingJob[];
  /**
   * Begins the first job that may run now, or the given one; undefined when there is none. `done` resolves when it is
   * done, put back or has failed, and never rejects.
   */
  startNext(handlers: JobHandlers, options?: StartOptions): StartedJob | undefined;
  /** The same to its end. */
  runNext(handlers: JobHandlers, options?: StartOptions): Promise<StartedJob | undefined>;
  /** The lock of whoever runs this job expired: it waits again, and what comes of the first run counts no more. */
  abandon(started: StartedJob): void;
  /** What handlers threw. */
  readonly failures: readonly { readonly job: WaitingJob; readonly error: unknown }[];
}

export interface WaitingJob {
  readonly kind: JobKind;
  readonly id: string;
  readonly dueMs: number;
  /** How often it failed. */
  readonly failed: number;
}

export interface StartOptions {
  readonly job?: Pick<Job, 'kind' | 'id'>;
  /** Aborts when the worker has to stop. */
  readonly signal?: AbortSignal;
}

export interface StartedJob {
  readonly job: WaitingJob;
  readonly done: Promise<JobOutcome | { readonly kind: 'failed' }>;
}

/** A failed question is tried again only as long as somebody waits for its answer. */
const ATTEMPTS: Readonly<Record<JobKind, number>> = { change: 1_000, query: 5, expiry: 1_000 };
const FAILED_PAUSE_MS = 1_000;

export function memoryJobs(clock: Clock): MemoryJobs {
  const known = new Set<string>();
  const waiting = new Set<WaitingJob>();
  const running = new Set<WaitingJob>();
  const abandoned = new WeakSet<WaitingJob>();
  const failures: { job: WaitingJob; error: unknown }[] = [];

  const inOrder = (): readonly WaitingJob[] => [...waiting].toSorted((one, other) => one.dueMs - other.dueMs);
  const due = (): readonly WaitingJob[] => inOrder().filter(({ dueMs }) => dueMs <= clock.monotonicMs());
  const putBack = (job: WaitingJob, afterMs: number, failed: number): void => {
    if (!abandoned.has(job)) waiting.add({ ...job, dueMs: clock.monotonicMs() + afterMs, failed });
  };

  const run = async (job: WaitingJob, handlers: JobHandlers, signal: AbortSignal) => {
    try {
      const outcome = await handlers[job.kind](job.id, signal);
      if (outcome.kind === 'later') putBack(job, outcome.afterMs, job.failed);
      return outcome;
    } catch (error) {
      failures.push({ job, error });
      const failed = job.failed + 1;
      if (failed < ATTEMPTS[job.kind]) putBack(job, FAILED_PAUSE_MS, failed);
      return { kind: 'failed' } as const;
    }
  };
  const startNext: MemoryJobs['startNext'] = (handlers, { job: wanted, signal } = {}) => {
    const job = due().find(
      ({ kind, id }) => wanted === undefined || (kind === wanted.kind && id === wanted.id),
    );
    if (job === undefined) return undefined;
    waiting.delete(job);
    running.add(job);
    const done = run(job, handlers, signal ?? new AbortController().signal);
    return { job, done: done.finally(() => running.delete(job)) };
  };
  return {
    failures,
    async add({ kind, id, delayMs = 0 }) {
      if (known.has(`${kind} ${id}`)) return;
      known.add(`${kind} ${id}`);
      waiting.add({ kind, id, dueMs: clock.monotonicMs() + delayMs, failed: 0 });
    },
    unfinished: async (kind) =>
      [...waiting, ...running].filter((job) => job.kind === kind).map(({ id }) => id),
    waiting: inOrder,
    due,
    startNext,
    abandon({ job }) {
      putBack(job, 0, job.failed);
      abandoned.add(job);
    },
    async runNext(handlers, options) {
      const started = startNext(handlers, options);
      await started?.done;
      return started;
    },
  };
}
