import type { ActionsBlock, Button, ConfirmationDialog, KnownBlock } from '@slack/types';
import { approvalProgress, needsApprovalAgain } from '../../../domain/change/approvals.ts';
import { buttonsOf } from '../../../domain/change/buttons.ts';
import { type Change, isHalted } from '../../../domain/change/change.ts';
import {
  DECISIONS,
  type DecisionRow,
  type DecisionVerb,
  type FollowUp,
  isFollowUp,
} from '../../../domain/change/decisions.ts';
import { differenceLines, restartSentence } from '../../../domain/change/describe-plan.ts';
import { awaitsReview, STATE_WORDS } from '../../../domain/change/describe-state.ts';
import type { Plan } from '../../../domain/change/plan.ts';
import { describeRequiredApprovals } from '../../../domain/policy/required-approvals.ts';
import { breakGlassBlocks, decisionBlocks, requestBlocks } from './card/people.ts';
import { planBlocks } from './card/plan.ts';
import { type CardLinks, outcomeBlocks, progressBlocks } from './card/progress.ts';
import { clip, escapeInvisible, fallbackText, slackLength } from './escape.ts';
import { header, type SlackMessage, smallPlain } from './message.ts';
import { mention } from './mrkdwn.ts';
import { firstLines } from './text-table.ts';

/**
 * The whole card of a change, drawn from its state alone: its state, what it does, who said what, what to press. `links` lead
 * to the cards of changes that it names.
 */
export function cardMessage(change: Change, links: CardLinks = new Map()): SlackMessage {
  const { requester, parsed, digest } = change;
  const title = titleOf(change);
  const blocks: KnownBlock[] = [
    header(title),
    ...breakGlassBlocks(change),
    ...outcomeBlocks(change),
    ...progressBlocks(change, links),
    ...requestBlocks(change),
    ...planBlocks(change),
    ...decisionBlocks(change),
    ...cardButtons(change),
    smallPlain(`Plan ${digest.slice(0, 12)}`),
  ];
  const command = fallbackText([[parsed.verb, ...parsed.args].join(' ')], 200);
  return { text: `${fallbackText([title], 200)} (${mention(requester.userId)}: ${command})`, blocks };
}

/** Which change, what on which node, and its state. */
function titleOf(change: Change): string {
  const { id, plan } = change;
  const marked = awaitsReview(change) ? '🚨 ' : '';
  return `${short(id, 30)} · ${marked}${short(plan.verb, 20)}${subjectOf(plan)} · ${stateOf(change)}`;
}

/** The state, and what the change waits for in it. */
function stateOf(change: Change): string {
  const { icon, words } = STATE_WORDS[change.state];
  return `${icon} ${words}${detailOf(change)}`;
}

const MISSING = 30;

function detailOf(change: Change): string {
  const { state, cancelledBy, journal } = change;
  if (state === 'running' && cancelledBy !== undefined) return ', stops before the next step';
  if (state === 'failed' && journal.length === 0) return ', nothing was changed';
  if (state !== 'proposed' && !needsApprovalAgain(change)) return '';
  const { given, wanted, missing } = approvalProgress(change);
  const count = wanted > 1 ? ` (${given} of ${wanted})` : '';
  return missing.length === 0
    ? count
    : `${count}, needs ${short(describeRequiredApprovals(missing), MISSING)}`;
}

/** One node by the first label of its name; the difference below has the whole name. */
function subjectOf({ differences, restarts }: Plan): string {
  const nodes = [...new Set([...differences, ...restarts].map(({ node }) => node))];
  const [only] = nodes;
  if (only === undefined) return '';
  if (nodes.length > 1) return ` on ${nodes.length} nodes`;
  const [label = ''] = only.split('.');
  return ` on ${short(label, 25)}${label === only ? '' : '…'}`;
}

/** Cut after it was made visible, so that the state, which stands last, is never pushed out. */
function short(text: string, limit: number): string {
  return clip(escapeInvisible(text).replace(/\s+/g, ' '), limit);
}

/** The buttons that mean something now; what they carry is checked against the change as it is at the click. */
function cardButtons(change: Change): readonly KnownBlock[] {
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

const GOES_ON =
  'It goes on where it stopped, once somebody resumes it: the steps that are ticked stay done, the others are carried out.';

/** What restarts stands whole; the difference fills what is left, and says how much of it does not fit. */
function approveDialog(change: Change): ConfirmationDialog {
  const { id, plan } = change;
  if (isHalted(change)) return dialog(`Approve ${id} again?`, GOES_ON, 'Approve');
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
