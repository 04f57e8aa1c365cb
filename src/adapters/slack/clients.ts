import { type Logger, LogLevel } from '@slack/bolt';
import { type WebAPICallResult, WebClient, type WebClientOptions } from '@slack/web-api';
import type { TokenWatch } from './token-watch.ts';

/** Where Slack is and as whom to speak to it. */
export interface SlackAccess {
  readonly botToken: string;
  /** `https://slack.com/api/`, or where another Slack is. */
  readonly apiUrl: string;
}

/** Receives the log lines of Slack's libraries. */
export type SlackLog = (level: 'debug' | 'info' | 'warn' | 'error', words: string) => void;

/**
 * A client with time-outs and a limit of retries. It fails a rate-limited call at once, so that one channel's 429 does not
 * delay all others; callers retry by `retryRateLimited`. Whether Slack takes the token is told to `tokens`.
 */
export function slackClient(
  { botToken, apiUrl }: SlackAccess,
  log: SlackLog,
  tokens?: Pick<TokenWatch, 'failed' | 'accepted'>,
): WebClient {
  const options = { ...clientOptions(apiUrl), logger: slackLogger(log) };
  return tokens === undefined
    ? new WebClient(botToken, options)
    : new WatchedClient(botToken, options, tokens);
}

class WatchedClient extends WebClient {
  readonly #tokens: Pick<TokenWatch, 'failed' | 'accepted'>;

  constructor(token: string, options: WebClientOptions, tokens: Pick<TokenWatch, 'failed' | 'accepted'>) {
    super(token, options);
    this.#tokens = tokens;
  }

  // Every method of the client goes through this one.
  override async apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    try {
      const result = await super.apiCall(method, options);
      this.#tokens.accepted('SLACK_BOT_TOKEN');
      return result;
    } catch (error) {
      this.#tokens.failed('SLACK_BOT_TOKEN', error);
      throw error;
    }
  }
}

/** The same for what must not be done twice: a call without an answer may have been done, and a client that tries again does it again. */
export function withoutRetries({ token, slackApiUrl }: WebClient): WebClient {
  const logger = slackLogger(() => undefined);
  return new WebClient(token, { ...clientOptions(slackApiUrl), retryConfig: { retries: 0 }, logger });
}

export function clientOptions(apiUrl: string): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    timeout: 10_000,
    retryConfig: { retries: 3, minTimeout: 300, maxTimeout: 5_000 },
    rejectRateLimitedCalls: true,
  };
}

/** A logger for Slack's libraries. */
export function slackLogger(log: SlackLog): Logger {
  const say =
    (level: Parameters<SlackLog>[0]) =>
    (...words: unknown[]): void =>
      log(level, words.map(wordOf).join(' ').slice(0, 500));
  return {
    debug: () => undefined,
    info: say('debug'),
    warn: say('warn'),
    error: say('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

function wordOf(word: unknown): string {
  return word instanceof Error ? word.message : String(word);
}
