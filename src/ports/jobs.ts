/** Work that a worker does, at least once. */
export interface Jobs {
  /** Adding the same kind and id twice adds it once. */
  add(job: Job): Promise<void>;
  /** Ids of the jobs of this kind that wait or run. */
  unfinished(kind: JobKind): Promise<readonly string[]>;
}

export interface Job {
  readonly kind: JobKind;
  readonly id: string;
  readonly delayMs?: number;
}

export type JobKind = 'change' | 'query' | 'expiry';

/** What a worker does with each kind; a handler that throws is retried. */
export type JobHandlers = Readonly<Record<JobKind, (id: string, signal: AbortSignal) => Promise<JobOutcome>>>;

/** `later` puts the job back without counting it as a failure. */
export type JobOutcome = { readonly kind: 'done' } | { readonly kind: 'later'; readonly afterMs: number };
