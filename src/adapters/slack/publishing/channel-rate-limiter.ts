import { setTimeout as sleep } from 'node:timers/promises';
import { retryRateLimited } from '../slack-errors.ts';

/** What comes first where several wait for the same channel. */
export type Urgency = 'card' | 'thread' | 'notice';

/** Slack takes about one message a second and channel. */
const INTERVAL_MS = 1_050;
const TRIES = 8;

export interface ChannelRateLimiter {
  /** Runs `send` when the channel is free; after a 429 again when Slack says so. */
  run<Value>(channel: string, urgency: Urgency, send: () => Promise<Value>): Promise<Value>;
}

interface Waiting {
  readonly urgency: Urgency;
  /** Resolves to when it was last sent, in milliseconds since 1970. */
  start(): Promise<number>;
}

/** A queue per channel: cards before thread lines before notices, and no channel waits for another. */
export function channelRateLimiter(intervalMs: number = INTERVAL_MS): ChannelRateLimiter {
  const queues = new Map<string, Waiting[]>();

  async function drain(channel: string, queue: Waiting[]): Promise<void> {
    for (;;) {
      const next = takeMostUrgent(queue);
      if (next === undefined) break;
      const sentAtMs = await next.start();
      await sleep(Math.max(0, sentAtMs + intervalMs - Date.now()), undefined, { ref: queue.length > 0 });
    }
    queues.delete(channel);
  }

  return {
    run<Value>(channel: string, urgency: Urgency, send: () => Promise<Value>) {
      return new Promise<Value>((resolve, reject) => {
        let sentAtMs = 0;
        const timed = (): Promise<Value> => {
          sentAtMs = Date.now();
          return send();
        };
        const waiting = {
          urgency,
          start: () =>
            retryRateLimited(timed, { tries: TRIES })
              .then(resolve, reject)
              .then(() => sentAtMs),
        };
        const queue = queues.get(channel);
        if (queue !== undefined) {
          queue.push(waiting);
          return;
        }
        const fresh = [waiting];
        queues.set(channel, fresh);
        void drain(channel, fresh);
      });
    },
  };
}

const ORDER: readonly Urgency[] = ['card', 'thread', 'notice'];

function takeMostUrgent(queue: Waiting[]): Waiting | undefined {
  for (const urgency of ORDER) {
    const index = queue.findIndex((one) => one.urgency === urgency);
    if (index >= 0) return queue.splice(index, 1)[0];
  }
  return undefined;
}
