import { setTimeout as sleep } from 'node:timers/promises';

interface RetryOptions {
  readonly tries: number;
  /** Whether the wait keeps the process alive; a bot that was stopped must not wait. */
  readonly keepsAlive?: boolean;
  /** Replaces the wait by this machine's clock. */
  sleep?(ms: number): Promise<void>;
}

/** Calls again after each 429, when Slack allows it. Throws every other error, and the 429 of the last try. */
export async function retryRateLimited<Value>(
  call: () => Promise<Value>,
  { tries, keepsAlive = false, sleep: wait }: RetryOptions,
): Promise<Value> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await call();
    } catch (error) {
      const waitForMs = retryAfterMs(error);
      if (waitForMs === undefined || tried >= tries) throw error;
      await (wait?.(waitForMs) ?? sleep(waitForMs, undefined, { ref: keepsAlive }));
    }
  }
}

const CLOSED: readonly string[] = ['channel_not_found', 'not_in_channel', 'is_archived'];

/** Whether Slack refuses a channel permanently: it is deleted or archived, or the bot was removed from it. */
export function isClosedChannel(error: unknown): boolean {
  const code = slackErrorCode(error);
  return code !== undefined && CLOSED.includes(code);
}

/** Slack's error code in an exception; undefined when there is none. */
export function slackErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('data' in error)) return undefined;
  const { data } = error;
  if (typeof data !== 'object' || data === null || !('error' in data)) return undefined;
  return typeof data.error === 'string' ? data.error : undefined;
}

function retryAfterMs(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('retryAfter' in error)) return undefined;
  return typeof error.retryAfter === 'number' ? error.retryAfter * 1_000 : undefined;
}
