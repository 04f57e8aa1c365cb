import type { Answer } from '../../domain/answer.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import type { Target } from '../../domain/bgp/target.ts';
import type { Change, ParsedCommand } from '../../domain/change/change.ts';
import type { DecisionVerb } from '../../domain/change/decisions.ts';
import type { Plan } from '../../domain/change/plan.ts';
import type { Person } from '../../domain/person.ts';
import type { Membership, Policy } from '../../domain/policy/policy.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Store } from '../../ports/store.ts';
import type { FlagName } from './flags.ts';

/** One verb: everything that is known of it stands in its declaration, and parser, help, docs and rights follow from it. */
export type Command = ChangeCommand | ClusterQuery | LocalQuery | DecisionCommand | FreezeCommand;

export interface Declaration {
  readonly verb: string;
  /** What it does, in one line without a full stop. */
  readonly summary: string;
  /** The ways to say it; each is a row of arguments. */
  readonly forms: readonly Form[];
  readonly flags: readonly FlagName[];
  /** What follows the slash command, as a person would type it. */
  readonly examples: readonly string[];
  /** What the bot itself must be allowed in the cluster. */
  readonly rights: readonly Right[];
}

export type Form = readonly Argument[];

export interface Argument {
  /** As usage shows it: `NODE`, `IP[,IP…]`. */
  readonly name: string;
  readonly kind: 'node' | 'addresses' | 'pair' | 'change' | 'verb' | 'words';
  readonly need: 'required' | 'optional' | 'repeated';
}

/** A command that, once approved, changes the cluster. */
export interface ChangeCommand extends Declaration {
  readonly kind: 'change';
  /** Speaks of an earlier change, its first argument; `read` is given it. */
  readonly undoes?: true;
  read(parsed: ParsedCommand, earlier?: Change): Planner | Refusal;
  /**
   * Puts names in place of words of which only the TMM pods can tell what they mean. It is called once, when the change is asked
   * for: what is approved, and planned again before it runs, are the names.
   */
  resolve?(
    parsed: ParsedCommand,
    target: Target,
    snapshot: Snapshot,
    cluster: Pick<Cluster, 'imish' | 'tmmState'>,
  ): Promise<ParsedCommand | Refusal>;
}

/** Pure: the same words, target and snapshot give the same plan. */
export type Planner = (target: Target, snapshot: Snapshot) => Plan | Refusal;

/** A question to the cluster, which a worker answers. */
export interface ClusterQuery extends Declaration {
  readonly kind: 'query';
  read(parsed: ParsedCommand): QueryHandler | Refusal;
}

export type QueryHandler = (target: Target, cluster: Cluster) => Promise<Answer | Refusal>;

/** A question that is answered from the policy and the store, without the cluster. */
export interface LocalQuery extends Declaration {
  readonly kind: 'local query';
  /** Everybody, also strangers; full members of the workspace; or those whom a rule lets ask. */
  readonly audience: 'everybody' | 'members' | 'requesters';
  answer(parsed: ParsedCommand, context: LocalQueryContext): Promise<Answer | Refusal>;
}

export interface LocalQueryContext {
  readonly person: Person;
  readonly channel: string;
  readonly membership: Membership;
  /** Why this person may do nothing at all, if so. */
  readonly denied: Refusal | undefined;
  readonly policy: Policy;
  readonly commands: readonly Command[];
  readonly store: Pick<Store, 'change' | 'recentChanges' | 'unreadable' | 'latestRecords' | 'freezes'>;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** What somebody says of a change that exists. */
export interface DecisionCommand extends Declaration {
  readonly kind: 'decision';
  readonly decides: DecisionVerb;
}

/** Forbids every change at once, or lifts that again; only for whom a rule names the verb itself. */
export interface FreezeCommand extends Declaration {
  readonly kind: 'freeze';
  readonly does: 'declare' | 'lift';
}

/** A verb on a resource of the Kubernetes API, as RBAC names it. */
export interface Right {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resource: string;
  readonly scope: 'namespace' | 'cluster';
  /** The only objects of this kind that it is about; absent means all. */
  readonly names?: readonly string[];
}
