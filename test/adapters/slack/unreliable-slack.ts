import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { aGate, stopAfter } from '../../sandbox/slack/slack-under-test.ts';

export interface UnreliableSlack {
  readonly apiUrl: string;
  /** The next calls of this method are done by Slack, and their answers get lost on the way back. */
  loseAnswers(method: string, times: number): void;
  /** Every envelope is delivered twice from now on. */
  deliverTwice(): void;
  /** The next call of this method stays on its way until it is released. */
  hold(method: string): HeldCall;
  /** Sockets stay open and nothing passes any more, not even a pong. */
  freeze(): void;
}

export interface HeldCall {
  /** Resolves once the call is made. */
  readonly made: Promise<void>;
  release(): void;
}

/** The way to Slack, with the trouble that a network makes. */
export async function unreliable(slack: Slack): Promise<UnreliableSlack> {
  const lost = new Map<string, number>();
  const held = new Map<string, () => Promise<void>>();
  const sockets = new WebSocketServer({ noServer: true });
  let twice = false;
  let silent = false;
  const server = createServer((request, response) => void forward(slack, request, response, { lost, held }));
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (near) => {
      const far = new WebSocket(`${slack.url.replace('http', 'ws')}${request.url}`);
      far.on('message', (data) => {
        if (silent) return;
        near.send(String(data));
        if (twice && 'envelope_id' in Object(JSON.parse(String(data)))) near.send(String(data));
      });
      near.on('message', (data) => far.send(String(data)));
      near.on('close', () => far.terminate());
      far.on('close', () => near.close());
      far.on('error', () => near.terminate());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const frozen: { resume(): void }[] = [];
  stopAfter(async () => {
    for (const one of frozen) one.resume();
    for (const near of sockets.clients) near.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    loseAnswers: (method, times) => void lost.set(method, times),
    hold(method) {
      const [made, released] = [aGate(), aGate()];
      held.set(method, () => {
        made.open();
        return released.opened;
      });
      stopAfter(async () => released.open());
      return { made: made.opened, release: released.open };
    },
    deliverTwice: () => {
      twice = true;
    },
    freeze() {
      silent = true;
      for (const near of sockets.clients) {
        near.pause();
        frozen.push(near);
      }
    },
  };
}

async function forward(
  slack: Slack,
  request: IncomingMessage,
  response: ServerResponse,
  { lost, held }: { readonly lost: Map<string, number>; readonly held: Map<string, () => Promise<void>> },
): Promise<void> {
  const method = (request.url ?? '').slice('/api/'.length);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const hold = held.get(method);
  held.delete(method);
  await hold?.();
  const answer = await fetch(`${slack.url}${request.url}`, {
    method: 'POST',
    headers: {
      'content-type': request.headers['content-type'] ?? '',
      authorization: request.headers.authorization ?? '',
    },
    body: Buffer.concat(chunks),
  });
  const text = await answer.text();
  const left = lost.get(method) ?? 0;
  if (left > 0 && answer.ok && text.startsWith('{"ok":true')) {
    lost.set(method, left - 1);
    request.socket.destroy();
    return;
  }
  const retryAfter = answer.headers.get('retry-after');
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    ...(retryAfter === null ? {} : { 'retry-after': retryAfter }),
  });
  // Sockets are to come through here as well.
  response.end(text.replaceAll(slack.url.replace('http', 'ws'), `ws://${request.headers.host}`));
}
