import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import { parseJson } from '../../../domain/json.ts';
import { type SlackLog, slackLogger } from '../clients.ts';
import { dispatcherOf, fetchThrough } from '../proxy.ts';
import type { TokenWatch } from '../token-watch.ts';
import { withinTime } from '../within-time.ts';
import type { SlackTransport, Transport } from './transport.ts';

// Two, because Slack renews each connection every few hours and one receives nothing in the meantime.
const SOCKETS = 2;
const ASK_WITHIN_MS = 5_000;
/** Longer than getting an address and opening the connection take: after this, the socket is dead. */
const CONNECT_WITHIN_MS = 20_000;
const CLOSE_WITHIN_MS = 3_000;
const ACCEPTED_AFTER_MS = 2_000;
const PAUSE_MS = { first: 250, factor: 1.6, most: 10_000 };
/** After a connection that lasted this long, the next one is opened without a long pause. */
const STEADY_AFTER_MS = 5_000;

/**
 * Slack's sockets, reconnected by this code: the client's own reconnection ends the process when Slack refuses the token, and
 * waits five seconds before its first attempt.
 */
export function openSockets(
  access: Extract<SlackTransport, { mode: 'socket' }>,
  log: SlackLog,
  tokens: TokenWatch,
): Transport {
  // The client pings every few seconds and drops a connection that does not answer, so that "connected" is up to date.
  const connected = new Set<number>();
  const stopping = new AbortController();
  const running: Promise<void>[] = [];
  let heardAtMs = Date.now();
  return {
    receiver: NOWHERE,
    async start(app) {
      const open = (index: number): Promise<void> =>
        new Promise((resolve) => {
          const follower: Follower = {
            connected() {
              connected.add(index);
              resolve();
            },
            left() {
              if (connected.delete(index) && connected.size === 0) heardAtMs = Date.now();
            },
            refused: resolve,
          };
          const setting = { app, access, log, tokens, stopped: stopping.signal };
          running.push(keepConnected(setting, follower));
        });
      const opened = Promise.all(Array.from({ length: SOCKETS }, (_, index) => open(index)));
      await Promise.race([opened, once(stopping.signal, 'abort')]);
    },
    silenceMs: () => (connected.size > 0 ? 0 : Date.now() - heardAtMs),
    port: () => undefined,
    async stop(graceMs) {
      stopping.abort();
      await Promise.race([Promise.all(running), sleep(graceMs, undefined, { ref: false })]);
    },
  };
}

/** Bolt needs one at creation; ours come and go with each connection. */
const NOWHERE: Receiver = {
  init: () => undefined,
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

interface Setting {
  readonly app: App;
  readonly access: Extract<SlackTransport, { mode: 'socket' }>;
  readonly log: SlackLog;
  readonly tokens: TokenWatch;
  readonly stopped: AbortSignal;
}

interface Follower {
  connected(): void;
  left(): void;
  /** Slack refused the token: nothing arrives until Slack accepts it again. */
  refused(): void;
}

async function keepConnected(setting: Setting, follower: Follower): Promise<void> {
  const { tokens, log, stopped } = setting;
  for (let pauseMs = PAUSE_MS.first; !stopped.aborted; ) {
    const beganAtMs = Date.now();
    const { client } = openReceiver(setting);
    let open = false;
    let hangUp = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      hangUp = resolve;
    });
    client.once('disconnected', hangUp);
    stopped.addEventListener('abort', hangUp, { once: true });
    try {
      await withinTime(client.start(), CONNECT_WITHIN_MS);
      open = true;
      follower.connected();
      accepted(setting, () => open);
      await ended;
    } catch (error) {
      if (tokens.failed('SLACK_APP_TOKEN', error)) follower.refused();
      else log('warn', `socket: ${wordsOf(error)}`);
    }
    open = false;
    stopped.removeEventListener('abort', hangUp);
    follower.left();
    await withinTime(client.disconnect(), CLOSE_WITHIN_MS).catch(() => undefined);
    const steady = Date.now() - beganAtMs > STEADY_AFTER_MS;
    pauseMs = steady ? PAUSE_MS.first : Math.min(pauseMs * PAUSE_MS.factor, PAUSE_MS.most);
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal: stopped }).catch(() => undefined);
  }
}

function openReceiver({ app, access, log, tokens }: Setting): SocketModeReceiver {
  const { appToken, apiUrl, proxy } = access;
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    logger: slackLogger(log),
    customPropertiesExtractor: ({ envelope_id: delivery }) => ({ delivery }),
    installerOptions: {
      clientOptions: {
        slackApiUrl: apiUrl,
        timeout: ASK_WITHIN_MS,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        ...(proxy === undefined ? {} : { fetch: fetchThrough(proxy) }),
      },
    },
    ...(proxy === undefined ? {} : { dispatcher: dispatcherOf(proxy) }),
  });
  const { client } = receiver;
  const [take] = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  // The client assumes that a frame is valid; otherwise it rejects and nobody catches the rejection.
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    const frame = FRAME.safeParse(parseJson(data));
    if (isBinary || !frame.success) return log('warn', 'socket: a frame that cannot be read is ignored');
    const { type, reason } = frame.data;
    if (type === 'disconnect' && reason === 'link_disabled') tokens.refused('SLACK_APP_TOKEN', reason);
    Promise.resolve(take?.(data, isBinary)).catch((error: unknown) =>
      log('error', `socket: ${wordsOf(error)}`),
    );
  });
  receiver.init(app);
  return receiver;
}

/** An envelope has a payload, and an event in it a type. */
const FRAME = z
  .object({
    type: z.string(),
    reason: z.string().nullish(),
    payload: z.looseObject({ event: z.unknown().optional() }).nullish(),
  })
  .refine(
    ({ type, payload }) =>
      type === 'hello' ||
      type === 'disconnect' ||
      (type === 'events_api'
        ? EVENT.safeParse(payload?.event).success
        : payload !== undefined && payload !== null),
  );
const EVENT = z.looseObject({ type: z.string() });

/**
 * A connection that lasts shows that the token is accepted again: with Socket Mode turned off, Slack may open one only to close
 * it.
 */
function accepted({ tokens, stopped }: Setting, isOpen: () => boolean): void {
  const wasTurnedOff = tokens.refusals().some(({ code }) => code === 'link_disabled');
  if (!wasTurnedOff) {
    tokens.accepted('SLACK_APP_TOKEN');
    return;
  }
  setTimeout(() => {
    if (isOpen() && !stopped.aborted) tokens.accepted('SLACK_APP_TOKEN');
  }, ACCEPTED_AFTER_MS).unref();
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it was closed before it was open';
}
