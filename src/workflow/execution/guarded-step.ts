import type { Anchor } from '../../domain/audit/anchor.ts';
import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Baseline, Change } from '../../domain/change/change.ts';
import type { Step } from '../../domain/change/plan.ts';
import type { EvictedPod } from '../../domain/checks/check.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Permit } from '../../ports/cluster.ts';
import type { Halt } from './halt.ts';
import type { Conditions } from './look.ts';
import type { Run } from './run.ts';

/** One step of a plan: its preconditions, effects, and postconditions, which must hold before the next step begins. */
export interface GuardedStep {
  /** Checked immediately before each attempt, with the change as it is then. */
  readonly preconditions: (change: Change, atMs: number) => Conditions;
  /** Nodes to read for the preconditions. */
  readonly nodes?: readonly string[];
  /** More than one only where all happen at the same time. */
  readonly effects: readonly Effect[];
  /** Absent where each later check covers it anyway: that a key holds what was written. */
  readonly postconditions?: (before: Baseline, change: Change) => Conditions;
  /** How long the cluster may be unreadable before the effect, and after it. */
  readonly readTimeoutMs: { readonly before: number; readonly after: number };
}

/** One guarded, idempotent call to the cluster. */
export interface Effect {
  readonly step: Step;
  /** `Evicting f5-tmm-1`. */
  readonly doing: string;
  /** The journal's words as soon as it is done: by this change, or by somebody else before it. */
  readonly found: { readonly byThis: string; readonly byOthers: string };
  /** Set where the effect is only half of the step: the step done once the postconditions hold, and its result. */
  readonly check?: { readonly step: Step; found(inspection: Inspection, before: Baseline): string };
  /** The evicted TMM pod; its baseline is kept. */
  readonly evicts?: EvictedPod;
  /** Additional data of the record of the intent. */
  details(before: Baseline | undefined): Readonly<Record<string, unknown>>;
  act(run: Run, permit: Permit): Promise<Attempt>;
  /** Whether this state of the cluster shows that it was done. */
  isDone(inspection: Inspection): boolean;
  /** Whether the cluster shows that it was done and undone since: it carries the note of one of these records. */
  isNoted?(inspection: Inspection, records: readonly Anchor[]): boolean;
  /** The halt when it is unknown whether it was done. */
  unknown(why: string): Halt;
}

/** The result of one call. */
export type Attempt =
  | { readonly kind: 'done' }
  /** It was done before this call, possibly by an earlier one. */
  | { readonly kind: 'done already' }
  /** Nothing was done: a PodDisruptionBudget does not allow it now. */
  | { readonly kind: 'blocked'; readonly why: string }
  /** The request could not be sent, and nothing was done. */
  | { readonly kind: 'not sent'; readonly refusal: Refusal }
  /** It may have been done: the cluster shows it, or if that cannot be read, a person decides. */
  | { readonly kind: 'not answered'; readonly why: string; readonly unknown: Halt }
  | Halt;
