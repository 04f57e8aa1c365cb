import type { WebClient } from '@slack/web-api';
import type { CardLocation } from '../../../ports/chat.ts';
import { isClosedThread } from '../slack-errors.ts';
import { type Batcher, batcher, type RetryOptions } from './batcher.ts';
import type { ChannelRateLimiter } from './channel-rate-limiter.ts';

export interface Threads {
  /** Resolves once the line is posted below the card. */
  add(place: CardLocation, line: string): Promise<void>;
}

// Batchers of changes that ended long ago are dropped; another line for the same card opens a new one.
const MAX_THREADS = 500;

/** Posts lines to the thread below each card, several lines per message. */
export function openThreads(
  client: WebClient,
  rateLimiter: ChannelRateLimiter,
  patience: RetryOptions = {},
): Threads {
  const threads = new Map<string, Batcher<string>>();
  return {
    add(place, line) {
      const { channel, ts } = place;
      const key = `${channel} ${ts}`;
      if (threads.size >= MAX_THREADS && !threads.has(key)) threads.clear();
      const thread = threads.get(key) ?? openThread(client, rateLimiter, place, patience);
      threads.set(key, thread);
      return thread.add(line);
    },
  };
}

function openThread(
  client: WebClient,
  rateLimiter: ChannelRateLimiter,
  { channel, ts }: CardLocation,
  patience: RetryOptions,
): Batcher<string> {
  return batcher<string>({
    ...patience,
    isFinal: isClosedThread,
    rateLimiter,
    channel,
    urgency: 'thread',
    length: (line) => line.length,
    async post(lines) {
      const text = lines.join('\n');
      await client.chat.postMessage({
        channel,
        thread_ts: ts,
        text,
        unfurl_links: false,
        unfurl_media: false,
      });
    },
  });
}
