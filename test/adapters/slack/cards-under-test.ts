import type { Message } from '../../../sandbox/src/slack/message.ts';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { slackClient } from '../../../src/adapters/slack/clients.ts';
import { openCardContext } from '../../../src/adapters/slack/publishing/card-context.ts';
import { type Cards, openCards } from '../../../src/adapters/slack/publishing/cards.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import type { GroupMentions } from '../../../src/adapters/slack/publishing/mentions.ts';
import { openThreads } from '../../../src/adapters/slack/publishing/threads.ts';
import { BOT_TOKEN, CHANGES } from '../../sandbox/slack/slack-under-test.ts';
import type { openMemory } from './bot-under-test.ts';

type Memory = Awaited<ReturnType<typeof openMemory>>;

/** The cards of one replica. */
export function openReplica(apiUrl: string, memory: Memory, mentions: GroupMentions = new Map()): Cards {
  const client = slackClient({ botToken: BOT_TOKEN, apiUrl }, () => undefined);
  const rateLimiter = channelRateLimiter();
  return openCards({
    ...memory,
    client,
    rateLimiter,
    readContext: openCardContext({
      ...memory,
      workspaceUrl: () => 'https://rack.slack.com/',
      mentions,
    }),
    threads: openThreads(client, rateLimiter),
    mentions,
  });
}

/** The cards that stand in the channel, whatever they belong to. */
export function cardsIn(slack: Slack, channel = CHANGES): readonly Message[] {
  return slack.control.messages(channel).filter(({ metadata }) => metadata?.event_type === 'bgp_change');
}

/** What stands below the cards. */
export function threadsIn(slack: Slack, channel = CHANGES): readonly Message[] {
  return slack.control.messages(channel).filter(({ thread_ts }) => thread_ts !== undefined);
}

/** How often a method was called, and when it was taken. */
export function mentionsOf(slack: Slack, method: string, ok = true): number {
  return slack.control.log().filter((line) => line.kind === 'api' && line.method === method && line.ok === ok)
    .length;
}
