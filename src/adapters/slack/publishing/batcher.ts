import type { ChannelRateLimiter, Urgency } from './channel-rate-limiter.ts';

export interface Batcher<Item> {
  /** Resolves once the item is posted. Items keep their order. */
  add(item: Item): Promise<void>;
}

interface Waiting<Item> {
  readonly item: Item;
  resolve(): void;
  reject(error: unknown): void;
}

interface BatcherOptions<Item> {
  readonly rateLimiter: ChannelRateLimiter;
  readonly channel: string;
  readonly urgency: Urgency;
  /** Characters that the item takes in a message. */
  length(item: Item): number;
  post(items: readonly Item[]): Promise<void>;
}

// Slack shows about 4,000 characters of a message well.
const LONGEST = 3_000;

/** Posts items one message at a time; what is added while the channel is not free goes into one message. */
export function batcher<Item>({
  rateLimiter,
  channel,
  urgency,
  length,
  post,
}: BatcherOptions<Item>): Batcher<Item> {
  const waiting: Waiting<Item>[] = [];
  let busy = false;

  const takeBatch = (): readonly Waiting<Item>[] => {
    let characters = 0;
    const over = waiting.findIndex(({ item }, index) => {
      characters += length(item) + 1;
      return index > 0 && characters > LONGEST;
    });
    return waiting.splice(0, over < 0 ? waiting.length : over);
  };

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      let batch: readonly Waiting<Item>[] = [];
      try {
        // Formed only when the channel is free, and the same again when Slack says to retry.
        await rateLimiter.run(channel, urgency, () => {
          if (batch.length === 0) batch = takeBatch();
          return post(batch.map(({ item }) => item));
        });
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
        waiting.push({ item, resolve, reject });
        if (busy) return;
        busy = true;
        void drain();
      }),
  };
}
