import type { Membership } from '../policy/policy.ts';
import {
  approvingGroups,
  countRequired,
  countSatisfied,
  type RequiredApproval,
  unsatisfied,
} from '../policy/required-approvals.ts';
import { type BreakGlassUse, type Change, type Decision, isHalted } from './change.ts';

/** How many of the required approvals a change has. */
export interface ApprovalProgress {
  readonly given: number;
  readonly wanted: number;
  /** The required approvals that are not yet given. */
  readonly missing: readonly RequiredApproval[];
}

/** Counts distinct people, each for one required approval. */
export function approvalProgress({
  requiredApprovals,
  decisions,
}: Pick<Change, 'requiredApprovals' | 'decisions'>): ApprovalProgress {
  const approvers = decisions.filter(isCounted).map(({ groups }) => groups);
  return {
    given: countSatisfied(requiredApprovals, approvers),
    wanted: countRequired(requiredApprovals),
    missing: unsatisfied(requiredApprovals, approvers),
  };
}

/** Whether a decision is an approval that counts. */
export function isCounted({ kind, void: because }: Decision): boolean {
  return kind === 'approval' && because === undefined;
}

/** The use of break-glass that replaces the approvals of a change, while it counts. */
export function activeBreakGlass({
  breakGlassUse,
}: Pick<Change, 'breakGlassUse'>): BreakGlassUse | undefined {
  return breakGlassUse?.void === undefined ? breakGlassUse : undefined;
}

/** Whether it has all required approvals, or break-glass replaces them. */
export function isApproved(
  change: Pick<Change, 'requiredApprovals' | 'decisions' | 'breakGlassUse'>,
): boolean {
  return activeBreakGlass(change) !== undefined || approvalProgress(change).missing.length === 0;
}

/** Whether it halted and has to be approved before it can continue. */
export function needsApprovalAgain(change: Change): boolean {
  return isHalted(change) && !isApproved(change);
}

/**
 * Until when a change may wait in its state: to be approved, to start, or, once it halted, to continue with the approvals that it
 * has. Undefined where there is no deadline.
 */
export function deadlineOf(change: Change): number | undefined {
  if (change.state === 'proposed') return change.approveByMs;
  if (change.state === 'approved') return change.executeByMs;
  return isHalted(change) ? resumeByMs(change) : undefined;
}

/** After a halt, approvals stay valid for the same time in which the change had to start. */
function resumeByMs(change: Change): number | undefined {
  const { outcome, requiredApprovals, executeWithinMs, executeByMs = 0 } = change;
  if (outcome === undefined || requiredApprovals.length === 0 || !isApproved(change)) return undefined;
  return Math.max(outcome.atMs + executeWithinMs, executeByMs);
}

/** The groups of a person that let them approve this change. */
export function approvingGroupsOf(
  { requiredApprovals }: Pick<Change, 'requiredApprovals'>,
  membership: Membership,
): readonly string[] {
  return approvingGroups(requiredApprovals).filter((group) => membership.has(group));
}
