import type { DebouncedFindings } from '../domain/drift/debounce.ts';
import type { MappingSnapshot } from '../domain/drift/detect.ts';

/** What the watch of a target knows from its last look, whichever replica took it. */
export interface DriftState {
  readonly mapping: MappingSnapshot;
  readonly notes: DebouncedFindings;
}

export interface DriftStore {
  /** Undefined before the first look. */
  read(target: string): Promise<DriftState | undefined>;
  write(target: string, page: DriftState): Promise<void>;
}
