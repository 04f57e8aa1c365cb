import { type Logger, LogLevel } from '@slack/bolt';
import {
  type FetchFunction,
  type WebAPICallResult,
  WebAPIPlatformError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import { plainFallback } from './blocks/plain-fallback.ts';
import { fetchThrough, type SlackProxy } from './proxy.ts';
import { asItIsMeant, retryRateLimited } from './slack-errors.ts';
import type { TokenWatch } from './token-watch.ts';

/** Address and credentials of Slack. */
export interface SlackAccess {
  readonly botToken: string;
  /** `https://slack.com/api/`, or the address of another server. */
  readonly apiUrl: string;
  readonly proxy?: SlackProxy;
}

/** Receives the log lines of Slack's libraries. */
export type SlackLog = (level: 'debug' | 'info' | 'warn' | 'error', words: string) => void;

type NoteToken = Pick<TokenWatch, 'failed' | 'accepted'>;

/**
 * A client with timeouts and limited retries. It fails a rate-limited call at once, so that one channel's 429 does not delay all
 * others; callers retry by `retryRateLimited`. Reports to `tokens` whether Slack accepts the token. If Slack refuses the blocks
 * of a message, it is sent again with plain ones.
 */
export function slackClient(access: SlackAccess, log: SlackLog, tokens?: NoteToken): WebClient {
  const options = { ...clientOptions(access), logger: slackLogger(log) };
  return new CarefulClient(access.botToken, options, log, tokens);
}

/** The same without retries, for calls that must not be done twice: a call without an answer may have been done. */
export function withoutRetries(client: WebClient): WebClient {
  const { token, slackApiUrl } = client;
  const log = client instanceof CarefulClient ? client.log : () => undefined;
  const logger = slackLogger(() => undefined);
  const retryConfig = { retries: 0 };
  const options = { ...clientOptions({ apiUrl: slackApiUrl }), fetch: fetchOf(client), retryConfig, logger };
  return new CarefulClient(token, options, log);
}

/** The `fetch` by which this client reaches Slack. */
export function fetchOf(client: WebClient): FetchFunction {
  return client instanceof CarefulClient ? client.fetch : fetch;
}

const REFUSED_BLOCKS: readonly string[] = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];

class CarefulClient extends WebClient {
  readonly log: SlackLog;
  readonly fetch: FetchFunction;
  readonly #tokens: NoteToken | undefined;

  constructor(token: string | undefined, options: WebClientOptions, log: SlackLog, tokens?: NoteToken) {
    super(token, options);
    this.log = log;
    this.fetch = options.fetch ?? fetch;
    this.#tokens = tokens;
  }

  // Every method of the client calls this one.
  override async apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    try {
      const result = await this.#inTheBlocksThatSlackTakes(method, withAltTxt(method, options));
      this.#tokens?.accepted('SLACK_BOT_TOKEN');
      return result;
    } catch (error) {
      this.#tokens?.failed('SLACK_BOT_TOKEN', error);
      throw error;
    }
  }

  async #callOnce(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    try {
      return await super.apiCall(method, options);
    } catch (error) {
      throw asItIsMeant(error);
    }
  }

  async #inTheBlocksThatSlackTakes(
    method: string,
    options: Record<string, unknown> | undefined,
  ): Promise<WebAPICallResult> {
    try {
      return await this.#callOnce(method, options);
    } catch (error) {
      const blocks = options?.blocks;
      const refused = error instanceof WebAPIPlatformError && REFUSED_BLOCKS.includes(error.data.error);
      if (!refused || !Array.isArray(blocks)) throw error;
      noteOnce(
        `${method}: Slack refused the blocks of a message (${error.data.error}); sending it in plain blocks`,
        this.log,
      );
      const plain = { ...options, blocks: plainFallback(blocks) };
      // A caller that retries after a 429 would start with the refused blocks again.
      return retryRateLimited(() => this.#callOnce(method, plain), { tries: PLAIN_TRIES });
    }
  }
}

/**
 * The library sends the alternative text of a picture as `alt_text`, which Slack ignores: its field is `alt_txt`.
 * https://docs.slack.dev/reference/methods/files.getUploadURLExternal
 */
function withAltTxt(
  method: string,
  options: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  if (method !== 'files.getUploadURLExternal' || options?.alt_text === undefined) return options;
  const { alt_text: altText, ...others } = options;
  return { ...others, alt_txt: altText };
}

const PLAIN_TRIES = 5;
const noted = new Set<string>();

/** A workspace that does not support a block refuses it every second. */
function noteOnce(words: string, log: SlackLog): void {
  if (noted.has(words)) return;
  noted.add(words);
  log('warn', words);
}

export function clientOptions({ apiUrl, proxy }: Omit<SlackAccess, 'botToken'>): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    ...(proxy === undefined ? {} : { fetch: fetchThrough(proxy) }),
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
