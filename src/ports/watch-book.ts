import type { MappingPicture } from '../domain/observations.ts';
import type { WatchNotes } from '../domain/watch-notes.ts';

/** What the watch of a target knows from its last look, whichever replica took it. */
export interface WatchPage {
  readonly mapping: MappingPicture;
  readonly notes: WatchNotes;
}

export interface WatchBook {
  /** Undefined before the first look. */
  read(target: string): Promise<WatchPage | undefined>;
  write(target: string, page: WatchPage): Promise<void>;
}
