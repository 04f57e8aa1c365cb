import type { Anchor } from '../domain/audit/anchor.ts';
import type { Snapshot, TmmState } from '../domain/bgp/snapshot.ts';
import type { Difference } from '../domain/change/plan.ts';
import type { Refusal } from '../domain/refusal.ts';

/** One target's cluster. Nothing here throws on errors of the cluster; they are returned as values. */
export interface Cluster {
  /**
   * Live read of lookups, nodes and TMM pods. With `of`, only that node and its pods have to be live: the rest may come from the
   * watches, while they are in sync.
   */
  snapshot(of?: { readonly node: string }): Promise<Snapshot | Refusal>;
  /** The same from the watches, or undefined while they are not in sync. Costs nothing; immutable. */
  cachedSnapshot(): Snapshot | undefined;
  /** Live read of lookups and TMM pods; with `of`, also of these nodes. */
  tmmState(of?: { readonly nodes: readonly string[] }): Promise<TmmState | Refusal>;
  /**
   * Writes one key of one lookup if it still holds `before` and is still the approved ConfigMap, and annotates it with the
   * anchor; changes nothing else. Without `permit`, here and below, it may be sent as long as the call lasts.
   */
  write(write: KeyWrite, anchor: Anchor, permit?: Permit): Promise<WriteOutcome>;
  /** Evicts exactly this pod (uid precondition), respecting PodDisruptionBudgets. */
  evict(pod: PodReference, permit?: Permit): Promise<EvictOutcome>;
  /** Deletes exactly this pod (uid precondition), regardless of PodDisruptionBudgets. */
  remove(pod: PodReference, permit?: Permit): Promise<EvictOutcome>;
  /** Runs one `imish` command in the routing container of this pod. Secrets are redacted before it returns. */
  imish(pod: PodReference, command: ImishCommand): Promise<ImishOutcome>;
  /** Waits until a TMM pod or node of the target changes, at most `timeoutMs`. */
  nextChange(timeoutMs: number): Promise<void>;
}

/** Whether an effect that has not been sent may still be sent. */
export interface Permit {
  /**
   * Once it aborts, an unsent request is not sent any more and returns at once as refused; a request sent without an answer is
   * not repeated. If the reason is text, it says why, as a clause.
   */
  readonly signal: AbortSignal;
  /** Called immediately before each request with an effect: a process that was suspended may not have received the signal yet. */
  holds(): boolean;
}

/** One key to write. */
export interface KeyWrite extends Difference {
  /** Uid of the approved ConfigMap; absent where there was none yet. */
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

/** The first for ZebOS and OcNOS, the second for FRR. */
export type BfdCommand = 'show bfd session' | 'show bfd peers';

/** The whole BGP table of one family. */
export type TableCommand = 'show ip bgp' | 'show bgp ipv6';

/** Routes sent to and received from one peer: `show ip bgp` for IPv4, `show bgp` for IPv6. The address is canonical. */
export type RoutesCommand =
  `show ${'ip bgp' | 'bgp'} neighbors ${string} ${'advertised-routes' | 'received-routes' | 'routes'}`;

export type ImishOutcome =
  | { readonly ok: true; readonly text: string }
  /** `why` is a clause: in lower case and without a full stop, as in the outcomes below. */
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
