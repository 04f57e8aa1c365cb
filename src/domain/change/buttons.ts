import { isApproved } from './approvals.ts';
import { type Change, isHalted } from './change.ts';
import { DECISION_VERBS, DECISIONS, type DecisionVerb, missingNode } from './decisions.ts';
import { awaitsReview } from './describe-state.ts';
import { shortNode } from './describe-subject.ts';
import type { Difference } from './plan.ts';

/** A button of a card, with one sentence that says what it does. */
export interface CardButton {
  readonly action: DecisionVerb | FollowUp;
  readonly label: string;
  readonly does: string;
}

/** The buttons that apply to the change in its present state, in the order of the card. */
export function buttonsOf(change: Change): readonly CardButton[] {
  if (change.laterRelease === true) return [];
  const decisions = DECISION_VERBS.flatMap((action): readonly CardButton[] => {
    const label = DECISIONS[action].buttons[change.state];
    if (label === undefined || !makesSense(action, change)) return [];
    return [{ action, label, does: DOES[action](change) }];
  });
  const followUps = followUpsOf(change);
  // No decision moves a stale change on.
  if (change.state === 'stale') return [...followUps, ...decisions];
  return [...decisions.slice(0, 1), ...followUps, ...decisions.slice(1)];
}

/** Requests that a card offers: a new change, made from the displayed one. */
export type FollowUp = 'rollback' | 're-request';

export function isFollowUp(text: string): text is FollowUp {
  return text === 'rollback' || text === 're-request';
}

function makesSense(verb: DecisionVerb, change: Change): boolean {
  const { breakGlass, breakGlassUse, cancelledBy } = change;
  if (verb === 'approve') return !isHalted(change) || !isApproved(change);
  if (verb === 'resume') return isApproved(change);
  if (verb === 'go-on') return isApproved(change) && missingNode(change) !== undefined;
  if (verb === 'break-glass') return breakGlassUse === undefined && breakGlass.length > 0;
  if (verb === 'review') return awaitsReview(change);
  return verb !== 'cancel' || cancelledBy === undefined;
}

const DOES: Readonly<Record<DecisionVerb, (change: Change) => string>> = {
  approve: (change) =>
    isHalted(change)
      ? 'Approves it again; it continues once somebody resumes it.'
      : 'Lets it run, once it has all its approvals.',
  reject: () => 'Ends it; nothing is changed.',
  cancel: ({ state }) =>
    state === 'running'
      ? 'Stops before its next step; completed steps stay.'
      : 'Ends it; nothing is changed.',
  resume: ({ outcome }) =>
    outcome?.reasonCode === 'cancelled'
      ? 'Continues where it stopped, once its checks pass; nothing is written until then.'
      : 'Repeats the failed check and continues when it passes; nothing is written until then.',
  'go-on': (change) => {
    const node = shortNode(missingNode(change) ?? 'that node');
    return change.outcome?.reasonCode === 'node_unschedulable'
      ? `Evicts the TMM pod on ${node}, which will have none afterwards, and continues.`
      : `Continues without a TMM pod on ${node}.`;
  },
  close: (change) => `Ends it here${whatStays(change)}. Nothing more is done.`,
  'break-glass': (change) =>
    isHalted(change)
      ? 'Continues without approval and despite any freeze; every channel is notified.'
      : 'Runs it without approval and despite any freeze; every channel is notified.',
  review: () => 'Confirms that you reviewed why break-glass was used.',
};

function followUpsOf(change: Change): readonly CardButton[] {
  if (change.state === 'stale') {
    const does = 'Proposes what the same command would do now.';
    return [{ action: 're-request', label: 'Request again', does }];
  }
  const undoable = isHalted(change) || change.state === 'succeeded' || change.state === 'closed';
  const wrote = change.journal.some(({ step }) => step.kind === 'write');
  if (!undoable || !wrote) return [];
  return [{ action: 'rollback', label: 'Roll back…', does: describeRollback(change) }];
}

function describeRollback(change: Change): string {
  const [only, ...others] = writtenBy(change);
  const restarts = change.journal.some(({ step }) => step.kind === 'evict');
  const again = restarts ? ' and the restart that this needs' : '';
  const what =
    only === undefined || others.length > 0
      ? 'the mappings as they were'
      : `${only.before ?? 'no mapping'} for ${shortNode(only.node)}`;
  return `Proposes ${what}${again}, as a change of its own.`;
}

function whatStays(change: Change): string {
  const [only, ...others] = writtenBy(change);
  if (only === undefined) return '';
  if (others.length > 0) return `: the ${others.length + 1} mappings that were written stay`;
  return `: ${shortNode(only.node)} stays ${only.after === null ? 'without a mapping' : `on ${only.after}`}`;
}

/** The differences that the change has written, or may have written. */
function writtenBy({ plan, journal }: Change): readonly Difference[] {
  const keys = new Set(
    journal.flatMap(({ step }) => (step.kind === 'write' ? [`${step.lookup} ${step.node}`] : [])),
  );
  return plan.differences.filter(({ lookup, node }) => keys.has(`${lookup} ${node}`));
}
