import type { CommandRegistry } from '../../src/commands/registry.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import type { PendingQueries } from '../../src/ports/store.ts';
import type { MemoryReplies } from '../doubles/memory-chat.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import type { MemoryJobs } from '../doubles/memory-jobs.ts';
import type { MemoryLeases } from '../doubles/memory-leases.ts';
import type { MemoryPeople } from '../doubles/memory-people.ts';
import type { MemoryRecordStream } from '../doubles/memory-record-stream.ts';
import type { MemoryStore } from '../doubles/memory-store.ts';
import type { Calls } from './caller.ts';
import type { Observer } from './observer.ts';
import type { Prng } from './prng.ts';
import type { Replica } from './replica.ts';
import type { Trace } from './trace.ts';

/** What all processes of the bot share: Redis, the clusters, the chat; and who watches them. */
export interface Shared {
  readonly calls: Calls;
  readonly prng: Prng;
  readonly trace: Trace;
  readonly observer: Observer;
  readonly registry: CommandRegistry;
  readonly store: MemoryStore;
  readonly leases: MemoryLeases;
  readonly stream: MemoryRecordStream;
  readonly jobs: MemoryJobs;
  readonly people: MemoryPeople;
  readonly replies: MemoryReplies;
  readonly pendingQueries: PendingQueries;
  newId(): string;
  /** What a process that starts now reads: its policy file, and where its kubeconfigs lead, by target. */
  policy: Policy;
  readonly clusters: Map<string, MemoryCluster>;
  onDeath(replica: Replica): void;
}
