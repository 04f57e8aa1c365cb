import type { Menu } from '../commands/menu.ts';
import type { Policy } from '../domain/policy.ts';
import type { Clusters } from '../ports/cluster.ts';
import type { People } from '../ports/people.ts';
import type { Leases, Questions, Store } from '../ports/store.ts';

/** What the story needs of the world; each moment takes the part that it uses. */
export interface Bot {
  readonly policy: Policy;
  readonly menu: Menu;
  readonly clusters: Clusters;
  readonly people: People;
  readonly store: Store;
  readonly leases: Leases;
  readonly questions: Questions;
  readonly now: () => number;
  /** The bot's own team; people of other teams are strangers. */
  readonly teamId: string;
}
