import { approvalProgress, needsApprovalAgain } from '../../../../domain/change/approvals.ts';
import type { Change } from '../../../../domain/change/change.ts';
import { awaitsReview, STATE_WORDS } from '../../../../domain/change/describe-state.ts';
import { describeResult, describeSubject } from '../../../../domain/change/describe-subject.ts';
import { stepCounts } from '../../../../domain/change/journal.ts';
import { describeRequiredApprovals } from '../../../../domain/policy/required-approvals.ts';
import { duration } from '../../../../domain/times.ts';
import { clip, escapeInvisible } from '../escape.ts';

const MAX_SUBJECT_CHARS = 60;
const MAX_MISSING_CHARS = 40;

/** `🕓 BGP-12 · Rotate worker1.rack · needs 1 of leads`: state, change, subject, and what it needs. */
export function titleOf(change: Change, nowMs?: number): string {
  const { id, state, plan } = change;
  const marked = awaitsReview(change) ? '🚨 ' : '';
  const subject = state === 'succeeded' ? describeResult(plan) : describeSubject(plan);
  const parts = [
    `${STATE_WORDS[state].icon} ${marked}${short(id, 30)}`,
    ...(state === 'halted' || state === 'outcome_unknown' ? [] : [short(subject, MAX_SUBJECT_CHARS)]),
    ...needsOf(change, nowMs),
  ];
  return parts.join(' · ');
}

function needsOf(change: Change, nowMs: number | undefined): readonly string[] {
  const { state, cancelledBy, journal, startedAtMs, outcome, progress = '' } = change;
  const { words } = STATE_WORDS[state];
  switch (state) {
    case 'proposed':
      return [approvalsOf(change)];
    case 'approved':
      return [progress === '' ? 'approved, starts soon' : 'approved, waits'];
    case 'running': {
      const { done, all } = stepCounts(change);
      return [
        cancelledBy === undefined ? `${done} of ${all}` : 'running, stops now',
        ...(startedAtMs === undefined || nowMs === undefined ? [] : [duration(nowMs - startedAtMs)]),
      ];
    }
    case 'halted':
    case 'outcome_unknown':
      return [words.toUpperCase(), needsApprovalAgain(change) ? approvalsOf(change) : 'needs a decision'];
    case 'succeeded':
      return startedAtMs === undefined || outcome === undefined
        ? ['done']
        : [`took ${duration(outcome.atMs - startedAtMs)}`];
    case 'failed':
      return [journal.length === 0 ? 'failed, nothing was changed' : words];
    default:
      return [words];
  }
}

function approvalsOf(change: Change): string {
  const { given, wanted, missing } = approvalProgress(change);
  const count = wanted > 1 ? ` (${given} of ${wanted})` : '';
  return missing.length === 0
    ? `proposed${count}`
    : `needs ${short(describeRequiredApprovals(missing), MAX_MISSING_CHARS)}${count}`;
}

/** Cut after escaping, so that the end, which says what it needs, always fits. */
function short(text: string, limit: number): string {
  return clip(escapeInvisible(text).replace(/\s+/g, ' '), limit);
}
