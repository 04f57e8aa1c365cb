import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  KnownBlock,
  Overflow,
  SectionBlock,
} from '@slack/types';
import { buttonsOf, type CardButton, isFollowUp } from '../../../../domain/change/buttons.ts';
import { type Change, type ChangeState, isHalted } from '../../../../domain/change/change.ts';
import { DECISIONS, type DecisionRow } from '../../../../domain/change/decisions.ts';
import { differenceLines, restartSentence } from '../../../../domain/change/describe-plan.ts';
import { counted } from '../../../../domain/phrasing.ts';
import { clip, escapeInvisible, slackLength } from '../escape.ts';
import { firstLines } from '../text-table.ts';

/** Action id of the overflow menu; its chosen option names the decision. */
export const MORE = 'more';

/**
 * The buttons that apply now; their values are checked against the present change at the click. Where somebody decides under
 * pressure, each has one line that says what it does.
 */
export function cardButtons(change: Change): readonly KnownBlock[] {
  const buttons = buttonsOf(change);
  // Decisions that end the change or bypass approval need one more click, so that nobody hits them by mistake.
  const behind = buttons.filter(({ action }) => BEHIND[change.state]?.includes(action) === true);
  const before = buttons.filter((button) => !behind.includes(button));
  const menu = behind.length === 0 ? [] : [menuOf(behind, change)];
  if (isHalted(change) || change.state === 'running')
    return [
      ...before.map((button) => besideWords(button.action, button.does, buttonFor(button, change))),
      ...menu.map((one) => besideWords(MORE, behind.map(({ does }) => does).join('\n'), one)),
    ];
  const elements = [...before.map((button) => buttonFor(button, change)), ...menu];
  return elements.length === 0 ? [] : [{ type: 'actions', block_id: BLOCK, elements } satisfies ActionsBlock];
}

const BEHIND: Readonly<Partial<Record<ChangeState, readonly CardButton['action'][]>>> = {
  proposed: ['cancel', 'break-glass'],
  halted: ['break-glass'],
};

function besideWords(name: string, words: string, accessory: Button | Overflow): SectionBlock {
  return {
    type: 'section',
    block_id: `${BLOCK} ${name}`,
    text: { type: 'plain_text', text: clip(escapeInvisible(words), MAX_DOES_CHARS), emoji: false },
    accessory,
  };
}

const BLOCK = 'decide';
const MAX_DOES_CHARS = 200;

function buttonFor({ action, label }: CardButton, change: Change): Button {
  const row = isFollowUp(action) ? FOLLOW_UP : DECISIONS[action];
  return {
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text: label, emoji: false },
    value: JSON.stringify({ change: change.id, digest: change.digest, ...haltSeen(action, change) }),
    ...(row.style === undefined ? {} : { style: row.style }),
    ...(row.confirm === 'plan' ? { confirm: approveDialog(change) } : {}),
  };
}

/** Continuing without a node applies to the halt shown on the card, not to a later one. */
function haltSeen(action: CardButton['action'], { outcome }: Change): { readonly haltedAtMs?: number } {
  return action === 'go-on' && outcome !== undefined ? { haltedAtMs: outcome.atMs } : {};
}

const FOLLOW_UP: Pick<DecisionRow, 'style' | 'confirm'> = { confirm: 'nothing' };

/** An option's value may have 150 characters; id, digest and verb take about 120. */
function menuOf(buttons: readonly CardButton[], change: Change): Overflow {
  const { id, digest } = change;
  return {
    type: 'overflow',
    action_id: MORE,
    options: buttons.map(({ action, label }) => ({
      text: { type: 'plain_text', text: label, emoji: false },
      value: JSON.stringify({ verb: action, change: id, digest, ...haltSeen(action, change) }),
    })),
  };
}

// A dialog may have 300 characters; https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
const MAX_DIALOG_CHARS = 300;
const MAX_TITLE_CHARS = 60;
const ROOM_FOR_COUNT = 25;

const GOES_ON =
  'It continues where it stopped, once somebody resumes it: ticked steps stay done, the others are carried out.';

/** The restart sentence is never cut; the difference fills the rest, and says how much of it does not fit. */
function approveDialog(change: Change): ConfirmationDialog {
  const { id, plan } = change;
  if (isHalted(change)) return dialog(`Approve ${id} again?`, GOES_ON, 'Approve');
  const outage =
    plan.allowOutage && plan.strategy === 'rolling'
      ? ' The last TMM with an Established session may be evicted.'
      : '';
  const restart = `${restartSentence(plan)}${outage}`;
  const changes = differenceLines(plan).filter((line) => line.startsWith('- ') || line.startsWith('+ '));
  const room = MAX_DIALOG_CHARS - slackLength(restart) - ROOM_FOR_COUNT;
  const { shown, hidden } = firstLines(changes, room);
  const text = [...shown, ...(hidden === 0 ? [] : [`… ${counted(hidden, 'more line')}`]), restart].join('\n');
  return dialog(`Approve ${id}?`, text, 'Approve');
}

function dialog(title: string, text: string, confirm: string): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: clip(escapeInvisible(title), MAX_TITLE_CHARS) },
    text: { type: 'plain_text', text: clip(escapeInvisible(text), MAX_DIALOG_CHARS) },
    confirm: { type: 'plain_text', text: confirm },
    deny: { type: 'plain_text', text: 'Back' },
  };
}
