/** A queue of work for workers, with at-least-once delivery. */
export interface Jobs {
  /** Idempotent per kind and id. */
  add(job: Job): Promise<void>;
  /** Ids of the jobs of this kind that are waiting or running. */
  unfinished(kind: JobKind): Promise<readonly string[]>;
}

export interface Job {
  readonly kind: JobKind;
  readonly id: string;
  readonly delayMs?: number;
}

export type JobKind = 'change' | 'query' | 'expiry';

/** The handler of each kind; a handler that throws is retried. */
export type JobHandlers = Readonly<Record<JobKind, (id: string, signal: AbortSignal) => Promise<JobOutcome>>>;

/** `later` puts the job back without counting it as a failure. */
export type JobOutcome = { readonly kind: 'done' } | { readonly kind: 'later'; readonly afterMs: number };
