import type { ActionsBlock, Button, ConfirmationDialog, KnownBlock } from '@slack/types';
import type { Change } from '../../../../domain/change/change.ts';
import { differenceLines, restartSentence } from '../../../../domain/change/describe-plan.ts';
import { clip, escapeInvisible, slackLength } from '../escape.ts';
import { firstLines } from '../text-table.ts';

/** The buttons that mean something now; what they carry is checked against the change as it is at the click. */
export function cardButtons(change: Change): readonly KnownBlock[] {
  const buttons = buttonsFor(change);
  if (buttons.length === 0) return [];
  const block: ActionsBlock = { type: 'actions', block_id: 'decide', elements: [...buttons] };
  return [block];
}

/** The `action_id` of each button. */
export type CardAction =
  | 'approve'
  | 'reject'
  | 'cancel'
  | 'resume'
  | 'rollback'
  | 'again'
  | 'break_glass'
  | 'review';

function buttonsFor(change: Change): readonly Button[] {
  return [...stateButtons(change), ...glassButtons(change)];
}

/** To break the glass where somebody may, and to say that somebody else looked at it. */
function glassButtons(change: Change): readonly Button[] {
  const { state, breakGlass, breakGlassUse } = change;
  if (breakGlassUse !== undefined)
    return breakGlassUse.review === undefined ? [button('review', 'I reviewed it', change)] : [];
  const waits = state === 'proposed' || state === 'approved' || state === 'halted';
  return waits && breakGlass.length > 0 ? [button('break_glass', 'Break glass…', change)] : [];
}

function stateButtons(change: Change): readonly Button[] {
  switch (change.state) {
    case 'proposed':
      return [
        { ...button('approve', 'Approve', change), style: 'primary', confirm: approveDialog(change) },
        { ...button('reject', 'Reject…', change), style: 'danger' },
        button('cancel', 'Withdraw', change),
      ];
    case 'approved':
      return [button('cancel', 'Cancel', change)];
    case 'running':
      return change.cancelledBy === undefined
        ? [{ ...button('cancel', 'Stop before the next step', change), style: 'danger' }]
        : [];
    case 'halted':
    case 'outcome_unknown':
      return [
        { ...button('resume', 'Check again', change), style: 'primary' },
        ...(change.journal.some(({ step }) => step.kind === 'write')
          ? [{ ...button('rollback', 'Roll back', change), style: 'danger' as const }]
          : []),
        button('cancel', 'Leave as is', change),
      ];
    case 'stale':
      return [button('again', 'Ask again', change)];
    case 'expired':
    case 'succeeded':
    case 'failed':
    case 'rejected':
    case 'withdrawn':
    case 'rolled_back':
    case 'closed':
      return [];
  }
}

function button(action: CardAction, words: string, { id, digest }: Change): Button {
  return {
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text: words, emoji: false },
    value: JSON.stringify({ change: id, digest }),
  };
}

// A dialog takes 300 characters; https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
const DIALOG = 300;
const TITLE = 60;
const ROOM_FOR_COUNT = 25;

/** What restarts stands whole; the difference fills what is left, and says how much of it does not fit. */
function approveDialog({ id, plan }: Change): ConfirmationDialog {
  const outage =
    plan.allowOutage && plan.strategy === 'rolling' ? ' The last one that carries may be taken.' : '';
  const restart = `${restartSentence(plan)}${outage}`;
  const changes = differenceLines(plan).filter((line) => line.startsWith('- ') || line.startsWith('+ '));
  const room = DIALOG - slackLength(restart) - ROOM_FOR_COUNT;
  const { shown, hidden } = firstLines(changes, room);
  const text = [...shown, ...(hidden === 0 ? [] : [`… ${hidden} more lines`]), restart].join('\n');
  return dialog(`Approve ${id}?`, text, 'Approve');
}

function dialog(title: string, text: string, confirm: string): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: clip(escapeInvisible(title), TITLE) },
    text: { type: 'plain_text', text: clip(escapeInvisible(text), DIALOG) },
    confirm: { type: 'plain_text', text: confirm },
    deny: { type: 'plain_text', text: 'Back' },
  };
}
