import type { Membership } from '../policy/policy.ts';
import {
  approvingGroups,
  countRequired,
  countSatisfied,
  type RequiredApproval,
  unsatisfied,
} from '../policy/required-approvals.ts';
import type { Change } from './change.ts';

/** How far a change is approved. */
export interface ApprovalProgress {
  readonly given: number;
  readonly wanted: number;
  /** Whose approvals are still to come. */
  readonly missing: readonly RequiredApproval[];
}

/** Counts distinct people, each for one required approval. */
export function approvalProgress({
  requiredApprovals,
  decisions,
}: Pick<Change, 'requiredApprovals' | 'decisions'>): ApprovalProgress {
  const approvers = decisions.filter(({ kind }) => kind === 'approval').map(({ groups }) => groups);
  return {
    given: countSatisfied(requiredApprovals, approvers),
    wanted: countRequired(requiredApprovals),
    missing: unsatisfied(requiredApprovals, approvers),
  };
}

/** The groups of a person by which they could approve this change. */
export function approvingGroupsOf(
  { requiredApprovals }: Pick<Change, 'requiredApprovals'>,
  membership: Membership,
): readonly string[] {
  return approvingGroups(requiredApprovals).filter((group) => membership.has(group));
}
