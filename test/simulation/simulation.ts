import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import type { Faults } from './faults.ts';
import type { Replica } from './replica.ts';
import type { Setting } from './setting.ts';
import type { Shared } from './shared.ts';

/** One run: the world, the processes in it, and what may still happen. */
export interface Simulation extends Shared {
  readonly setting: Setting;
  readonly faults: Faults;
  /** Every process that was ever started. */
  readonly replicas: Replica[];
  /** Of the first target. */
  readonly cluster: MemoryCluster;
  /** Nothing happens any more but what the bot does. */
  calm: boolean;
  /** For so long nobody does anything from now on. */
  awayForMs: number;
  /** How often somebody was given the turn. */
  turns: number;
  /** The moments at which the clock stops because a job is due. */
  readonly wakesAtMs: Set<number>;
  /** A cluster that looks the same and is another one. */
  anotherCluster(): MemoryCluster;
  /** Processes that take requests. */
  serving(): readonly Replica[];
  /** Starts another process now. */
  boot(): void;
  /** What has to be undone before the world is calm. */
  readonly healing: (() => void)[];
}

/** Something that may happen, more or less often; false when it cannot just now. */
export interface Happening {
  readonly name: string;
  readonly weight: number;
  happens(sim: Simulation): boolean;
}
