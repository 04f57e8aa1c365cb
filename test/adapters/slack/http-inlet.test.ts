import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { signature } from '../../../sandbox/src/slack/delivery/signature.ts';
import {
  ALICE,
  CHANGES,
  openSlack,
  SIGNING_SECRET,
  stopAfter,
  until,
} from '../../sandbox/slack/slack-under-test.ts';
import { openMemory, saying, startBot } from './bot-under-test.ts';

const FORM = 'application/x-www-form-urlencoded';

test('a command that Slack signed now is taken', async () => {
  const { texts, post } = await startHttp();
  expect(await post(bodyOf('t1'))).toBe(200);
  await until(() => texts.length === 1);
});

test.each([
  ['signed with another secret', { secret: 'another' }],
  ['signed six minutes ago', { ageSec: 360 }],
  ['signed for six minutes from now', { ageSec: -360 }],
  ['signed for tomorrow', { ageSec: -86_400 }],
  ['without a signature', { without: 'x-slack-signature' }],
  ['without a timestamp', { without: 'x-slack-request-timestamp' }],
  ['with a timestamp that is no number', { stamp: 'now' }],
])('a request is refused that is %s', async (_, how) => {
  const { texts, post } = await startHttp();
  expect(await post(bodyOf('t1'), how)).toBe(401);
  expect(await post(bodyOf('t2'))).toBe(200);
  await until(() => texts.length > 0);
  expect(texts).toEqual(['t2']);
});

test('a body that was changed after it was signed is refused', async () => {
  const { texts, post } = await startHttp();
  expect(await post(bodyOf('t1'), { sign: bodyOf('t0') })).toBe(401);
  expect(texts).toEqual([]);
});

test('a signed request that is played again acts once, in whichever replica it arrives', async () => {
  const { texts, post, postElsewhere } = await startHttp();
  for (const send of [post, post, postElsewhere, post]) expect(await send(bodyOf('t1'))).toBe(200);
  expect(await postElsewhere(bodyOf('t2'))).toBe(200);
  // One Redis connection keeps the order: whatever came of those before comes first.
  await until(() => texts.includes('t2'));
  expect(texts).toEqual(['t1', 't2']);
});

test('a caller that never finishes its request does not hold up the stop', async () => {
  const { app, port, post } = await startHttp();
  const socket = connect(port, '127.0.0.1');
  stopAfter(async () => socket.destroy());
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const stamp = Math.floor(Date.now() / 1000);
  socket.write(
    `POST /slack/events HTTP/1.1\r\nhost: bot\r\nx-slack-request-timestamp: ${stamp}\r\ncontent-length: 99\r\n\r\nabc`,
  );
  // What came first has been read once this is answered.
  expect(await post(bodyOf('t1'))).toBe(200);
  const stopped = await Promise.race([
    app.stop(500).then(() => 'stopped'),
    new Promise((resolve) => setTimeout(() => resolve('still waiting'), 8_000).unref()),
  ]);
  expect(stopped).toBe('stopped');
});

interface How {
  readonly secret?: string;
  readonly ageSec?: number;
  readonly without?: string;
  readonly stamp?: string;
  /** What is signed instead of the body. */
  readonly sign?: string;
}

/** Two replicas in HTTP mode, and what their story was asked. */
async function startHttp() {
  const slack = await openSlack();
  const memory = await openMemory();
  const texts: string[] = [];
  const ask = async ({ text }: { readonly text: string }) => {
    texts.push(text);
    return saying(text);
  };
  const start = async () => {
    const { slack: app } = await startBot(slack.apiUrl, memory, { submit: ask }, 'http');
    const port = app.port() ?? 0;
    return { app, port, post: (body: string, how: How = {}) => send(port, body, how) };
  };
  const [one, other] = [await start(), await start()];
  return { ...one, texts, postElsewhere: other.post };
}

async function send(port: number, body: string, how: How): Promise<number> {
  const stamp = Math.floor(Date.now() / 1000) - (how.ageSec ?? 0);
  const headers = new Headers({
    'content-type': FORM,
    'x-slack-request-timestamp': how.stamp ?? String(stamp),
    'x-slack-signature': signature(how.secret ?? SIGNING_SECRET, stamp, how.sign ?? body),
  });
  if (how.without !== undefined) headers.delete(how.without);
  const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', headers, body });
  await answer.text();
  return answer.status;
}

function bodyOf(trigger: string): string {
  return new URLSearchParams({
    command: '/bgp',
    text: trigger,
    user_id: ALICE,
    team_id: 'T01RACK',
    channel_id: CHANGES,
    trigger_id: trigger,
    response_url: '',
  }).toString();
}
