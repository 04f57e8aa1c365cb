import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import { HTTPReceiver, isValidSlackRequest } from '@slack/bolt';
import { parseJson } from '../../../domain/json.ts';
import { closeServer, createLimitedServer, listenOn } from '../../http-limits.ts';
import { type SlackLog, slackLogger } from '../clients.ts';
import type { SlackTransport, Transport } from './transport.ts';

const PATH = '/slack/events';
const MAX_SKEW_S = 300;
/** Slack's largest requests are dialogs of 250 kB, percent-encoded. */
const MAX_BODY_BYTES = 1_048_576;
const FORM = 'application/x-www-form-urlencoded';

/**
 * Accepts requests signed by Slack, and answers everything else itself: Bolt's listener throws an uncaught error for an unknown
 * path or method, and for a URL or body that cannot be read.
 */
export function openHttp(
  { signingSecret, port }: Extract<SlackTransport, { mode: 'http' }>,
  log: SlackLog,
): Transport {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: PATH,
    logger: slackLogger(log),
    customPropertiesExtractor: ({ headers }) => ({ delivery: headers['x-slack-signature'] }),
  });
  const onError = (error: unknown): void =>
    log('error', `http: ${error instanceof Error ? error.message : String(error)}`);
  const server = createLimitedServer(guarded(signingSecret, receiver.requestListener, onError), onError);
  return {
    receiver,
    start: async () => void (await listenOn(server, port, onError)),
    silenceMs: () => 0,
    port: () => portOf(server),
    stop: (graceMs) => closeServer(server, graceMs),
  };
}

/** Passes on only requests from Slack, with their body already read. */
function guarded(
  signingSecret: string,
  next: RequestListener,
  onError: (error: unknown) => void,
): RequestListener {
  return (request, response) => {
    const refused = refusedStatus(request);
    if (refused !== undefined) return hangUp(response, refused);
    readBody(request)
      .then(
        (body) => {
          if (body === undefined) return hangUp(response, 413);
          if (!isSigned(request, body, signingSecret)) return hangUp(response, 401);
          // Bolt compares the whole header with the type of a form.
          request.headers['content-type'] = request.headers['content-type']
            ?.split(';', 1)[0]
            ?.trim()
            .toLowerCase();
          if (!isReadable(request, body)) return hangUp(response, 400);
          // Bolt takes a body that was already read from here.
          next(Object.assign(request, { rawBody: body }), response);
        },
        // The caller disconnected, or was too slow and has its answer.
        () => response.destroy(),
      )
      .catch((error: unknown) => {
        onError(error);
        hangUp(response, 500);
      });
  };
}

/** The status to return without reading the body; undefined where the request may be Slack's. */
function refusedStatus({ method, url = '', headers }: IncomingMessage): number | undefined {
  if (url.split('?', 1)[0] !== PATH) return 404;
  if (method !== 'POST') return 405;
  const stamp = headers['x-slack-request-timestamp'];
  // Bolt refuses old timestamps, but accepts future ones.
  if (!(Number(stamp ?? Number.NaN) - Date.now() / 1_000 < MAX_SKEW_S)) return 401;
  if (typeof headers['x-slack-signature'] !== 'string') return 401;
  return Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES ? 413 : undefined;
}

/** Undefined when it is too long. Rejects when the caller does not complete it. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the caller hung up')));
  });
}

function isSigned({ headers }: IncomingMessage, body: Buffer, signingSecret: string): boolean {
  return isValidSlackRequest({
    signingSecret,
    body: body.toString(),
    headers: {
      'x-slack-signature': String(headers['x-slack-signature']),
      'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
    },
  });
}

/** Whether Bolt can read it: Bolt assumes that it is an object. */
function isReadable({ headers }: IncomingMessage, body: Buffer): boolean {
  const text = body.toString();
  if (headers['content-type'] !== FORM) return isObject(parseJson(text));
  const { payload } = parse(text);
  return typeof payload !== 'string' || isObject(parseJson(payload));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Does not wait for the rest of the request. */
function hangUp(response: ServerResponse, status: number): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { connection: 'close', ...(status === 405 ? { allow: 'POST' } : {}) }).end();
}

function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : undefined;
}
