import type { Button, InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Change } from '../../../domain/change/change.ts';
import { type DecisionVerb, type ReasonDialog, reasonDialogOf } from '../../../domain/change/decisions.ts';
import { stepsPhase } from '../../../domain/change/describe-state.ts';
import { impactWarnings } from '../../../domain/change/impact-warnings.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import { clipWellFormed, MAX_REASON_LENGTH } from '../../../domain/well-formed.ts';
import { differenceBlocks, restartBlocks, warningBlocks } from './card/plan.ts';
import { clip, escapeInvisible, fallbackText } from './escape.ts';
import { plain, type SlackMessage } from './message.ts';
import { refusalMessage } from './notice-blocks.ts';

export interface DialogMemory {
  readonly change: string;
  readonly digest: string;
  readonly channel: string;
}

// A view's title and buttons take 24 characters; https://docs.slack.dev/reference/views/modal-views
const TITLE = 24;
/** What the action id of a confirming button begins with, before the verb. */
export const CONFIRMED = 'confirmed ';
const DIFFERENCE = 2_000;
const PODS = 450;

/** Opened at once: a trigger lives three seconds. */
export function loadingView(): ModalView {
  return view('One moment', [plain('Reading the change …')]);
}

/** Why the decision is refused. */
export function refusedView(refusal: Refusal): ModalView {
  return view('Not possible', refusalMessage(refusal).blocks);
}

/** Asks for the reason, below what it is about. */
export function confirmView(verb: DecisionVerb, change: Change, memory: DialogMemory): ModalView {
  const dialog = reasonDialogOf(verb);
  if (dialog === undefined) throw new Error(`opening a dialog for ${verb}: it asks for no reason`);
  return {
    ...view(`${dialog.title} ${change.id}`, [...about(dialog, change), reasonInput(dialog.question)]),
    callback_id: verb,
    private_metadata: JSON.stringify(memory),
    submit: { type: 'plain_text', text: dialog.submit },
  };
}

/** The same as a message, for a reason that was typed with the command: one more button, and the dialog before it. */
export function confirmMessage(verb: DecisionVerb, change: Change, reason: string): SlackMessage {
  const dialog = reasonDialogOf(verb);
  if (dialog === undefined) throw new Error(`confirming ${verb}: it asks for no reason`);
  const button: Button = {
    type: 'button',
    action_id: `${CONFIRMED}${verb}`,
    style: 'danger',
    text: { type: 'plain_text', text: dialog.submit, emoji: false },
    value: buttonValue(change, reason),
  };
  return {
    text: fallbackText([`${dialog.submit} for ${change.id}?`], 200),
    blocks: [
      plain(`🚨 ${dialog.submit} for ${change.id}?`),
      ...about(dialog, change),
      plain(`Why: ${reason}`, MAX_REASON_LENGTH + 10),
      { type: 'actions', block_id: 'confirm', elements: [button] },
    ],
  };
}

// A button's value takes 2,000 characters; in JSON one character of a reason may take six.
const VALUE = 2_000;
const SAFE_REASON = 250;

function buttonValue({ id, digest }: Change, reason: string): string {
  const value = JSON.stringify({ change: id, digest, reason });
  return value.length <= VALUE
    ? value
    : JSON.stringify({ change: id, digest, reason: clipWellFormed(reason, SAFE_REASON) });
}

/** What the person typed into the dialog. */
export const REASON_FIELD = { block: 'reason', action: 'text' } as const;

function about({ shows, consequence }: ReasonDialog, change: Change): readonly KnownBlock[] {
  const { plan } = change;
  const impact = stepsPhase(change) === 'to come' ? change.impact : undefined;
  const difference = differenceBlocks(plan, DIFFERENCE);
  if (shows === 'difference') return [...difference, plain(consequence)];
  const warnings = warningBlocks(change, impactWarnings(plan, impact));
  return [...difference, ...restartBlocks(plan, PODS, impact), ...warnings, plain(consequence)];
}

function reasonInput(label: string): InputBlock {
  return {
    type: 'input',
    block_id: REASON_FIELD.block,
    label: { type: 'plain_text', text: label },
    element: {
      type: 'plain_text_input',
      action_id: REASON_FIELD.action,
      multiline: true,
      min_length: 1,
      max_length: MAX_REASON_LENGTH,
      focus_on_load: true,
    },
  };
}

function view(title: string, blocks: readonly KnownBlock[]): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: clip(escapeInvisible(title), TITLE) },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [...blocks],
  };
}
