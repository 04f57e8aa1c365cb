import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, CAROL, CHANGES, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { logOf, startAnother } from './another-bot.ts';
import { fuzzedRequest, rawRequest, sendRaw, signedRequest } from './raw-requests.ts';

const REQUESTS = 1_000;
const AT_ONCE = 120;
/** Longer than the bot waits for a request that does not come. */
const ANSWERED_WITHIN_MS = 15_000;

describe('the bot on the open network', () => {
  let story: Story;
  let port = 0;
  let opsPort = 0;
  let secret = '';
  beforeAll(async () => {
    story = await startStory({ policy: aPolicy(), slackMode: 'http' });
    port = Number(story.env.PORT);
    opsPort = Number(new URL(story.bot.opsUrl).port);
    secret = story.env.SLACK_SIGNING_SECRET ?? '';
  });
  afterAll(() => story?.stop());

  const stamp = () => `x-slack-request-timestamp: ${Math.floor(Date.now() / 1_000)}`;
  const serves = async (): Promise<void> => {
    expect(await story.ask(ALICE, 'whoami')).toContain('engineers');
    expect((await fetch(`${story.bot.opsUrl}/readyz`)).status).toBe(200);
  };

  test.each([
    ['GET /favicon.ico', () => rawRequest('GET /favicon.ico'), 404],
    ['POST //', () => rawRequest('POST //', ['content-length: 0']), 404],
    ['GET /slack/events', () => rawRequest('GET /slack/events'), 405],
    ['a method that there is not', () => rawRequest('BREW /slack/events'), 400],
    ['headers that are too long', () => rawRequest('GET /', [`x: ${'y'.repeat(20_000)}`]), 431],
    [
      'a body that is said to be too long',
      () => rawRequest('POST /slack/events', [stamp(), 'x-slack-signature: v0=0', 'content-length: 9000000']),
      413,
    ],
    [
      'a request that nobody signed',
      () => rawRequest('POST /slack/events', ['content-length: 2'], '{}'),
      401,
    ],
    ['signed null', () => signedRequest(secret, 'null'), 400],
    [
      'a signed form around null',
      () => signedRequest(secret, 'payload=null', 'application/x-www-form-urlencoded'),
      400,
    ],
    ['signed half a JSON', () => signedRequest(secret, '{'), 400],
  ])('lesson 50: %s is answered, and the bot serves on', async (_, request, status) => {
    expect(await sendRaw(port, request(), ANSWERED_WITHIN_MS)).toBe(status);
    await serves();
  });

  test('lesson 50: a body that is too long without saying so is cut off', async () => {
    const headers = [stamp(), 'x-slack-signature: v0=0', 'transfer-encoding: chunked'];
    const chunk = `10000\r\n${'z'.repeat(0x10000)}\r\n`;
    expect(await sendRaw(port, rawRequest('POST /slack/events', headers, chunk.repeat(17)), 5_000)).toBe(413);
  });

  test('lesson 50: a thousand requests of a fuzzer, half-open and slow ones among them, and nothing else notices', async () => {
    const idle = Array.from({ length: 20 }, (_, index) =>
      sendRaw(port, HALVES[index % HALVES.length] ?? '', 15_000),
    );
    const told = new Map<unknown, number>();
    let next = 0;
    const senders = Array.from({ length: AT_ONCE }, async () => {
      for (let seed = next++; seed < REQUESTS; seed = next++) {
        const to = seed % 10 === 9 ? opsPort : port;
        const one = await sendRaw(to, fuzzedRequest(seed, secret), ANSWERED_WITHIN_MS);
        told.set(one, (told.get(one) ?? 0) + 1);
      }
    });
    // Meanwhile people are served in time.
    for (let asked = 0; asked < 10; asked += 1)
      expect(await story.ask(ALICE, 'whoami')).toContain('engineers');
    await Promise.all(senders);
    expect(told.get('nothing')).toBeUndefined();
    expect([...told.values()].reduce((sum, count) => sum + count, 0)).toBe(REQUESTS);
    for (const one of await Promise.all(idle)) expect([400, 401, 408, 'closed']).toContain(one);
    await serves();
    expect(await logOf(story)).not.toContain('uncaught error');
  }, 180_000);
});

const HALVES = [
  '',
  'POST /slack/eve',
  'GET / HTTP/1.1\r\nhost: bot\r\nx-slow:',
  `POST /slack/events HTTP/1.1\r\nhost: bot\r\nx-slack-request-timestamp: 1\r\ncontent-length: 99\r\n\r\nabc`,
  `POST /slack/events HTTP/1.1\r\nhost: bot\r\nx-slack-signature: v0=0\r\nx-slack-request-timestamp: ${Math.floor(Date.now() / 1_000)}\r\ncontent-length: 99\r\n\r\nabc`,
];

describe('the last net', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ policy: aPolicy() });
    await story.bot.stop();
  });
  afterAll(() => story?.stop());

  test.each(['SIGUSR2', 'SIGWINCH'] as const)(
    'lesson 50: an uncaught error (%s) is logged; the bot is not ready, finishes what it has in hand and exits for a restart',
    async (signal) => {
      const bug = fileURLToPath(new URL('fails-on-signal.mjs', import.meta.url));
      const bot = await startAnother(story, { NODE_OPTIONS: `--import=${join(bug)}` });
      const { control } = story.slack;
      const heard = () => control.messages(CHANGES).filter(({ ephemeral_to: to }) => to === CAROL).length;
      const before = heard();
      control.fault({ method: 'users.info', times: 1, delayMs: 2_000 });
      await control.command({ channel: CHANGES, user: CAROL, command: '/bgp', text: 'whoami' });
      process.kill(bot.pid, signal);
      await eventually(async () => {
        const answer = await fetch(`${bot.opsUrl}/readyz`);
        expect([answer.status, await answer.json()]).toMatchObject([503, { details: { stage: 'failing' } }]);
      });
      expect(await bot.exited).toBe(70);
      expect(heard()).toBe(before + 1);
      expect(await bot.log()).toMatch(/"level":60.*uncaught error: a bug in a/);
    },
  );
});
