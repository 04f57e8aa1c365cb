import { setTimeout as sleep } from 'node:timers/promises';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';

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

const CLOSED: readonly string[] = [
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
  'cannot_reply_to_message',
  'channel_type_not_supported',
];

/**
 * Whether Slack refuses a channel permanently: it is deleted, archived, read-only
 * or locked, or the bot was removed from it.
 */
export function isClosedChannel(error: unknown): boolean {
  const code = slackErrorCode(error);
  return code !== undefined && CLOSED.includes(code);
}

const NO_THREAD: readonly string[] = ['thread_not_found', 'message_not_found'];

/** Whether a reply to this message is useless: its channel is closed, or the message is deleted and a new card is needed. */
export function isClosedThread(error: unknown): boolean {
  return isClosedChannel(error) || NO_THREAD.includes(slackErrorCode(error) ?? '');
}

const NOT_EDITABLE: readonly string[] = ['message_not_found', 'cant_update_message', 'edit_window_closed'];

/** Whether a message cannot be updated any more: it is deleted, or another bot user posted it. Then a new one is posted. */
export function isLostMessage(error: unknown): boolean {
  return NOT_EDITABLE.includes(slackErrorCode(error) ?? '');
}

/** Where Slack does not say how long. */
const RETRY_AFTER_S = 2;
/** A code of Slack's; the library puts the text of a page that is not JSON in its place. */
const CODE = /^[\w.:-]{1,100}$/;

/**
 * The error of the library that says what happened: a rate limit in the body or without a time is a rate limit, a page of a
 * proxy is no refusal by Slack, and a connection that failed says why.
 */
export function asItIsMeant(error: unknown): unknown {
  if (error instanceof WebAPIRequestError) return new WebAPIRequestError(rootOf(error.original));
  if (error instanceof WebAPIPlatformError) {
    const { error: code, response_metadata: metadata } = error.data;
    if (LIMITED.includes(code)) return new WebAPIRateLimitedError(secondsIn(metadata) ?? RETRY_AFTER_S);
    return CODE.test(code) ? error : new WebAPIHTTPError(200, 'not JSON', {}, code.slice(0, 200));
  }
  const isLimit = error instanceof Error && error.message.startsWith('Retry header did not contain');
  return isLimit ? new WebAPIRateLimitedError(RETRY_AFTER_S) : error;
}

/** Node's `fetch` says only that it failed; the reason is its cause, or one of several where a name has several addresses. */
function rootOf(error: Error): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return rootOf(error.errors[0]);
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

const LIMITED: readonly string[] = ['ratelimited', 'rate_limited'];

function secondsIn(metadata: unknown): number | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('retryAfter' in metadata)) return undefined;
  return typeof metadata.retryAfter === 'number' ? metadata.retryAfter : undefined;
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
