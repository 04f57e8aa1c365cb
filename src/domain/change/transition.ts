import { type Person, samePerson } from '../person.ts';
import { describeRequiredApprovals } from '../policy/required-approvals.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { approvalProgress } from './approvals.ts';
import type { Change, Decision, Outcome, Step } from './change.ts';
import {
  approve,
  atRest,
  type BreakGlassEvent,
  breakGlass,
  type Moved,
  notOpen,
  type Review,
  reject,
  review,
} from './decisions.ts';
import type { Plan } from './plan.ts';

/** What can happen to a change. */
export type ChangeEvent =
  | { readonly kind: 'approve' | 'reject'; readonly decision: Decision }
  | { readonly kind: 'withdraw'; readonly by: Person; readonly atMs: number }
  | { readonly kind: 'expire'; readonly atMs: number }
  | { readonly kind: 'mark stale'; readonly atMs: number; readonly fresh: Plan | Refusal }
  /** No seat of its quorum is empty, though nobody approved just now. */
  | { readonly kind: 'auto-approve'; readonly atMs: number }
  | ({ readonly kind: 'break-glass' } & BreakGlassEvent)
  | ({ readonly kind: 'review' } & Review)
  | { readonly kind: 'start' }
  | { readonly kind: 'intend'; readonly step: Step; readonly atMs: number; readonly before?: Baseline }
  | { readonly kind: 'complete'; readonly step: Step; readonly atMs: number; readonly found: string }
  | { readonly kind: 'wait'; readonly progress: string }
  | { readonly kind: 'request stop'; readonly by: Person }
  | { readonly kind: 'end'; readonly state: TerminalState; readonly outcome: Outcome }
  | { readonly kind: 'resume' }
  | { readonly kind: 'close'; readonly by: Person; readonly atMs: number }
  | { readonly kind: 'roll back'; readonly by: string; readonly atMs: number };

export type TerminalState = 'succeeded' | 'failed' | 'halted' | 'outcome_unknown';
type Baseline = NonNullable<Change['journal'][number]['before']>;

/** The life of a change (pure): what it is after an event, or why the event cannot happen now. */
export function transition(change: Change, event: ChangeEvent): Change | Refusal {
  const moved = move(change, event);
  if (isRefusal(moved)) return moved;
  const next = { ...change, ...moved, version: change.version + 1 };
  if (event.kind !== 'resume' && !(event.kind === 'break-glass' && atRest(change))) return next;
  const { outcome: _, cancelledBy: __, ...goesOn } = next;
  return goesOn;
}

function move(change: Change, event: ChangeEvent): Moved | Refusal {
  switch (event.kind) {
    case 'approve':
      return approve(change, event.decision);
    case 'reject':
      return change.state === 'proposed' ? reject(change, event.decision) : notOpen(change);
    case 'withdraw':
      return withdraw(change, event.by, event.atMs);
    case 'expire':
      return expire(change, event.atMs);
    case 'mark stale':
      return change.state === 'proposed' || change.state === 'approved' ? stale(event) : notOpen(change);
    case 'auto-approve':
      return change.state === 'proposed' && approvalProgress(change).missing.length === 0
        ? { state: 'approved', executeByMs: event.atMs + change.executeWithinMs }
        : notOpen(change);
    case 'break-glass':
      return breakGlass(change, event);
    case 'review':
      return review(change, event);
    case 'start':
      return change.state === 'approved' ? { state: 'running', progress: '' } : notOpen(change);
    case 'intend':
      return running(change, () => {
        const { step, atMs, before } = event;
        const entry = { step, phase: 'intended' as const, atMs, ...(before === undefined ? {} : { before }) };
        return { journal: [...change.journal, entry] };
      });
    case 'complete':
      return running(change, () => {
        const { step, atMs, found } = event;
        return { journal: [...change.journal, { step, phase: 'found', atMs, found }] };
      });
    case 'wait':
      return change.state === 'approved'
        ? { progress: event.progress }
        : running(change, () => ({ progress: event.progress }));
    case 'request stop':
      return running(change, () => ({ cancelledBy: event.by }));
    case 'end':
      return change.state === 'running' || (change.state === 'approved' && event.state === 'failed')
        ? { state: event.state, outcome: event.outcome, progress: '' }
        : notOpen(change);
    case 'resume':
      return atRest(change) ? { state: 'running', progress: '' } : notOpen(change);
    case 'close':
      return atRest(change) ? close(event.by, event.atMs) : notOpen(change);
    case 'roll back':
      return atRest(change) || change.state === 'succeeded' || change.state === 'closed'
        ? rolledBack(event.by, event.atMs)
        : notOpen(change);
  }
}

function close(by: Person, atMs: number): Moved {
  const sentence = 'Left as it is: what is ticked above is done, the rest is not.';
  return { state: 'closed', cancelledBy: by, outcome: { reasonCode: 'closed', sentence, atMs } };
}

function rolledBack(by: string, atMs: number): Moved {
  return {
    state: 'rolled_back',
    outcome: { reasonCode: 'rolled_back', sentence: `Rolled back by ${by}.`, atMs },
  };
}

function withdraw(change: Change, by: Person, atMs: number): Moved | Refusal {
  if (change.state !== 'proposed' && change.state !== 'approved') return notOpen(change);
  const sentence = samePerson(by, change.requester)
    ? 'Withdrawn by the person who asked.'
    : 'Withdrawn before it started.';
  return { state: 'withdrawn', cancelledBy: by, outcome: { reasonCode: 'withdrawn', sentence, atMs } };
}

function expire(change: Change, atMs: number): Moved | Refusal {
  if (change.state === 'proposed' && atMs >= change.approveByMs) {
    const sentence = nobodyApproved(change);
    return {
      state: 'expired',
      outcome: { reasonCode: 'expired', sentence, next: 'Ask for it again.', atMs },
    };
  }
  if (change.state === 'approved' && change.executeByMs !== undefined && atMs >= change.executeByMs) {
    const sentence = 'It was approved, but could not start in time; nothing was changed.';
    return {
      state: 'expired',
      outcome: { reasonCode: 'execution_window_passed', sentence, next: 'Ask for it again.', atMs },
    };
  }
  return refuse('not_open', `${change.id} is not due to expire.`, 'Nothing to do.');
}

function nobodyApproved(change: Change): string {
  const { given, missing } = approvalProgress(change);
  return given === 0
    ? 'Nobody approved it in time.'
    : `It was not approved in time: ${describeRequiredApprovals(missing)} did not come.`;
}

function stale(event: { readonly atMs: number; readonly fresh: Plan | Refusal }): Moved {
  const sentence = isRefusal(event.fresh)
    ? `The cluster changed meanwhile: ${event.fresh.sentence}`
    : 'The cluster changed meanwhile, so what was shown is not what would happen now. Nothing was done.';
  const outcome: Outcome = {
    reasonCode: 'stale_plan',
    sentence,
    next: 'Ask for it again to have the new plan approved.',
    atMs: event.atMs,
  };
  return { state: 'stale', outcome, ...(isRefusal(event.fresh) ? {} : { freshPlan: event.fresh }) };
}

function running(change: Change, moved: () => Moved): Moved | Refusal {
  return change.state === 'running' ? moved() : notOpen(change);
}
