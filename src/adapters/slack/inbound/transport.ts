import { createServer, type RequestListener, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { type SlackLog, slackLogger } from '../clients.ts';

/** How Slack reaches us. */
export type SlackTransport =
  | { readonly mode: 'socket'; readonly appToken: string; readonly apiUrl: string }
  | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number };

export interface Transport {
  /** What Bolt is made with. */
  readonly receiver: SocketModeReceiver | HTTPReceiver;
  /** Resolves once commands arrive. */
  start(app: App): Promise<void>;
  /** Milliseconds since Slack could last reach us; 0 while it can. */
  silenceMs(): number;
  /** The port of HTTP mode. */
  port(): number | undefined;
  /** Takes no more; a caller that does not finish its request is hung up on after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export function openTransport(transport: SlackTransport, log: SlackLog): Transport {
  return transport.mode === 'socket' ? openSockets(transport, log) : openHttp(transport, log);
}

// Two, because Slack renews each connection every few hours and a client is deaf for 5 s meanwhile.
const SOCKETS = 2;
const RECONNECT = { forever: true, minTimeout: 500, factor: 1.5, maxTimeout: 10_000, randomize: true };

function openSockets(
  { appToken, apiUrl }: Extract<SlackTransport, { mode: 'socket' }>,
  log: SlackLog,
): Transport {
  // The client pings every few seconds and drops a connection that does not answer, so that "connected" is fresh.
  const connected = new Set<SocketModeReceiver>();
  let heardAtMs = Date.now();
  const open = (): SocketModeReceiver => {
    const receiver = new SocketModeReceiver({
      appToken,
      logger: slackLogger(log),
      installerOptions: { clientOptions: { slackApiUrl: apiUrl, timeout: 10_000, retryConfig: RECONNECT } },
    });
    const left = (): void => {
      if (connected.delete(receiver) && connected.size === 0) heardAtMs = Date.now();
    };
    receiver.client.on('connected', () => connected.add(receiver));
    receiver.client.on('reconnecting', left);
    receiver.client.on('disconnected', left);
    receiver.client.on('close', left);
    receiver.client.on('error', (error: Error) => log('warn', `socket: ${error.message}`));
    return receiver;
  };
  const receiver = open();
  const others = Array.from({ length: SOCKETS - 1 }, open);
  return {
    receiver,
    async start(app) {
      for (const other of others) other.init(app);
      await Promise.all([app.start(), ...others.map((other) => other.start())]);
    },
    silenceMs: () => (connected.size > 0 ? 0 : Date.now() - heardAtMs),
    port: () => undefined,
    async stop(graceMs) {
      // Bolt's own stop does not wait until the sockets are closed.
      const closed = Promise.all([receiver, ...others].map(({ client }) => client.disconnect()));
      await Promise.race([closed, sleep(graceMs, undefined, { ref: false })]);
    },
  };
}

const MOST_SKEW_S = 300;

function openHttp(
  { signingSecret, port }: Extract<SlackTransport, { mode: 'http' }>,
  log: SlackLog,
): Transport {
  const receiver = new HTTPReceiver({ signingSecret, logger: slackLogger(log) });
  const server = createServer((request, response) => {
    // Bolt refuses old timestamps, but takes those of the future.
    const stamp = Number(request.headers['x-slack-request-timestamp']);
    if (request.method === 'POST' && !(stamp - Date.now() / 1000 < MOST_SKEW_S)) {
      request.resume();
      response.writeHead(401).end();
      return;
    }
    listener(request, response);
  });
  const listener: RequestListener = (request, response) => receiver.requestListener(request, response);
  return {
    receiver,
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, resolve);
      });
    },
    silenceMs: () => 0,
    port: () => portOf(server),
    stop: (graceMs) =>
      new Promise((resolve) => {
        const hangUp = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(hangUp);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : undefined;
}
