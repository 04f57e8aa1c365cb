import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { stopAfter, until } from '../../sandbox/slack/slack-under-test.ts';

/** A call of the Web API, or of any other address such as a response_url, with its fields as they were sent. */
export interface Call {
  readonly method: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface CallAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body?: unknown;
}

export interface OtherSlack {
  readonly apiUrl: string;
  readonly calls: readonly Call[];
  callsOf(method: string): readonly Call[];
  /** Answers of a method, first to last; the last one stays. */
  answer(method: string, ...answers: readonly CallAnswer[]): void;
  /** Sends frames on the newest socket, in one go. */
  send(...frames: readonly unknown[]): void;
  /** Resolves to what the bot answered to this envelope. */
  acknowledged(envelopeId: string): Promise<unknown>;
}

/** A Slack that answers as little as it may, or what a test says: its quirks are not those of the sandbox. */
export async function startOtherSlack(hello: unknown = { type: 'hello' }): Promise<OtherSlack> {
  const calls: Call[] = [];
  const planned = new Map<string, CallAnswer[]>();
  const links: WebSocket[] = [];
  const acks = new Map<string, unknown>();
  const server = createServer(async (request, response) => {
    const method = (request.url ?? '').replace(/^\/api\//, '');
    const fields = fieldsOf(request, await bodyOf(request));
    calls.push({ method, fields });
    const answers = planned.get(method) ?? [];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
    const { status = 200, headers = {}, body = usual(method, fields, portOf()) } = answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (link) => {
    links.push(link);
    link.on('close', () => links.splice(links.indexOf(link), 1));
    link.on('message', (data) => {
      const { envelope_id: id, payload } = JSON.parse(String(data));
      acks.set(id, payload);
    });
    link.send(JSON.stringify(hello));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const portOf = (): number => (server.address() as AddressInfo).port;
  stopAfter(async () => {
    for (const link of sockets.clients) link.terminate();
    sockets.close();
    server.close();
    server.closeAllConnections();
  });
  return {
    apiUrl: `http://127.0.0.1:${portOf()}/api/`,
    calls,
    callsOf: (method) => calls.filter((call) => call.method === method),
    answer: (method, ...answers) => void planned.set(method, [...answers]),
    send(...frames) {
      for (const frame of frames) links.at(-1)?.send(JSON.stringify(frame));
    },
    async acknowledged(envelopeId) {
      await until(() => acks.has(envelopeId));
      return acks.get(envelopeId);
    },
  };
}

function usual(method: string, { channel }: Call['fields'], port: number): unknown {
  if (method === 'apps.connections.open') return { ok: true, url: `ws://127.0.0.1:${port}/link` };
  if (method === 'auth.test') return { ok: true, team_id: 'T7HOME', user_id: 'U7BOT', bot_id: 'B7BOT' };
  if (method === 'views.open') return { ok: true, view: { id: 'V7' } };
  return { ok: true, ts: '1.000001', channel };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function fieldsOf({ headers }: IncomingMessage, body: string): Readonly<Record<string, string>> {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return isForm ? Object.fromEntries(new URLSearchParams(body)) : { body };
}
