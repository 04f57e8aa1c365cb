import { type Person, samePerson } from '../person.ts';
import { describeRequiredApprovals } from '../policy/required-approvals.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { approvalProgress } from './approvals.ts';
import type { Change, Decision } from './change.ts';

/** What people decide of a change (pure): what it makes of it, or why not. */
export type Moved = Partial<Change>;

export interface BreakGlassEvent {
  readonly by: Person;
  readonly reason: string;
  readonly digest: string;
  readonly atMs: number;
}

export interface Review {
  readonly by: Person;
  readonly atMs: number;
  readonly note?: string;
}

/** One more approval; with the last empty seat filled it may start. */
export function approve(change: Change, decision: Decision): Moved | Refusal {
  if (change.state !== 'proposed') return notOpen(change);
  if (decision.digest !== change.digest) return wrongDigest(change);
  if (decision.atMs >= change.approveByMs) return tooLate(change);
  if (change.decisions.some(({ kind, by }) => kind === 'approval' && samePerson(by, decision.by))) {
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
      `${change.id} has the approvals that you could give already.`,
      `It still wants ${describeRequiredApprovals(before.missing)}.`,
    );
  }
  return missing.length > 0
    ? { decisions }
    : { decisions, state: 'approved', executeByMs: decision.atMs + change.executeWithinMs };
}

/** It ends there. */
export function reject(change: Change, decision: Decision): Moved | Refusal {
  if (decision.digest !== change.digest) return wrongDigest(change);
  return {
    decisions: [...change.decisions, decision],
    state: 'rejected',
    outcome: {
      reasonCode: 'rejected',
      sentence: decision.reason ?? 'No reason was given.',
      atMs: decision.atMs,
    },
  };
}

/** Without approval and in a freeze: a proposed or waiting one starts, a halted one goes on. */
export function breakGlass(change: Change, { by, reason, digest, atMs }: BreakGlassEvent): Moved | Refusal {
  if (digest !== change.digest) return wrongDigest(change);
  const breakGlassUse = { by, reason, atMs };
  if (atRest(change)) return { state: 'running', progress: '', breakGlassUse };
  if (change.state !== 'proposed' && change.state !== 'approved') return notOpen(change);
  if (change.state === 'proposed' && atMs >= change.approveByMs) return tooLate(change);
  return { state: 'approved', executeByMs: atMs + change.executeWithinMs, breakGlassUse };
}

/** Marks a broken glass as looked at, in whatever state the change is. */
export function review(change: Change, { by, atMs, note }: Review): Moved | Refusal {
  const { breakGlassUse, id } = change;
  if (breakGlassUse === undefined) {
    return refuse('break_glass_not_used', `Nobody broke the glass for ${id}.`, 'There is nothing to review.');
  }
  if (breakGlassUse.review !== undefined) {
    const { userId } = breakGlassUse.review.by;
    return refuse('already_reviewed', `${userId} reviewed ${id} already.`, 'Nothing to do.');
  }
  if (samePerson(by, breakGlassUse.by)) {
    return refuse('own_change', `You broke the glass for ${id} yourself.`, 'Somebody else has to review it.');
  }
  return {
    breakGlassUse: { ...breakGlassUse, review: { by, atMs, ...(note === undefined ? {} : { note }) } },
  };
}

/** Stopped at a named place, with a way forward and a way back. */
export function atRest({ state }: Change): boolean {
  return state === 'halted' || state === 'outcome_unknown';
}

function tooLate({ id }: Change): Refusal {
  return refuse('expired', `${id} could be approved only until its time was up.`, 'Ask for it again.');
}

function wrongDigest(change: Change): Refusal {
  return refuse(
    'wrong_digest',
    `That was for another version of the plan of ${change.id}.`,
    `Read the card again; its plan is ${change.digest.slice(0, 12)}.`,
  );
}

/** What cannot happen to a change in this state. */
export function notOpen(change: Change): Refusal {
  return refuse(
    'not_open',
    `${change.id} is ${change.state.replace('_', ' ')}.`,
    `Type status ${change.id} to see what became of it.`,
  );
}
