import type { ActionsBlock, Button, ConfirmationDialog, KnownBlock } from '@slack/types';
import type { Change } from '../../../../domain/change/change.ts';
import {
  buttonsOf,
  DECISIONS,
  type DecisionRow,
  type DecisionVerb,
  type FollowUp,
  isFollowUp,
} from '../../../../domain/change/decisions.ts';
import { differenceLines, restartSentence } from '../../../../domain/change/describe-plan.ts';
import { clip, escapeInvisible, slackLength } from '../escape.ts';
import { firstLines } from '../text-table.ts';

/** The buttons that mean something now; what they carry is checked against the change as it is at the click. */
export function cardButtons(change: Change): readonly KnownBlock[] {
  const elements = buttonsOf(change).map(({ action, label }) => buttonFor(action, label, change));
  if (elements.length === 0) return [];
  const block: ActionsBlock = { type: 'actions', block_id: 'decide', elements };
  return [block];
}

function buttonFor(action: DecisionVerb | FollowUp, label: string, change: Change): Button {
  const row = isFollowUp(action) ? FOLLOW_UP : DECISIONS[action];
  return {
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text: label, emoji: false },
    value: JSON.stringify({ change: change.id, digest: change.digest }),
    ...(row.style === undefined ? {} : { style: row.style }),
    ...(row.confirm === 'plan' ? { confirm: approveDialog(change) } : {}),
  };
}

const FOLLOW_UP: Pick<DecisionRow, 'style' | 'confirm'> = { confirm: 'nothing' };

// A dialog takes 300 characters; https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
const DIALOG = 300;
const TITLE = 60;
const ROOM_FOR_COUNT = 25;

/** What restarts stands whole; the difference fills what is left, and says how much of it does not fit. */
function approveDialog({ id, plan }: Change): ConfirmationDialog {
  const outage =
    plan.allowOutage && plan.strategy === 'rolling'
      ? ' The last TMM with an Established session may be evicted.'
      : '';
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
