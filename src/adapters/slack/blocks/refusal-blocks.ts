import type { Refusal } from '../../../domain/refusal.ts';
import { escapeMrkdwn } from './escape.ts';
import type { SlackMessage } from './message.ts';
import { markup, plain, smallPlain } from './parts.ts';

/** What was wrong, what to do instead, and the code under which the audit trail has it. */
export function refusalMessage({ sentence, next, reasonCode, channels = [] }: Refusal): SlackMessage {
  const links = channels.map((channel) => `<#${channel}>`).join(', ');
  return {
    text: escapeMrkdwn(`${sentence} ${next}`),
    blocks: [
      plain(`🚫 ${sentence}`),
      ...(next === '' ? [] : [plain(`→ ${next}`)]),
      ...(links === '' ? [] : [markup(links)]),
      smallPlain(reasonCode),
    ],
  };
}
