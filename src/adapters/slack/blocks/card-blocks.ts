import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../domain/change.ts';
import { cardButtons } from './card/buttons.ts';
import { decisionBlocks } from './card/decisions.ts';
import { endingBlocks } from './card/ending.ts';
import { progressBlocks } from './card/progress.ts';
import { requestBlocks } from './card/request.ts';
import { stateLine } from './card/state-line.ts';
import { escapeMrkdwn } from './escape.ts';
import type { SlackMessage } from './message.ts';
import { header, smallPlain } from './parts.ts';

/** The whole card of a change, drawn from its state alone: where it stands, what it does, who said what, what to press. */
export function cardMessage(change: Change): SlackMessage {
  const { id, plan, digest } = change;
  const title = `${id} · ${plan.verb} · ${stateLine(change)}`;
  const blocks: KnownBlock[] = [
    header(title),
    ...endingBlocks(change),
    ...progressBlocks(change),
    ...requestBlocks(change),
    ...decisionBlocks(change),
    ...cardButtons(change),
    smallPlain(`Plan ${digest.slice(0, 12)} · target ${plan.target}, namespace ${plan.namespace}`),
  ];
  const who = `<@${change.requester.userId}>`;
  return {
    text: `${escapeMrkdwn(title)} (${who}, ${escapeMrkdwn(change.typed.args.join(' ').slice(0, 200))})`,
    blocks,
  };
}
