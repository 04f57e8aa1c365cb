import { connect } from 'node:net';
import { signature } from '../../sandbox/src/slack/delivery/signature.ts';

/** What a caller was told, or `closed` when it was hung up on without a word. */
export type Told = number | 'closed';

/** Sends these bytes as they are and waits for the answer; `lateBy` is after how long neither came. */
export function sendRaw(port: number, bytes: string | Buffer, withinMs: number): Promise<Told | 'nothing'> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    const end = (told: Told | 'nothing'): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(told);
    };
    const timer = setTimeout(() => end('nothing'), withinMs);
    const status = (): Told => {
      const found = /HTTP\/1\.[01] (\d{3})/.exec(heard.replace(/^HTTP\/1\.1 100[^\n]*\r\n\r\n/, ''))?.[1];
      return found === undefined ? 'closed' : Number(found);
    };
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (status() !== 'closed') end(status());
    });
    socket.on('error', () => end(status()));
    socket.on('close', () => end(status()));
    socket.write(bytes);
  });
}

/** A request of so many lines. */
export function rawRequest(line: string, headers: readonly string[] = [], body = ''): string {
  return `${[`${line} HTTP/1.1`, 'host: bot', ...headers].join('\r\n')}\r\n\r\n${body}`;
}

/** What Slack would have sent, with any body. */
export function signedRequest(secret: string, body: string, type = 'application/json'): string {
  const stamp = Math.floor(Date.now() / 1_000);
  return rawRequest(
    'POST /slack/events',
    [
      `content-type: ${type}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-slack-request-timestamp: ${stamp}`,
      `x-slack-signature: ${signature(secret, stamp, body)}`,
    ],
    body,
  );
}

/** A request that is wrong in some way, the same one for the same number. */
export function fuzzedRequest(seed: number, secret: string): string | Buffer {
  const random = randomFrom(seed);
  const pick = <Value>(from: readonly [Value, ...Value[]]): Value =>
    from[Math.floor(random() * from.length)] ?? from[0];
  if (random() < 0.1) return Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256)));
  if (random() < 0.2) return signedRequest(secret, pick(BODIES), pick(TYPES));
  const headers = Array.from({ length: Math.floor(random() * 5) }, () => pick(HEADERS));
  return rawRequest(`${pick(METHODS)} ${pick(PATHS)}`, headers, pick(BODIES));
}

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PATCH',
  'BREW',
  'get',
  '',
] as const;
const PATHS = [
  '/favicon.ico',
  '//',
  '/',
  '/slack/events',
  '/slack/events?x=1',
  '/slack/events/',
  '/slack/install',
  '/slack/oauth_redirect?code=1',
  '*',
  'http://',
  'http://elsewhere/slack/events',
  '/%',
  '/%00',
  '/../../etc/passwd',
  'bot:443',
  `/${'x'.repeat(20_000)}`,
  '/ü',
  '',
] as const;
const now = (): string => String(Math.floor(Date.now() / 1_000));
const HEADERS = [
  'content-length: 5',
  'content-length: -1',
  'content-length: 99999999999999999999',
  'content-length: 2000000',
  'content-type: application/x-www-form-urlencoded',
  'content-type: application/json',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'expect: 100-continue',
  'expect: a miracle',
  'connection: upgrade\r\nupgrade: websocket',
  `x-slack-request-timestamp: ${now()}`,
  'x-slack-request-timestamp: 9e99',
  'x-slack-request-timestamp: ',
  'x-slack-signature: v0=00',
  'x-slack-retry-num: many',
  'content-encoding: gzip',
  'cookie: a=b',
  `x-long: ${'y'.repeat(17_000)}`,
  'no colon',
  ': no name',
  'x-bytes: \u0000\u0001',
] as const;
const TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', ''] as const;
const BODIES = [
  '',
  'null',
  '[]',
  '1',
  '{}',
  '{',
  '"text"',
  'payload=null',
  'payload=[]',
  'payload=%7B%7D',
  'payload=%7B',
  'payload=a&payload=b',
  'ssl_check=1',
  'ssl_check=1&payload=null',
  '{"type":"url_verification"}',
  '{"type":"event_callback"}',
  '{"type":"event_callback","event":null}',
  '{"type":"block_actions","actions":null}',
  '{"type":"view_submission","view":{}}',
  '{"command":"/bgp"}',
  '{"__proto__":{"type":"x"},"type":{"type":"x"}}',
  '5\r\nabcde\r\nzz\r\n',
] as const;

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
