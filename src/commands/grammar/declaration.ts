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

/** One verb: its declaration contains everything, and parser, help, docs and rights follow from it. */
export type Command = ChangeCommand | ClusterQuery | LocalQuery | DecisionCommand | FreezeCommand;

export interface Declaration {
  readonly verb: string;
  /** What it does, in one line without a full stop. */
  readonly summary: string;
  /** Argument patterns; the words must match one of them. */
  readonly forms: readonly ArgumentPattern[];
  readonly flags: readonly FlagName[];
  /** Text after the slash command, as a person would type it. */
  readonly examples: readonly string[];
  /** Rights that the bot itself needs in the cluster. */
  readonly rights: readonly Right[];
}

export type ArgumentPattern = readonly Argument[];

export interface Argument {
  /** As usage shows it: `NODE`, `IP[,IP…]`. */
  readonly name: string;
  readonly kind: 'node' | 'addresses' | 'pair' | 'change' | 'verb' | 'words';
  readonly need: 'required' | 'optional' | 'repeated';
}

/** A command that changes the cluster after its approval. */
export interface ChangeCommand extends Declaration {
  readonly kind: 'change';
  /** Its first argument is an earlier change, which is passed to `read`. */
  readonly undoes?: true;
  read(parsed: ParsedCommand, earlier?: Change): Planner | Refusal;
  /**
   * Replaces words that only the TMM pods can resolve by names. Called once, at the request: the names are what is approved, and
   * planned again before the run.
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

/** A query to the cluster, answered by a worker. */
export interface ClusterQuery extends Declaration {
  readonly kind: 'query';
  read(parsed: ParsedCommand): QueryHandler | Refusal;
}

export type QueryHandler = (target: Target, cluster: Cluster) => Promise<Answer | Refusal>;

/** A query answered from the policy and the store, without the cluster. */
export interface LocalQuery extends Declaration {
  readonly kind: 'local query';
  /** Everybody, even people from other workspaces; full members of the workspace; or those whom a rule allows to request. */
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

/** A decision about an existing change. */
export interface DecisionCommand extends Declaration {
  readonly kind: 'decision';
  readonly decides: DecisionVerb;
}

/** Forbids every change at once, or allows them again; only for people whom a rule of this verb allows. */
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
  /** Names of the only objects it applies to; absent: all. */
  readonly names?: readonly string[];
}
