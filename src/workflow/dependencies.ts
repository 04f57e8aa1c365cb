import type { ReadImpact } from '../commands/inspection/read-impact.ts';
import type { CommandRegistry } from '../commands/registry.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { People, Replies } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Clusters } from '../ports/cluster.ts';
import type { Refusals } from '../ports/request-limiter.ts';
import type { Leases, PendingQueries, Store } from '../ports/store.ts';
import type { Ledger } from './ledger.ts';

/** What a worker needs to carry out its jobs and to answer the person who asked. */
export type WorkerDependencies = Dependencies & { readonly replies: Replies };

/** What the use cases need from outside; each takes the part that it uses. */
export interface Dependencies {
  readonly policy: Policy;
  readonly registry: CommandRegistry;
  readonly clusters: Clusters;
  readonly people: People;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly pendingQueries: PendingQueries;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly clock: Clock;
  readonly readImpact: ReadImpact;
  /** Returns a new unique id. */
  readonly newId: () => string;
  /** The bot's own team; people of other teams are refused. */
  readonly teamId: string;
}
