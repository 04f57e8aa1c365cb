import { samePerson } from '../person.ts';
import { describeRequiredApprovals, type RequiredApproval } from '../policy/required-approvals.ts';
import { type ReasonCode, type Refusal, refuse } from '../refusal.ts';
import { approvalProgress, deadlineOf, isApproved, isCounted } from './approvals.ts';
import { type Change, type Decision, isHalted } from './change.ts';
import { resumptionTime } from './journal.ts';
import { type ChangeUpdate, notOpen, tooLate, wrongDigest } from './transitions.ts';

export interface Resumption {
  readonly atMs: number;
  /** A node whose TMM did not come back, and without which an approver lets the change continue. */
  readonly without?: string;
}

/** The result of checking the approvals of a change that has to be approved again. */
export interface VoidApprovals {
  readonly atMs: number;
  readonly reasonCode: 'approval_void' | 'approval_lapsed';
  /** All decisions, with those that no longer count marked as void. */
  readonly decisions: readonly Decision[];
  /** Why a use of break-glass no longer replaces approvals. */
  readonly breakGlass?: ReasonCode;
  /** The approvals that the policy requires now, where it requires more than were given. */
  readonly requiredApprovals?: readonly RequiredApproval[];
  /** Deadline for the new approval, where the change has not started. */
  readonly approveByMs: number;
}

/** A halted change accepts approvals only when it lacks some; it then continues once somebody with the right resumes it. */
export function approve(change: Change, decision: Decision): ChangeUpdate | Refusal {
  const halted = isHalted(change);
  if (halted && isApproved(change)) return notOpen(change);
  if (decision.digest !== change.digest) return wrongDigest(change);
  if (!halted && decision.atMs >= change.approveByMs) return tooLate(change);
  if (change.decisions.some((earlier) => isCounted(earlier) && samePerson(earlier.by, decision.by))) {
    return refuse(
      'already_decided_by_you',
      `You approved ${change.id} already.`,
      'Another person has to approve it as well.',
    );
  }
  const decisions = [...change.decisions, decision];
  const { given, missing } = approvalProgress({ ...change, decisions });
  const before = approvalProgress(change);
  if (given === before.given) {
    return refuse(
      'approval_not_needed',
      `${change.id} already has the approvals that you could give.`,
      `It still needs ${describeRequiredApprovals(before.missing)}.`,
    );
  }
  if (missing.length > 0) return { decisions };
  const executeByMs = decision.atMs + change.executeWithinMs;
  return { decisions, executeByMs, ...(halted ? {} : { state: 'approved' }) };
}

/** Expires the change instead when its deadline to start has passed, however long the last checks took. */
export function start(change: Change, atMs: number): ChangeUpdate | Refusal {
  if (change.executeByMs !== undefined && atMs >= change.executeByMs)
    return refuse(
      'execution_window_passed',
      `The time to start ${change.id} has passed.`,
      'Request it again.',
    );
  return { state: 'running', progress: '', startedAtMs: atMs };
}

/** Once for each deadline: nobody is notified twice for the same thing. */
export function remind(change: Change): ChangeUpdate | Refusal {
  return change.remindedApproveByMs === change.approveByMs
    ? refuse('not_open', `The approvers of ${change.id} were reminded already.`, 'Nothing to do.')
    : { remindedApproveByMs: change.approveByMs };
}

/** Marks what no longer counts; a change that lacks approvals then, and has not started, waits for them again. */
export function voidApprovals(change: Change, event: VoidApprovals): ChangeUpdate {
  const { decisions, breakGlass: because, requiredApprovals, approveByMs } = event;
  const { breakGlassUse } = change;
  const update = {
    decisions,
    ...(because === undefined || breakGlassUse === undefined
      ? {}
      : { breakGlassUse: { ...breakGlassUse, void: because } }),
    ...(requiredApprovals === undefined ? {} : { requiredApprovals }),
  };
  if (change.state !== 'approved' || isApproved({ ...change, ...update })) return update;
  return { ...update, state: 'proposed', approveByMs, progress: '' };
}

/** The event that voids the approvals of a change which halted too long ago; undefined while they still count. */
export function lapseOf(change: Change, atMs: number): VoidApprovals | undefined {
  const untilMs = isHalted(change) ? deadlineOf(change) : undefined;
  if (untilMs === undefined || atMs < untilMs) return undefined;
  const decisions = change.decisions.map((decision): Decision => {
    return isCounted(decision) ? { ...decision, void: 'approval_lapsed' } : decision;
  });
  return {
    atMs,
    reasonCode: 'approval_lapsed',
    decisions,
    approveByMs: change.approveByMs,
    ...(change.breakGlassUse === undefined ? {} : { breakGlass: 'approval_lapsed' }),
  };
}

export function resume(change: Change, { atMs, without }: Resumption): ChangeUpdate | Refusal {
  if (!isApproved(change) || lapseOf(change, atMs) !== undefined) return approvalNeededAgain(change);
  const { acceptedWithout = [] } = change;
  return {
    state: 'running',
    progress: '',
    resumedAtMs: resumptionTime(change, atMs),
    ...(without === undefined
      ? {}
      : { acceptedWithout: [...acceptedWithout.filter((node) => node !== without), without] }),
  };
}

/** Why it may not continue with the approvals that it has, and how it can. */
export function approvalNeededAgain(change: Change): Refusal {
  const { id, requiredApprovals, decisions, breakGlassUse } = change;
  const reasons = [...decisions, breakGlassUse].flatMap((given) => given?.void ?? []);
  const lapsed = reasons.every((because) => because === 'approval_lapsed');
  const { missing } = approvalProgress(change);
  const whose = describeRequiredApprovals(missing.length === 0 ? requiredApprovals : missing);
  const next = `It needs approval by ${whose}: approve ${id}, then resume ${id}.`;
  if (reasons.length === 0 && missing.length > 0)
    return refuse('approval_void', `The policy now requires more approvals for ${id} than it has.`, next);
  return lapsed
    ? refuse('approval_lapsed', `${id} has been halted for longer than its approval is valid.`, next)
    : refuse('approval_void', `Approvals of ${id} do not count any more.`, next);
}

/** The data of the record: whose approvals or use of break-glass no longer count and why, and which approvals are missing now. */
export function describeVoid(before: Change, next: Change) {
  const earlier = [...before.decisions, before.breakGlassUse];
  const found = [...next.decisions, next.breakGlassUse].flatMap((given, index) => {
    const because = given?.void;
    return given === undefined || because === undefined || earlier[index]?.void !== undefined
      ? []
      : [{ by: given.by.userId, reason: because }];
  });
  return {
    from: before.state,
    void: found,
    ...missingIn(next),
  };
}

/** The missing approvals, as data of the record. */
export function missingIn(change: Change): { readonly missing: string } {
  return { missing: describeRequiredApprovals(approvalProgress(change).missing) };
}
