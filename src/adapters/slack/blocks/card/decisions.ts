import type { KnownBlock } from '@slack/types';
import { approvalProgress } from '../../../../domain/change/approvals.ts';
import type { Change, Decision } from '../../../../domain/change/change.ts';
import { describeRequiredApprovals } from '../../../../domain/policy/required-approvals.ts';
import { escapeInline } from '../escape.ts';
import { mention } from '../mention.ts';
import { smallMarkup, smallPlain } from '../parts.ts';
import { duration, moment } from '../when.ts';

const MOST_NAMES = 6;
const MOST_REASONS = 2;
const REASON = 200;

/** How many approvals there are of how many, whose and when, who took it back, and the clock that runs. */
export function decisionBlocks(change: Change): readonly KnownBlock[] {
  const { decisions, outcome } = change;
  const names = decisions.slice(0, MOST_NAMES).map(nameOf);
  const more = decisions.length - names.length;
  const line = [
    countOf(change),
    ...names,
    more > 0 ? `and ${more} more` : '',
    takenBack(change),
    clock(change),
  ];
  // A rejection's reason is the ending, which stands above.
  const reasons = decisions.flatMap(({ reason }) =>
    reason === undefined || reason === outcome?.sentence ? [] : [reason],
  );
  return [
    smallMarkup(line.filter((part) => part !== '').join(' · ')),
    ...reasons.slice(0, MOST_REASONS).map((reason) => smallPlain(`“${reason}”`, REASON)),
  ];
}

/** `Approvals 1 of 2, still wanted: 1 of platform`. */
function countOf(change: Change): string {
  const { given, wanted, missing } = approvalProgress(change);
  if (wanted === 0) return '*No approval is needed*, says the policy';
  const open = change.state === 'proposed' && (given > 0 || change.requiredApprovals.length > 1);
  return `*Approvals ${given} of ${wanted}*${open ? `, still wanted: ${escapeInline(describeRequiredApprovals(missing), 200)}` : ''}`;
}

function nameOf({ kind, by, atMs, carriedOverFrom }: Decision): string {
  const kept =
    carriedOverFrom === undefined ? '' : ` for the same plan, ${escapeInline(carriedOverFrom, 30)}`;
  return `${kind === 'approval' ? '✅ approved' : '⛔ rejected'} by ${mention(by.userId)} ${moment(atMs)}${kept}`;
}

function takenBack({ state, cancelledBy, outcome }: Change): string {
  if (cancelledBy === undefined) return '';
  const who = mention(cancelledBy.userId);
  if (state !== 'withdrawn') return `⏹️ ${who} asked to stop it`;
  return `↩️ withdrawn by ${who}${outcome === undefined ? '' : ` ${moment(outcome.atMs)}`}`;
}

function clock({ state, approveByMs, executeByMs, executeWithinMs }: Change): string {
  if (state === 'proposed') {
    return `⏰ approve by ${moment(approveByMs)}, then it starts within ${duration(executeWithinMs)}`;
  }
  return state === 'approved' && executeByMs !== undefined
    ? `⏰ starts by ${moment(executeByMs)} or not at all`
    : '';
}
