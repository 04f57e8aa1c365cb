import type { Change } from '../../../domain/change.ts';
import { differenceBlocks } from './card/difference.ts';
import { brokeGlass } from './card/glass.ts';
import { restartInShort } from './card/restarts.ts';
import { inert } from './escape.ts';
import type { SlackMessage } from './message.ts';
import { header, markup, plain } from './parts.ts';

const DIFFERENCE = 1_500;

/** Says in a channel that somebody broke the glass: who, why, what it does, and who has to look at it. */
export function alarmMessage(change: Change): SlackMessage {
  const { id, plan, brokenGlass } = change;
  return {
    text: `🚨 Glass broken: ${inert(id, 30)} on ${inert(plan.target, 80)} runs without approval`,
    blocks: [
      header(`🚨 Glass broken: ${id} runs without approval`),
      ...(brokenGlass === undefined ? [] : [markup(brokeGlass(brokenGlass))]),
      ...differenceBlocks(plan, DIFFERENCE),
      plain(`On ${plan.target}: ${restartInShort(plan)}`),
      markup(`👀 Somebody else who may approve has to look at it: \`review ${inert(id, 30)}\``),
    ],
  };
}
