import type { KnownBlock } from '@slack/types';
import type { Change, Decision } from '../../../../domain/change.ts';
import { clip } from '../escape.ts';
import { smallMarkup, smallPlain } from '../parts.ts';
import { duration, moment } from '../when.ts';

/** How many approvals there are of how many, whose and when, and both clocks. */
export function decisionBlocks(change: Change): readonly KnownBlock[] {
  const approvals = change.decisions.filter(({ kind }) => kind === 'approval');
  const names = change.decisions.map(nameOf).join('  ');
  const count = `Approvals ${approvals.length} of ${change.approvalsNeeded}`;
  const reasons = change.decisions.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return [
    smallMarkup([`*${count}*`, names, clock(change)].filter((part) => part !== '').join(' · ')),
    ...reasons.map((reason) => smallPlain(`“${clip(reason, 400)}”`)),
  ];
}

function nameOf({ kind, by, atMs }: Decision): string {
  return `${kind === 'approval' ? '✅' : '⛔'} <@${by.userId}> ${moment(atMs)}`;
}

function clock({ state, approveByMs, executeByMs, executeWithinMs }: Change): string {
  if (state === 'proposed') {
    return `approve by ${moment(approveByMs)}, then it starts within ${duration(executeWithinMs)}`;
  }
  return state === 'approved' && executeByMs !== undefined
    ? `starts by ${moment(executeByMs)} or not at all`
    : '';
}
