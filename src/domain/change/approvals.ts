import type { Membership } from '../policy/policy.ts';
import {
  approvingGroups,
  countSatisfied,
  type RequiredApproval,
  unsatisfied,
  wanted,
} from '../policy/required-approvals.ts';
import type { Change } from './change.ts';

/** How far a change is approved. */
export interface ApprovalProgress {
  readonly given: number;
  readonly wanted: number;
  /** Whose approvals are still to come. */
  readonly missing: readonly RequiredApproval[];
}

/** Counts distinct people, each for one seat of the quorum. */
export function approvalProgress({
  requiredApprovals,
  decisions,
}: Pick<Change, 'requiredApprovals' | 'decisions'>): ApprovalProgress {
  const approvers = decisions.filter(({ kind }) => kind === 'approval').map(({ groups }) => groups);
  return {
    given: countSatisfied(requiredApprovals, approvers),
    wanted: wanted(requiredApprovals),
    missing: unsatisfied(requiredApprovals, approvers),
  };
}

/** The groups of a person that this change's quorum speaks of. */
export function approvingGroupsOf(
  { requiredApprovals }: Pick<Change, 'requiredApprovals'>,
  membership: Membership,
): readonly string[] {
  return approvingGroups(requiredApprovals).filter((group) => membership.has(group));
}
