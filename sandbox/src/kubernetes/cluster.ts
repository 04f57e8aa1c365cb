import type { Store } from './store.ts';

/** What every operation on objects needs. */
export interface Cluster {
  store: Store;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Who writes, and whether it is only tried. */
export interface WriteOptions {
  dryRun?: boolean;
  fieldManager?: string;
}

/** RFC 3339 in whole seconds, as metadata has it. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
