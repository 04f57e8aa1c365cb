import type { DebouncedFindings } from '../domain/drift/debounce.ts';
import type { EarlierMapping } from '../domain/drift/detect.ts';

/** What the last drift check of a target found, whichever replica made it. */
export interface DriftState extends EarlierMapping {
  readonly findings: DebouncedFindings;
}

export interface DriftStore {
  /** Undefined before the first check. */
  read(target: string): Promise<DriftState | undefined>;
  write(target: string, state: DriftState): Promise<void>;
}
