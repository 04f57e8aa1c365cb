import type { Anchor } from '../domain/audit/anchor.ts';
import type { Snapshot, TmmState } from '../domain/bgp/snapshot.ts';
import type { Difference } from '../domain/change/plan.ts';
import type { Refusal } from '../domain/refusal.ts';

/** One target's cluster. Nothing here throws for what a cluster may do; trouble comes back as a value. */
export interface Cluster {
  /**
   * Lookups, nodes and TMM pods, read now from the API server. With `of`, only that node and its pods need be: the rest
   * may be what the watches hold, while they are in sync.
   */
  snapshot(of?: { readonly node: string }): Promise<Snapshot | Refusal>;
  /** The same out of the watches, or undefined while they are not in sync. It costs nothing and never changes. */
  cachedSnapshot(): Snapshot | undefined;
  /** Lookups and TMM pods, read now, and no nodes. */
  tmmState(): Promise<TmmState | Refusal>;
  /**
   * Writes one key of one lookup if it still holds `before` and is still the ConfigMap that was approved, and notes the anchor on it;
   * touches nothing else. Without `permit`, here and below, it may be sent as long as the call lasts.
   */
  write(write: KeyWrite, anchor: Anchor, permit?: Permit): Promise<WriteOutcome>;
  /** Evicts exactly this pod (uid precondition), heeding PodDisruptionBudgets. */
  evict(pod: PodReference, permit?: Permit): Promise<EvictOutcome>;
  /** Deletes exactly this pod (uid precondition), whatever any PodDisruptionBudget says. */
  remove(pod: PodReference, permit?: Permit): Promise<EvictOutcome>;
  /** Runs one `imish` command in the routing container of this pod. Secrets are redacted before it returns. */
  imish(pod: PodReference, command: ImishCommand): Promise<ImishOutcome>;
  /** Waits until a TMM pod or node of the target changed, at most `timeoutMs`. */
  nextMove(timeoutMs: number): Promise<void>;
}

/** Whether an effect that was not sent yet may still be sent. */
export interface Permit {
  /**
   * Once it aborts, what was not sent yet is not sent any more, and comes back as refused at once; what was sent without an
   * answer is not sent again. A reason that is text says why, as a clause.
   */
  readonly signal: AbortSignal;
  /** Asked immediately before each request with an effect: a process that stood still has not heard the signal yet. */
  holds(): boolean;
}

/** One key to write. */
export interface KeyWrite extends Difference {
  /** Uid of the ConfigMap that was approved; absent where there was none yet. */
  readonly lookupUid?: string;
}

export interface PodReference {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export type ImishCommand =
  | 'show running-config'
  | 'show bgp summary'
  | 'show bgp ipv6 summary'
  | 'show bgp neighbors'
  | BfdCommand
  | TableCommand
  | RoutesCommand;

/** ZebOS and OcNOS have the first, FRR the second. */
export type BfdCommand = 'show bfd session' | 'show bfd peers';

/** The whole BGP table of one family. */
export type TableCommand = 'show ip bgp' | 'show bgp ipv6';

/** What goes to one peer and what comes from it: `show ip bgp` speaks of IPv4, `show bgp` of IPv6. The address is canonical. */
export type RoutesCommand =
  `show ${'ip bgp' | 'bgp'} neighbors ${string} ${'advertised-routes' | 'received-routes' | 'routes'}`;

export type ImishOutcome =
  | { readonly ok: true; readonly text: string }
  /** `why` stands within a sentence: it begins small and has no full stop. So it does in the outcomes below. */
  | { readonly ok: false; readonly why: string };

export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'already' }
  | { readonly kind: 'differs'; readonly actual: string | null }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Neither known to have happened nor known not to have. */
  | { readonly kind: 'unknown'; readonly why: string };

export type EvictOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'gone' }
  /** A PodDisruptionBudget does not allow it now; `why` is a sentence. */
  | { readonly kind: 'blocked'; readonly why: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unknown'; readonly why: string };

/** Clusters by target name. */
export type Clusters = ReadonlyMap<string, Cluster>;
