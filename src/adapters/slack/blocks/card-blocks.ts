import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../domain/change/change.ts';
import { passedChecks } from '../../../domain/change/describe-plan.ts';
import { STATE_WORDS, stepsPhase } from '../../../domain/change/describe-state.ts';
import { counted } from '../../../domain/phrasing.ts';
import { cardButtons } from './card/buttons.ts';
import { behindBlocks, type CardContext, frozenBlocks, NO_CONTEXT, otherBlocks } from './card/context.ts';
import {
  breakGlassBlocks,
  commandBlocks,
  decisionBlocks,
  mentionBlocks,
  requestBlocks,
} from './card/people.ts';
import { decidingBlocks, planBlocks, podBlocks } from './card/plan.ts';
import { outcomeBlocks, progressBlocks } from './card/progress.ts';
import { titleOf } from './card/title.ts';
import { fallbackText } from './escape.ts';
import { header, type SlackMessage, smallMarkup, smallPlain, textLength } from './message.ts';
import { mention, moment } from './mrkdwn.ts';

/**
 * The whole card of a change, from its state and its context: first the information for a decision, then the buttons, then
 * everything else.
 */
export function cardMessage(change: Change, context: CardContext = NO_CONTEXT): SlackMessage {
  const { requester, parsed } = change;
  const title = titleOf(change, context.nowMs);
  const command = fallbackText([[parsed.verb, ...parsed.args].join(' ')], 200);
  const whole = [header(title), ...breakGlassBlocks(change), ...bodyOf(change, context, 'whole')];
  return {
    text: `${fallbackText([title], 250)} (${mention(requester.userId)}: ${command})`,
    blocks:
      textLength(whole) <= MAX_TEXT
        ? whole
        : [header(title), ...breakGlassBlocks(change), ...bodyOf(change, context, 'short')],
  };
}

/** Slack's limit for a message is not documented; above 11,000 characters refusals were seen. */
const MAX_TEXT = 10_000;

/** `short` leaves out steps and pods; it is used only for a halted change that needs approval again. */
function bodyOf(change: Change, context: CardContext, detail: 'whole' | 'short'): readonly KnownBlock[] {
  const [progress, pods] =
    detail === 'whole'
      ? [progressBlocks(change, context), podBlocks(change)]
      : [[smallPlain(`✂️ Steps and pods are not shown; type status ${change.id}`)], []];
  const below = [
    ...decisionBlocks(change),
    ...commandBlocks(change, context),
    ...footerBlocks(change, context),
  ];
  switch (stepsPhase(change)) {
    case 'to come':
      return [
        ...outcomeBlocks(change),
        ...progress,
        ...frozenBlocks(change, context),
        ...requestBlocks(change),
        ...decidingBlocks(change),
        ...otherBlocks(context),
        ...mentionBlocks(change, context),
        ...cardButtons(change),
        ...pods,
        ...below,
      ];
    case 'under way':
      return [
        ...outcomeBlocks(change),
        ...progress,
        ...frozenBlocks(change, context),
        ...cardButtons(change),
        ...behindBlocks(context),
        ...requestBlocks(change),
        ...planBlocks(change),
        ...below,
      ];
    case 'over':
      return [
        ...outcomeBlocks(change),
        ...requestBlocks(change),
        ...decisionBlocks(change),
        ...cardButtons(change),
        ...progress,
        ...planBlocks(change),
        ...commandBlocks(change, context),
        ...footerBlocks(change, context),
      ];
    case 'stopped':
    case 'never begun':
      return [
        ...outcomeBlocks(change),
        ...frozenBlocks(change, context),
        ...cardButtons(change),
        ...behindBlocks(context),
        ...progress,
        ...requestBlocks(change),
        ...planBlocks(change),
        ...below,
      ];
  }
}

/** The last line of a card: the name of the state, the checks, the deadline, and the audit records. */
function footerBlocks(change: Change, { records }: CardContext): readonly KnownBlock[] {
  const { state, outcome, digest } = change;
  const { icon, words } = STATE_WORDS[state];
  const parts = [
    `${icon} ${words}${outcome === undefined ? '' : ` ${moment(outcome.atMs)}`}`,
    checksOf(change),
    clockOf(change),
    `fingerprint ${digest.slice(0, 12)}`,
    records === undefined ? '' : `audit #${records.first}–#${records.last}`,
  ];
  return [smallMarkup(parts.filter((part) => part !== '').join(' · '))];
}

/** Checks that passed when it was proposed, for approvers. */
function checksOf({ plan, impact, state }: Change): string {
  if (state !== 'proposed' && state !== 'approved') return '';
  const checks = passedChecks(plan, impact);
  if (checks.length === 0) return '';
  return `✔ ${counted(checks.length, 'check')} passed: ${checks.join(', ')}`;
}

function clockOf({ state, approveByMs, executeByMs }: Change): string {
  if (state === 'proposed') return `expires ${moment(approveByMs)}`;
  return state === 'approved' && executeByMs !== undefined
    ? `starts by ${moment(executeByMs)} or not at all`
    : '';
}
