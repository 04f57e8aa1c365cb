import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { clientOptions, type SlackAccess, type SlackLog, slackClient, slackLogger } from '../clients.ts';
import { retryRateLimited } from '../slack-errors.ts';
import { type TokenRefusal, watchTokens } from '../token-watch.ts';
import { openHttp } from './http-receiver.ts';
import { openSockets } from './socket-receiver.ts';
import type { SlackTransport } from './transport.ts';

export interface SlackApp {
  readonly app: App;
  /** Client for messages of the bot: cards, notices, answers. */
  readonly client: WebClient;
  /** The bot's own team, once Slack has accepted the bot's token. */
  teamId(): string | undefined;
  /** `https://TEAM.slack.com/`; empty where Slack does not say, or has not yet. */
  workspaceUrl(): string;
  /** The tokens that Slack refuses at present. */
  refusals(): readonly TokenRefusal[];
  /** Registers work that a request started, so that `stop` can wait for it. */
  track(work: Promise<void>): void;
  start(): Promise<void>;
  /** Milliseconds since Slack could last reach the bot; 0 while it can. */
  silenceMs(): number;
  /** In HTTP mode, once started. */
  port(): number | undefined;
  /** Accepts no more requests and waits for those in progress, at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** The bot's identity in Slack. */
interface Identity {
  readonly teamId: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly workspaceUrl: string;
}

/** Interval of the token check, while it is accepted and while it is refused. */
const ASK_EVERY_MS = { accepted: 30_000, refused: 3_000 };

const AUTH_TRIES = 5;

/**
 * Opens Bolt on sockets or on HTTP. Rejects when Slack cannot be reached; where Slack refuses a token, it checks again until it
 * is accepted.
 */
export async function openSlack(access: SlackAccess & SlackTransport, log: SlackLog): Promise<SlackApp> {
  const tokens = watchTokens(log);
  const client = slackClient(access, log, tokens);
  const stopping = new AbortController();
  let identity: Identity | undefined;
  const identify = async (): Promise<void> => {
    const told = await retryRateLimited(() => client.auth.test(), {
      tries: AUTH_TRIES,
      sleep: (ms) => sleep(ms, undefined, { signal: stopping.signal, ref: false }),
    });
    const {
      team_id: teamId = '',
      user_id: botUserId = '',
      bot_id: botId = '',
      url: workspaceUrl = '',
    } = told;
    identity = { teamId, botUserId, botId, workspaceUrl };
  };
  await identify().catch((error: unknown) => {
    if (tokens.refusals().length === 0) throw error;
  });
  void keepAsking(identify, () => tokens.refusals().length > 0, log, stopping.signal);
  const transport = access.mode === 'socket' ? openSockets(access, log, tokens) : openHttp(access, log);
  const app = new App({
    authorize: async () => ({
      botToken: access.botToken,
      ...(identity === undefined ? {} : { botId: identity.botId, botUserId: identity.botUserId }),
    }),
    receiver: transport.receiver,
    clientOptions: clientOptions(access),
    logger: slackLogger(log),
  });
  const inHand = new Set<Promise<void>>();
  return {
    app,
    client,
    teamId: () => identity?.teamId,
    workspaceUrl: () => identity?.workspaceUrl ?? '',
    refusals: () => tokens.refusals(),
    track(work) {
      const tracked = work.finally(() => inHand.delete(tracked));
      inHand.add(tracked);
    },
    start: () => transport.start(app),
    silenceMs: () => transport.silenceMs(),
    port: () => transport.port(),
    async stop(graceMs) {
      const deadlineMs = Date.now() + graceMs;
      stopping.abort();
      await transport.stop(Math.min(graceMs, ACK_MS));
      const leftMs = Math.max(0, deadlineMs - Date.now());
      await Promise.race([drained(inHand), sleep(leftMs, undefined, { ref: false })]);
    },
  };
}

/** Runs until it is stopped; the client notes the state of the token, however the call ends. */
async function keepAsking(
  identify: () => Promise<void>,
  isRefused: () => boolean,
  log: SlackLog,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    const pauseMs = isRefused() ? ASK_EVERY_MS.refused : ASK_EVERY_MS.accepted;
    await sleep(pauseMs, undefined, { signal: stopped, ref: false }).catch(() => undefined);
    if (stopped.aborted) return;
    await identify().catch((error: unknown) =>
      log('debug', `auth.test: ${error instanceof Error ? error.message : 'no answer'}`),
    );
  }
}

// Slack gives up on a request after this time, so its answer is no longer needed.
const ACK_MS = 3_000;

/** Work in progress may add more: a request is tracked only once it is acknowledged. */
async function drained(inHand: ReadonlySet<Promise<void>>): Promise<void> {
  while (inHand.size > 0) await Promise.allSettled(inHand);
}
