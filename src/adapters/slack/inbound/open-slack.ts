import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { clientOptions, type SlackAccess, type SlackLog, slackClient, slackLogger } from '../clients.ts';
import { openTransport, type SlackTransport } from './transport.ts';

export interface SlackApp {
  readonly app: App;
  /** For what the bot does by itself: cards, notices, answers. */
  readonly client: WebClient;
  readonly teamId: string;
  /** `https://TEAM.slack.com/`; empty where Slack does not say. */
  readonly workspaceUrl: string;
  readonly botUserId: string;
  /** Runs work that began with a request, so that `stop` can wait for it. */
  track(work: Promise<void>): void;
  start(): Promise<void>;
  /** Milliseconds since Slack could last reach the bot; 0 while it can. */
  silenceMs(): number;
  /** In HTTP mode, once started. */
  port(): number | undefined;
  /** Takes nothing more and waits for what is in hand, at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Opens Bolt on sockets or on HTTP. Rejects when Slack refuses the bot's token. */
export async function openSlack(access: SlackAccess & SlackTransport, log: SlackLog): Promise<SlackApp> {
  const client = slackClient(access, log);
  const identity = await client.auth.test();
  const {
    team_id: teamId = '',
    user_id: botUserId = '',
    bot_id: botId = '',
    url: workspaceUrl = '',
  } = identity;
  const transport = openTransport(access, log);
  const app = new App({
    token: access.botToken,
    botId,
    botUserId,
    tokenVerificationEnabled: false,
    receiver: transport.receiver,
    clientOptions: clientOptions(access.apiUrl),
    logger: slackLogger(log),
  });
  const inHand = new Set<Promise<void>>();
  return {
    app,
    client,
    teamId,
    workspaceUrl,
    botUserId,
    track(work) {
      const tracked = work.finally(() => inHand.delete(tracked));
      inHand.add(tracked);
    },
    start: () => transport.start(app),
    silenceMs: () => transport.silenceMs(),
    port: () => transport.port(),
    async stop(graceMs) {
      const deadlineMs = Date.now() + graceMs;
      await transport.stop(Math.min(graceMs, ACK_MS));
      const leftMs = Math.max(0, deadlineMs - Date.now());
      await Promise.race([drained(inHand), sleep(leftMs, undefined, { ref: false })]);
    },
  };
}

// Slack gives up on a request after this long, so that nobody waits for its answer.
const ACK_MS = 3_000;

/** What is in hand may bring more: a request is tracked only once it is acknowledged. */
async function drained(inHand: ReadonlySet<Promise<void>>): Promise<void> {
  while (inHand.size > 0) await Promise.allSettled(inHand);
}
