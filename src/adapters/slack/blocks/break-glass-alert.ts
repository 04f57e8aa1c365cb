import type { Change } from '../../../domain/change/change.ts';
import { differenceBlocks } from './card/difference.ts';
import { describeBreakGlass } from './card/glass.ts';
import { restartInShort } from './card/restarts.ts';
import { escapeInline } from './escape.ts';
import type { SlackMessage } from './message.ts';
import { header, markup, plain } from './parts.ts';

const DIFFERENCE = 1_500;

/** Says in a channel that somebody broke the glass: who, why, what it does, and who has to look at it. */
export function breakGlassAlert(change: Change): SlackMessage {
  const { id, plan, breakGlassUse } = change;
  return {
    text: `🚨 Glass broken: ${escapeInline(id, 30)} on ${escapeInline(plan.target, 80)} runs without approval`,
    blocks: [
      header(`🚨 Glass broken: ${id} runs without approval`),
      ...(breakGlassUse === undefined ? [] : [markup(describeBreakGlass(breakGlassUse))]),
      ...differenceBlocks(plan, DIFFERENCE),
      plain(`On ${plan.target}: ${restartInShort(plan)}`),
      markup(`👀 Somebody else who may approve has to look at it: \`review ${escapeInline(id, 30)}\``),
    ],
  };
}
