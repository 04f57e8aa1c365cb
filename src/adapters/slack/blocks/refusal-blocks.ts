import type { Refusal } from '../../../domain/refusal.ts';
import { fallbackText } from './escape.ts';
import { markup, plain, type SlackMessage, smallPlain } from './message.ts';
import { channelLink } from './mrkdwn.ts';

// A sentence that quotes a cluster may be long; what to do next must still fit.
const SENTENCE = 2_500;
const NEXT = 1_500;
const MOST_CHANNELS = 20;

/** What was wrong, what to do instead, and the code under which the audit trail has it. */
export function refusalMessage({ sentence, next, reasonCode, channels = [] }: Refusal): SlackMessage {
  const links = channels.slice(0, MOST_CHANNELS).map(channelLink).join(', ');
  const more = channels.length > MOST_CHANNELS ? ` and ${channels.length - MOST_CHANNELS} more` : '';
  return {
    text: fallbackText([`${sentence} ${next}`], 1_000),
    blocks: [
      plain(`🚫 ${sentence}`, SENTENCE),
      ...(next === '' ? [] : [plain(`→ ${next}`, NEXT)]),
      ...(links === '' ? [] : [markup(links + more)]),
      smallPlain(reasonCode),
    ],
  };
}
