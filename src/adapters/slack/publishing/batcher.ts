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

interface Where<Item> {
  readonly rateLimiter: ChannelRateLimiter;
  readonly channel: string;
  readonly urgency: Urgency;
  /** Characters that the item takes in a message. */
  length(item: Item): number;
  post(items: readonly Item[]): Promise<void>;
}

// Slack shows about 4,000 characters of a message well.
const LONGEST = 3_000;

/** Gathers what comes while a channel is not free, and posts it as one message. */
export function batcher<Item>({ rateLimiter, channel, urgency, length, post }: Where<Item>): Batcher<Item> {
  const waiting: Waiting<Item>[] = [];
  let busy = false;

  const takeMessageful = (): readonly Waiting<Item>[] => {
    let characters = 0;
    const over = waiting.findIndex(({ item }, index) => {
      characters += length(item) + 1;
      return index > 0 && characters > LONGEST;
    });
    return waiting.splice(0, over < 0 ? waiting.length : over);
  };

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      let taken: readonly Waiting<Item>[] = [];
      try {
        // Taken only when the channel is free, and kept when Slack says to try again.
        await rateLimiter.run(channel, urgency, () => {
          if (taken.length === 0) taken = takeMessageful();
          return post(taken.map(({ item }) => item));
        });
        for (const one of taken) one.resolve();
      } catch (error) {
        for (const one of taken) one.reject(error);
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
