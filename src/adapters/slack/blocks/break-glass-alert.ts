import type { Change } from '../../../domain/change/change.ts';
import { restartSentence } from '../../../domain/change/describe-plan.ts';
import { describeBreakGlass } from './card/people.ts';
import { differenceBlocks } from './card/plan.ts';
import { escapeInline, fallbackText } from './escape.ts';
import { header, markup, plain, type SlackMessage } from './message.ts';

const DIFFERENCE = 1_500;

/** Says in a channel that somebody used break-glass: who, why, what it does, and who has to review it. */
export function breakGlassAlert(change: Change): SlackMessage {
  const { id, plan, breakGlassUse } = change;
  const title = `🚨 Break-glass: ${id} runs without approval`;
  return {
    text: fallbackText([`${title} on target ${plan.target}`], 200),
    blocks: [
      header(title),
      ...(breakGlassUse === undefined ? [] : [markup(describeBreakGlass(breakGlassUse))]),
      ...differenceBlocks(plan, DIFFERENCE),
      plain(`On target ${plan.target}: ${restartSentence(plan)}`),
      markup(`👀 Somebody else who may approve has to review it: \`review ${escapeInline(id, 30)}\``),
    ],
  };
}
