import { samePerson } from '../person.ts';
import { describeRequiredApprovals, type RequiredApproval } from '../policy/required-approvals.ts';
import { type ReasonCode, type Refusal, refuse } from '../refusal.ts';
import { approvalProgress, deadlineOf, isApproved, isCounted } from './approvals.ts';
import { type Change, type Decision, isHalted } from './change.ts';
import { type ChangeUpdate, notOpen, tooLate, wrongDigest } from './event-effects.ts';
import { resumptionTime } from './journal.ts';

export interface Resumption {
  readonly atMs: number;
  /** A node whose TMM did not come back to it, and without which an approver lets it go on. */
  readonly without?: string;
}

/** What was found out about the approvals of a change that has to be approved again. */
export interface VoidApprovals {
  readonly atMs: number;
  readonly reasonCode: 'approval_void' | 'approval_lapsed';
  /** All decisions, those that do not count any more marked as void. */
  readonly decisions: readonly Decision[];
  /** Why a use of break-glass stands for them no more. */
  readonly breakGlass?: ReasonCode;
  /** What it takes by now, where the policy wants more than what was given. */
  readonly requiredApprovals?: readonly RequiredApproval[];
  /** Until when it may be approved again, where it has not started. */
  readonly approveByMs: number;
}

/** A halted change takes approvals only when it lacks some; whoever may resume it then has it go on. */
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

/** It expires where its time to start is up, however long the last questions took. */
export function start(change: Change, atMs: number): ChangeUpdate | Refusal {
  if (change.executeByMs !== undefined && atMs >= change.executeByMs)
    return refuse(
      'execution_window_passed',
      `The time to start ${change.id} has passed.`,
      'Request it again.',
    );
  return { state: 'running', progress: '', startedAtMs: atMs };
}

/** Once for each deadline: nobody is called twice for the same thing. */
export function remind(change: Change): ChangeUpdate | Refusal {
  return change.remindedForMs === change.approveByMs
    ? refuse('not_open', `The approvers of ${change.id} were reminded already.`, 'Nothing to do.')
    : { remindedForMs: change.approveByMs };
}

/** What does not count any more is marked; a change that lacks approvals then, and has not started, waits for them again. */
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

/** The event by which a halted change has to be approved again, because it halted too long ago; undefined while it need not. */
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

/** Why it may not go on with the approvals that it was given, and how it goes on all the same. */
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

/** What the record says: whose approvals or use of break-glass do not count any more and why, and which are missing now. */
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

/** What the record says of the approvals that are still to come. */
export function missingIn(change: Change): { readonly missing: string } {
  return { missing: describeRequiredApprovals(approvalProgress(change).missing) };
}
