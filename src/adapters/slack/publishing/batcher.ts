import type { Clock } from '../../../ports/clock.ts';
import { type ChannelRateLimiter, postingClock, type Urgency } from './channel-rate-limiter.ts';

export interface Batcher<Item> {
  /** Resolves once the item is posted. A post that failed is tried again, and nothing overtakes it. */
  add(item: Item): Promise<void>;
}

interface Waiting<Item> {
  readonly item: Item;
  resolve(): void;
  reject(error: unknown): void;
}

/** Options for retries. */
export interface RetryOptions {
  /** Aborts when the process stops: items that cannot be posted then are rejected, for another process. */
  readonly stopping?: AbortSignal;
  /** This machine's clock by default. */
  readonly clock?: Clock;
  /** Called with each error that is followed by a retry. */
  onError?(error: unknown): void;
}

interface BatcherOptions<Item> extends RetryOptions {
  readonly rateLimiter: ChannelRateLimiter;
  readonly channel: string;
  readonly urgency: Urgency;
  /** Characters that the item takes in a message. */
  length(item: Item): number;
  /** Items are sorted by this number; by default they keep their order. */
  order?(item: Item): number;
  post(items: readonly Item[]): Promise<void>;
  /** Called once these are posted, before anything else is posted. */
  posted?(items: readonly Item[]): Promise<void>;
  /** Whether a retry is useless; then the items are rejected. */
  isFinal?(error: unknown): boolean;
}

// Slack shows about 4,000 characters of a message well.
const MAX_MESSAGE_CHARS = 3_000;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;

/** Posts items one message at a time; items added while the channel is busy are combined into one message. */
export function batcher<Item>(options: BatcherOptions<Item>): Batcher<Item> {
  const { rateLimiter, channel, urgency, length, order = () => 0, post, posted, isFinal } = options;
  const { clock = postingClock } = options;
  const waiting: Waiting<Item>[] = [];
  let busy = false;

  const takeBatch = (): readonly Waiting<Item>[] => {
    let characters = 0;
    const over = waiting.findIndex(({ item }, index) => {
      characters += length(item) + 1;
      return index > 0 && characters > MAX_MESSAGE_CHARS;
    });
    return waiting.splice(0, over < 0 ? waiting.length : over);
  };

  async function postHead(batch: Waiting<Item>[]): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        // Built only when the channel is free; a retry sends the same message.
        return await rateLimiter.run(channel, urgency, () => {
          if (batch.length === 0) batch.push(...takeBatch());
          return post(batch.map(({ item }) => item));
        });
      } catch (error) {
        if (options.stopping?.aborted === true || isFinal?.(error) === true) throw error;
        options.onError?.(error);
        await clock.sleep(pauseMs, options.stopping);
      }
    }
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch: Waiting<Item>[] = [];
      try {
        await postHead(batch);
        await posted?.(batch.map(({ item }) => item));
        for (const one of batch) one.resolve();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    busy = false;
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        const after = waiting.findIndex((one) => order(one.item) > order(item));
        waiting.splice(after < 0 ? waiting.length : after, 0, { item, resolve, reject });
        if (busy) return;
        busy = true;
        void drain();
      }),
  };
}
