import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../ports/clock.ts';
import { retryRateLimited } from '../slack-errors.ts';

/** Priority among calls that wait for the same channel. */
export type Urgency = 'card' | 'thread' | 'notice';

/** Slack allows about one message per second and channel. */
const INTERVAL_MS = 1_010;
const MAX_TRIES = 8;

export interface ChannelRateLimiter {
  /** Runs `send` when the channel is free; after a 429 again when Slack allows it. */
  run<Value>(channel: string, urgency: Urgency, send: () => Promise<Value>): Promise<Value>;
}

interface Waiting {
  readonly urgency: Urgency;
  /** Resolves when the call has its answer. */
  start(): Promise<void>;
}

/** A queue per channel: cards before thread lines before notices; channels are independent. */
export function channelRateLimiter(
  intervalMs: number = INTERVAL_MS,
  clock: Pick<Clock, 'sleep'> = postingClock,
): ChannelRateLimiter {
  const queues = new Map<string, Waiting[]>();

  async function drain(channel: string, queue: Waiting[]): Promise<void> {
    for (;;) {
      const next = takeMostUrgent(queue);
      if (next === undefined) break;
      await next.start();
      // Counted from the answer: Slack counts from the arrival of the call, which may be long after it was sent.
      await clock.sleep(intervalMs);
    }
    queues.delete(channel);
  }

  return {
    run<Value>(channel: string, urgency: Urgency, send: () => Promise<Value>) {
      return new Promise<Value>((resolve, reject) => {
        const waiting = {
          urgency,
          start: () => retryRateLimited(send, { tries: MAX_TRIES, sleep: clock.sleep }).then(resolve, reject),
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

/** This machine's clock, for posting: a wait does not keep the process alive. */
export const postingClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    // An abort only ends the wait early; the caller checks the signal.
    await sleep(ms, undefined, { ref: false, signal }).catch(() => undefined);
  },
};
