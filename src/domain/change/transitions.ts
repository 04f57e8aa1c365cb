import { type Person, samePerson } from '../person.ts';
import { describeRequiredApprovals } from '../policy/required-approvals.ts';
import { isRefusal, type Refusal, refuse, refuseNaming } from '../refusal.ts';
import { named, reported, say } from '../segments.ts';
import { approvalProgress } from './approvals.ts';
import {
  type BreakGlassUse,
  type Change,
  type Decision,
  isHalted,
  isUnderWay,
  NO_REASON_GIVEN,
  type Outcome,
} from './change.ts';
import { STATE_WORDS } from './describe-state.ts';
import { resumptionTime } from './journal.ts';
import type { Plan } from './plan.ts';

/** The fields of a change that an event sets. */
export type ChangeUpdate = Partial<Change>;

export interface BreakGlassRequest {
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

/** Why an event cannot happen to a change in its state. */
export function notOpen(change: Change): Refusal {
  return refuse(
    'not_open',
    `${change.id} is ${STATE_WORDS[change.state].words}.`,
    `Type status ${change.id} to see what became of it.`,
  );
}

/** Refused: this release would drop or misread what it does not understand. */
export function writtenLater({ id }: Change): Refusal {
  return refuse(
    'later_release',
    `A later release of the bot wrote ${id}, and this one does not understand all of it.`,
    'Run the later release again, or decide about it there.',
  );
}

export function reject(change: Change, decision: Decision): ChangeUpdate | Refusal {
  if (decision.digest !== change.digest) return wrongDigest(change);
  const { reason: sentence = NO_REASON_GIVEN, atMs } = decision;
  return {
    decisions: [...change.decisions, decision],
    state: 'rejected',
    outcome: { reasonCode: 'rejected', sentence, atMs },
  };
}

export function withdraw({ requester }: Change, by: Person, atMs: number): ChangeUpdate {
  const sentence = samePerson(by, requester)
    ? 'Withdrawn by the requester. Nothing was changed.'
    : 'Withdrawn before it started. Nothing was changed.';
  return { state: 'withdrawn', cancelledBy: by, outcome: { reasonCode: 'withdrawn', sentence, atMs } };
}

/** Somebody else's stop replaces the requester's, never the reverse: otherwise the requester could resume it alone. */
export function requestStop({ cancelledBy, requester }: Change, by: Person): ChangeUpdate {
  return cancelledBy === undefined || samePerson(cancelledBy, requester) ? { cancelledBy: by } : {};
}

/** A running change is closed only while no worker holds its lease. */
export function close(
  change: Change,
  { by, atMs, workerGone }: { readonly by: Person; readonly atMs: number; readonly workerGone?: true },
): ChangeUpdate | Refusal {
  if (change.state === 'running' && workerGone !== true) return workedOn(change);
  const unknown = isUnderWay(change) ? ' Whether the last step was done is not known.' : '';
  const sentence = `Closed: completed steps stay as they are, the others are not carried out.${unknown}`;
  return {
    state: 'closed',
    cancelledBy: by,
    progress: '',
    outcome: { reasonCode: 'closed', sentence, atMs },
  };
}

function workedOn({ id }: Change): Refusal {
  return refuse(
    'not_open',
    `${id} is running: a worker holds its lease.`,
    `cancel ${id} stops it before its next step. If nothing happens, type close ${id} again in a few seconds.`,
  );
}

/** A change that has not started starts without approval; a halted one continues. */
export function breakGlass(change: Change, event: BreakGlassRequest): ChangeUpdate | Refusal {
  const { by, reason, digest, atMs } = event;
  if (digest !== change.digest) return wrongDigest(change);
  if (change.breakGlassUse !== undefined) return usedAlready(change, change.breakGlassUse);
  const breakGlassUse = { by, reason, atMs };
  if (isHalted(change))
    return { state: 'running', progress: '', breakGlassUse, resumedAtMs: resumptionTime(change, atMs) };
  if (change.state === 'proposed' && atMs >= change.approveByMs) return tooLate(change);
  return { state: 'approved', executeByMs: atMs + change.executeWithinMs, breakGlassUse };
}

export function review(change: Change, { by, atMs, note }: Review): ChangeUpdate | Refusal {
  const { breakGlassUse, id } = change;
  if (breakGlassUse === undefined) {
    return refuse(
      'break_glass_not_used',
      `Nobody used break-glass for ${id}.`,
      'There is nothing to review.',
    );
  }
  if (breakGlassUse.review !== undefined) {
    const said = say`${named(breakGlassUse.review.by)} reviewed ${reported(id)} already.`;
    return refuseNaming('already_reviewed', said, 'Nothing to do.');
  }
  if (samePerson(by, breakGlassUse.by)) {
    return refuse(
      'own_change',
      `You used break-glass for ${id} yourself.`,
      'Somebody else has to review it.',
    );
  }
  return {
    breakGlassUse: { ...breakGlassUse, review: { by, atMs, ...(note === undefined ? {} : { note }) } },
  };
}

export function expire(change: Change, atMs: number): ChangeUpdate | Refusal {
  const next = 'Request it again.';
  if (change.state === 'proposed' && atMs >= change.approveByMs) {
    const { missing } = approvalProgress(change);
    const sentence = change.decisions.every(({ kind }) => kind !== 'approval')
      ? 'Nobody approved it in time. Nothing was changed.'
      : `It was not approved in time: ${describeRequiredApprovals(missing)} did not approve. Nothing was changed.`;
    return { state: 'expired', outcome: { reasonCode: 'expired', sentence, next, atMs } };
  }
  if (change.executeByMs !== undefined && atMs >= change.executeByMs) {
    const sentence = 'It was approved, but could not start in time. Nothing was changed.';
    return { state: 'expired', outcome: { reasonCode: 'execution_window_passed', sentence, next, atMs } };
  }
  return refuse('not_open', `${change.id} is not due to expire.`, 'Nothing to do.');
}

export function markStale({
  atMs,
  fresh,
}: {
  readonly atMs: number;
  readonly fresh: Plan | Refusal;
}): ChangeUpdate {
  const outcome: Outcome = isElsewhere(fresh)
    ? {
        reasonCode: fresh.reasonCode,
        sentence: `${fresh.sentence} Nothing was done.`,
        next: fresh.next,
        atMs,
      }
    : {
        reasonCode: 'stale_plan',
        sentence: describeStale(fresh),
        next: 'Request it again to have the new plan approved.',
        atMs,
      };
  return { state: 'stale', outcome, ...(isRefusal(fresh) ? {} : { freshPlan: fresh }) };
}

function describeStale(fresh: Plan | Refusal): string {
  return isRefusal(fresh)
    ? `The cluster changed meanwhile: ${fresh.sentence}`
    : 'The cluster changed meanwhile, so what was shown is not what would happen now. Nothing was done.';
}

/** The cluster did not change: the target points to another one, or the change belongs to another store. */
function isElsewhere(fresh: Plan | Refusal): fresh is Refusal {
  return isRefusal(fresh) && ['other_cluster', 'records_lost'].includes(fresh.reasonCode);
}

/** A resumed change drops why it halted and who stopped it; one that is to be approved again, its deadline to start. */
export function forget({ state }: Change, next: Change): Change {
  if (isHalted({ state }) && next.state === 'running') {
    const { outcome: _, cancelledBy: __, ...running } = next;
    return running;
  }
  if (state !== 'approved' || next.state !== 'proposed') return next;
  const { executeByMs: _, ...proposed } = next;
  return proposed;
}

/** The first use counts: somebody else reviews it, and it set the deadline. */
function usedAlready({ id }: Change, { by }: BreakGlassUse): Refusal {
  return refuseNaming(
    'break_glass_used_already',
    say`${named(by)} used break-glass for ${reported(id)} already.`,
    `Type status ${id} to see what it waits for.`,
  );
}

export function tooLate({ id }: Change): Refusal {
  return refuse('expired', `The time to approve ${id} has passed.`, 'Request it again.');
}

export function wrongDigest(change: Change): Refusal {
  return refuse(
    'wrong_digest',
    `That was for another version of the plan of ${change.id}.`,
    `Read the card again; its plan is ${change.digest.slice(0, 12)}.`,
  );
}

export function markRolledBack({ by, atMs }: { readonly by: string; readonly atMs: number }): ChangeUpdate {
  const sentence = `Rolled back by ${by}.`;
  return { state: 'rolled_back', outcome: { reasonCode: 'rolled_back', sentence, atMs } };
}

/** Data of the record of an end, besides its reason code: what was seen, the state of traffic, and who stopped it. */
export function endData(
  { cancelledBy }: Change,
  { reasonCode, sentence, traffic }: Outcome,
): Readonly<Record<string, unknown>> {
  const stoppedBy = reasonCode === 'cancelled' ? cancelledBy : undefined;
  return {
    sentence,
    ...(traffic && { traffic }),
    ...(stoppedBy && { stopped_by: stoppedBy.userId }),
  };
}
