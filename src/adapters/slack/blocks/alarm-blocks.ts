import type { Change } from '../../../domain/change.ts';
import { differenceBlocks } from './card/difference.ts';
import { glassBlocks } from './card/glass.ts';
import { restartInShort } from './card/restarts.ts';
import { inert } from './escape.ts';
import type { SlackMessage } from './message.ts';
import { header, markup, plain } from './parts.ts';

const DIFFERENCE = 1_500;

/** Says in a channel that somebody broke the glass: who, why, what it does, and who has to look at it. */
export function alarmMessage(change: Change): SlackMessage {
  const { id, plan } = change;
  return {
    text: `🚨 Glass broken: ${inert(id, 30)} on ${inert(plan.target, 80)} runs without approval`,
    blocks: [
      header(`🚨 Glass broken: ${id} runs without approval`),
      ...glassBlocks(change),
      ...differenceBlocks(plan, DIFFERENCE),
      plain(`On ${plan.target}: ${restartInShort(plan)}`),
      markup(`Once you looked at it: \`review ${inert(id, 30)}\``),
    ],
  };
}
