import { isApproved } from './approvals.ts';
import { type Change, isHalted } from './change.ts';
import { DECISION_VERBS, DECISIONS, type DecisionVerb, type FollowUp, missingNode } from './decisions.ts';
import { awaitsReview } from './describe-state.ts';

/** The buttons that mean something for a change as it is now, in the order in which a card shows them. */
export function buttonsOf(
  change: Change,
): readonly { readonly action: DecisionVerb | FollowUp; readonly label: string }[] {
  if (change.laterRelease === true) return [];
  const decisions = DECISION_VERBS.flatMap((action) => {
    const label = DECISIONS[action].buttons[change.state];
    return label === undefined || !makesSense(action, change) ? [] : [{ action, label }];
  });
  const followUps = followUpsOf(change);
  // Nothing that is decided about a stale change moves it on.
  if (change.state === 'stale') return [...followUps, ...decisions];
  return [...decisions.slice(0, 1), ...followUps, ...decisions.slice(1)];
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

function followUpsOf(change: Change): readonly { readonly action: FollowUp; readonly label: string }[] {
  if (change.state === 'stale') return [{ action: 're-request', label: 'Request again' }];
  const wrote = change.journal.some(({ step }) => step.kind === 'write');
  return isHalted(change) && wrote ? [{ action: 'rollback', label: 'Roll back' }] : [];
}
