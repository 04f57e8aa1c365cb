import { afterEach } from '@jest/globals';
import { LogLevel, WebClient } from '@slack/web-api';
import type { KnownBlocks } from '../../../sandbox/src/slack/block-kit/validate-blocks.ts';
import { sandboxWorkspace } from '../../../sandbox/src/slack/sandbox-workspace.ts';
import { type Slack, type SlackOptions, startSlack } from '../../../sandbox/src/slack/start-slack.ts';

/** With SANDBOX_SLACK_BLOCKS=old, every Slack of the tests refuses newer blocks unless a test says otherwise. */
export const KNOWN_BLOCKS: KnownBlocks = process.env.SANDBOX_SLACK_BLOCKS === 'old' ? 'old' : 'all';
export const BOT_TOKEN = 'xoxb-sandbox';
export const APP_TOKEN = 'xapp-sandbox';
export const SIGNING_SECRET = 'sandbox-signing-secret';
export const CHANGES = 'C01CHANGES';
export const ALICE = 'U01ALICE';
export const BOB = 'U02BOB';

const toStop: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop();
});

/** Stops it after the test, the last one first. */
export function stopAfter(stop: () => Promise<unknown>): void {
  toStop.push(stop);
}

export async function openSlack(options: Partial<SlackOptions> = {}): Promise<Slack> {
  const slack = await startSlack({
    port: 0,
    workspace: sandboxWorkspace,
    signingSecret: SIGNING_SECRET,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    knownBlocks: KNOWN_BLOCKS,
    ...options,
  });
  stopAfter(slack.stop);
  return slack;
}

/** A client that neither retries nor waits, so that refusals are seen. */
export function clientOf(slack: Slack, token: string | undefined = BOT_TOKEN): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 5000,
    logger: silent,
  });
}

/** Slack's error of a call that must be refused. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (isPlatformError(error)) return error.data.error;
    throw error;
  }
  return 'it was not refused';
}

/** Who waits until it is `opened` goes on once somebody opens it. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function aGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

export async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    if (waited > 30_000) throw new Error('it did not happen within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const nothing = () => undefined;
export const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

function isPlatformError(error: unknown): error is { data: { error: string } } {
  return typeof error === 'object' && error !== null && 'data' in error;
}
