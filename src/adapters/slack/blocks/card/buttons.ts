import type { ActionsBlock, Button, ConfirmationDialog, KnownBlock } from '@slack/types';
import type { Change } from '../../../../domain/change.ts';
import { differenceLines, restartSentence } from '../../../../domain/describe-plan.ts';
import { clip, visible } from '../escape.ts';

/** The buttons that mean something now; what they carry is checked against the change as it is at the click. */
export function cardButtons(change: Change): readonly KnownBlock[] {
  const buttons = buttonsFor(change);
  if (buttons.length === 0) return [];
  const block: ActionsBlock = { type: 'actions', block_id: 'decide', elements: [...buttons] };
  return [block];
}

function buttonsFor(change: Change): readonly Button[] {
  switch (change.state) {
    case 'proposed':
      return [
        { ...button('approve', 'Approve', change), style: 'primary', confirm: approveDialog(change) },
        {
          ...button('reject', 'Reject', change),
          style: 'danger',
          confirm: dialog(`Reject ${change.id}?`, 'It ends here; nothing is changed.', 'Reject'),
        },
        button('cancel', 'Withdraw', change),
      ];
    case 'approved':
      return [button('cancel', 'Cancel', change)];
    case 'running':
      return change.cancelledBy === undefined
        ? [{ ...button('cancel', 'Stop before the next step', change), style: 'danger' }]
        : [];
    default:
      return [];
  }
}

function button(action: 'approve' | 'reject' | 'cancel', words: string, { id, digest }: Change): Button {
  return {
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text: words, emoji: true },
    value: JSON.stringify({ change: id, digest }),
  };
}

// A dialog takes 300 characters.
const DIALOG = 300;

function approveDialog({ id, plan }: Change): ConfirmationDialog {
  const changes = differenceLines(plan).filter((line) => line.startsWith('-') || line.startsWith('+'));
  const restart = clip(restartSentence(plan), 150);
  const difference = clip(changes.join('\n'), DIALOG - restart.length - 1);
  return dialog(`Approve ${id}?`, [difference, restart].filter((part) => part !== '').join('\n'), 'Approve');
}

function dialog(title: string, text: string, confirm: string): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: title },
    text: { type: 'plain_text', text: clip(visible(text), DIALOG) },
    confirm: { type: 'plain_text', text: confirm },
    deny: { type: 'plain_text', text: 'Back' },
  };
}
