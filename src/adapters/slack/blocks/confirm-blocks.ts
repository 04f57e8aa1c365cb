import type { Button, InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Change } from '../../../domain/change/change.ts';
import { type ReasonDialog, reasonDialogOf } from '../../../domain/change/decisions.ts';
import { restartedPods } from '../../../domain/change/describe-plan.ts';
import { impactWarnings } from '../../../domain/change/impact-warnings.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import { clipWellFormed, MAX_REASON_LENGTH } from '../../../domain/well-formed.ts';
import type { RemainingPlan, Reply } from '../../../workflow/requests.ts';
import { differenceBlocks, restartBlocks, warningBlocks } from './card/plan.ts';
import { escapeInline, fallbackText } from './escape.ts';
import { markup, plain, type SlackMessage, smallMarkup } from './message.ts';
import { modal } from './modal.ts';
import { moment } from './mrkdwn.ts';
import { refusalMessage } from './notice-blocks.ts';

export interface DialogMemory {
  readonly change: string;
  readonly digest: string;
  readonly channel: string;
}

/** Prefix of the action id of a confirming button, before the verb. */
export const CONFIRMED = 'confirmed ';
const MAX_DIFFERENCE_CHARS = 2_000;
const MAX_PODS_CHARS = 450;
const MAX_TRAFFIC_CHARS = 300;

/** A decision that somebody has to confirm. */
type Confirmation = Omit<Extract<Reply, { kind: 'confirm' }>, 'kind'>;

/** Opened at once: a trigger expires after three seconds. */
export function loadingView(): ModalView {
  return modal('One moment', [plain('Reading the change …')]);
}

/** Why the decision is refused. */
export function refusedView(refusal: Refusal): ModalView {
  return modal('Not possible', refusalMessage(refusal).blocks);
}

/** Shows the decision and asks for the reason. */
export function confirmView({ verb, change, remaining }: Confirmation, memory: DialogMemory): ModalView {
  const dialog = reasonDialogOf(verb);
  if (dialog === undefined) throw new Error(`opening a dialog for ${verb}: it asks for no reason`);
  return {
    ...modal(`${dialog.title} ${change.id}`, [
      ...about(dialog, change, remaining),
      reasonInput(dialog.question),
    ]),
    callback_id: verb,
    private_metadata: JSON.stringify(memory),
    submit: { type: 'plain_text', text: dialog.submit },
  };
}

/** The same as a message, for a reason that was typed with the command: the dialog with one more button. */
export function confirmMessage({ verb, change, remaining, reason = '' }: Confirmation): SlackMessage {
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
      ...about(dialog, change, remaining),
      plain(`Why: ${reason}`, MAX_REASON_LENGTH + 10),
      { type: 'actions', block_id: 'confirm', elements: [button] },
    ],
  };
}

// A button's value may have 2,000 characters; in JSON one character of a reason may take six.
const MAX_VALUE_CHARS = 2_000;
const SAFE_REASON = 250;

function buttonValue({ id, digest }: Change, reason: string): string {
  const value = JSON.stringify({ change: id, digest, reason });
  return value.length <= MAX_VALUE_CHARS
    ? value
    : JSON.stringify({ change: id, digest, reason: clipWellFormed(reason, SAFE_REASON) });
}

/** What the person typed into the dialog. */
export const REASON_FIELD = { block: 'reason', action: 'text' } as const;

function about(
  { shows, consequence }: ReasonDialog,
  change: Change,
  remaining: RemainingPlan | undefined,
): readonly KnownBlock[] {
  const difference = differenceBlocks(change.plan, MAX_DIFFERENCE_CHARS);
  if (shows === 'difference') return [...difference, plain(consequence)];
  const { plan, impact, traffic }: RemainingPlan = remaining ?? { plan: change.plan };
  const restarts =
    change.journal.length > 0 && restartedPods(plan) === 0
      ? [plain('No more TMM pods restart: it repeats the failed check and continues when that passes.')]
      : restartBlocks(plan, MAX_PODS_CHARS, impact);
  return [
    ...difference,
    ...trafficBlocks(change, traffic),
    ...restarts,
    ...(impact === undefined ? [] : [smallMarkup(`Sessions read ${moment(impact.readAtMs)}`)]),
    ...warningBlocks(change, impactWarnings(plan, impact)),
    plain(consequence),
  ];
}

/** The present state of traffic; where that could not be read, the state when the change halted. */
function trafficBlocks({ outcome }: Change, now: string | undefined): readonly KnownBlock[] {
  if (now !== undefined) return [markup(`*Traffic now*  ${escapeInline(now, MAX_TRAFFIC_CHARS)}`)];
  const { traffic = '', atMs = 0 } = outcome ?? {};
  return traffic === ''
    ? []
    : [markup(`*Traffic* when it halted, ${moment(atMs)}:  ${escapeInline(traffic, MAX_TRAFFIC_CHARS)}`)];
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
