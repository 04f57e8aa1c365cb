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

/** One step of a plan: what must hold before it, what it does, and what must hold before the next one begins. */
export interface GuardedStep {
  /** Asked immediately before each attempt, with the change as it is then. */
  readonly preconditions: (change: Change, atMs: number) => Conditions;
  /** More than one only where all happen at the same time. */
  readonly effects: readonly Effect[];
  /** Left out where each look after it asks the same: that a key holds what was written. */
  readonly postconditions?: (before: Baseline, change: Change) => Conditions;
  /** How long the cluster may be unreadable before the effect, and after it. */
  readonly readTimeoutMs: { readonly before: number; readonly after: number };
}

/** One guarded call to the cluster. Done twice it changes nothing more. */
export interface Effect {
  readonly step: Step;
  /** `Evicting f5-tmm-1`. */
  readonly doing: string;
  /** What the journal says as soon as it is done: by this change, or by somebody else before it. */
  readonly found: { readonly byThis: string; readonly byOthers: string };
  /** Where the effect is only half of the step: what is done once the postconditions hold, and what was found then. */
  readonly check?: { readonly step: Step; found(inspection: Inspection, before: Baseline): string };
  /** The TMM pod that goes; its baseline is kept. */
  readonly evicts?: EvictedPod;
  /** What the record of the intent says besides the step. */
  details(before: Baseline | undefined): Readonly<Record<string, unknown>>;
  act(run: Run, permit: Permit): Promise<Attempt>;
  /** Whether a cluster that looks like this shows that it was done. */
  isDone(inspection: Inspection): boolean;
  /** Whether a cluster that looks like this shows that it was done and undone since: who wrote notes one of these records there. */
  isNoted?(inspection: Inspection, records: readonly Anchor[]): boolean;
  /** What it comes to when nobody can tell whether it was done. */
  unknown(why: string): Halt;
}

/** What one call came to. */
export type Attempt =
  | { readonly kind: 'done' }
  /** It was so before this call; an earlier one may have done it. */
  | { readonly kind: 'done already' }
  /** Not now, and nothing was done: a PodDisruptionBudget does not allow it. */
  | { readonly kind: 'blocked'; readonly why: string }
  /** The API server could not be asked, and nothing was done. */
  | { readonly kind: 'not sent'; readonly refusal: Refusal }
  /** It may have been done: the cluster tells, and where it cannot be read, a person decides. */
  | { readonly kind: 'not answered'; readonly unknown: Halt }
  | Halt;
