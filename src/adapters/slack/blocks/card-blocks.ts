import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../domain/change/change.ts';
import { stepsPhase } from '../../../domain/change/describe-state.ts';
import { cardButtons } from './card/buttons.ts';
import { type CardContext, NO_CONTEXT } from './card/context.ts';
import { footerBlocks } from './card/footer.ts';
import { behindBlocks, frozenBlocks, otherBlocks } from './card/others.ts';
import { breakGlassBlocks, callBlocks, commandBlocks, decisionBlocks, requestBlocks } from './card/people.ts';
import { decidingBlocks, planBlocks, podBlocks } from './card/plan.ts';
import { outcomeBlocks, progressBlocks } from './card/progress.ts';
import { titleOf } from './card/title.ts';
import { fallbackText } from './escape.ts';
import { header, type SlackMessage, smallPlain, textLength } from './message.ts';
import { mention } from './mrkdwn.ts';

/**
 * The whole card of a change, drawn from its state and from what is around it: first what somebody has to know to decide, then what
 * to press, then everything else.
 */
export function cardMessage(change: Change, context: CardContext = NO_CONTEXT): SlackMessage {
  const { requester, parsed } = change;
  const title = titleOf(change, context.nowMs);
  const command = fallbackText([[parsed.verb, ...parsed.args].join(' ')], 200);
  const whole = [header(title), ...breakGlassBlocks(change), ...bodyOf(change, context, 'whole')];
  return {
    text: `${fallbackText([title], 250)} (${mention(requester.userId)}: ${command})`,
    blocks:
      textLength(whole) <= MOST_TEXT
        ? whole
        : [header(title), ...breakGlassBlocks(change), ...bodyOf(change, context, 'short')],
  };
}

/** Slack's own limit for a message is not documented; above 11,000 characters it was seen to refuse. */
const MOST_TEXT = 10_000;

/** `short` leaves out steps and pods, which a card has in such length only after a halt that needs approval again. */
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
        ...callBlocks(change, context),
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
