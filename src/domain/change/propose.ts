import { approvalProgress } from './approvals.ts';
import type { Change } from './change.ts';
import type { EventRecord } from './events.ts';

/** A change before it is stored: without version, state and journal. */
export type Proposal = Omit<
  Change,
  | 'version'
  | 'state'
  | 'journal'
  | 'executeByMs'
  | 'startedAtMs'
  | 'remindedApproveByMs'
  | 'cancelledBy'
  | 'breakGlassUse'
  | 'progress'
  | 'outcome'
  | 'laterRelease'
>;

/**
 * The change of a proposal and its single record. Where no approval is missing, because the policy requires none or because
 * approvals of an identical plan carry over, it is approved in the same step: nothing can happen in between.
 */
export function propose(proposal: Proposal): { readonly change: Change; readonly record: EventRecord } {
  const proposed: Change = { ...proposal, version: 1, state: 'proposed', journal: [] };
  const data = dataOf(proposed);
  if (approvalProgress(proposed).missing.length > 0) {
    return { change: proposed, record: { event: 'change.proposed', data } };
  }
  const executeByMs = proposal.createdAtMs + proposal.executeWithinMs;
  const reasonCode = proposal.requiredApprovals.length === 0 ? 'approval_waived' : 'approvals_carried_over';
  return {
    change: { ...proposed, state: 'approved', executeByMs },
    record: { event: 'change.proposed', reasonCode, data },
  };
}

function dataOf({ plan, impact, parsed, reason, decisions }: Change): Readonly<Record<string, unknown>> {
  const carriedOver = decisions.map(({ by, carriedOverFrom }) => ({
    by: by.userId,
    from: carriedOverFrom ?? null,
  }));
  return {
    verb: plan.verb,
    args: parsed.args,
    plan,
    ...(impact === undefined ? {} : { impact }),
    reason: reason ?? null,
    ...(carriedOver.length === 0 ? {} : { carriedOver }),
  };
}
