import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BotProcess, startBot } from '../../sandbox/src/bot-process.ts';
import { hasRedisServer } from '../../sandbox/src/redis.ts';
import { connectRedis, type RedisConnections } from '../../src/adapters/redis/connect.ts';
import { aPolicy } from '../lessons/a-policy.ts';
import { fuzzedRequest, sendRaw } from '../lessons/raw-requests.ts';
import { type AuditRetention, openTrail } from '../lessons/trail.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { backUp } from '../stories/back-up.ts';
import { runProgram } from '../stories/run-program.ts';
import { ALICE, BOB, type Card, node, refusedWith, type Story, startStory } from '../stories/story.ts';
import { type LaterRelease, laterRelease } from './another-release.ts';

/** How long each of it lasts; a change runs meanwhile. */
const LASTS_MS = 3_000;
const FUZZED = 1_000;

(hasRedisServer() ? describe : describe.skip)('two replicas in a storm', () => {
  let story: Story;
  let redis: RedisConnections;
  let trail: AuditRetention;
  let later: LaterRelease;
  let folder: string;
  let replicas: readonly BotProcess[] = [];

  const start = async (program: string): Promise<BotProcess> =>
    startBot({ program, env: story.env, logFile: join(folder, `${Math.random()}.log`) });
  const both = async (program: string): Promise<void> => {
    replicas = await Promise.all([start(program), start(program)]);
  };
  const stopAll = async (): Promise<void> => {
    for (const replica of replicas) await replica.stop();
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-storm-'));
    later = await laterRelease();
    story = await startStory({ policy: aPolicy() });
    redis = await connectRedis(story.redis.url, () => undefined);
    trail = await openTrail(story.redis.url);
    await story.bot.stop();
    await both('dist/cli.js');
  }, 120_000);
  afterAll(async () => {
    await stopAll();
    await trail?.close();
    await redis?.close();
    await story?.stop();
    await later?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  /** The next so many writes to Slack meet it. */
  const slackIs = async (how: {
    times: number;
    status?: number;
    retryAfterSec?: number;
    delayMs?: number;
  }) => {
    for (const method of ['chat.postMessage', 'chat.update']) story.slack.control.fault({ method, ...how });
  };

  const storms: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'Slack takes both tokens back and gives them again',
      async () => {
        for (const token of ['app', 'bot'] as const)
          story.slack.control.refuseToken({ token, error: 'token_revoked' });
        story.slack.control.disconnect({ reason: 'link_disabled', all: true });
        await sleep(LASTS_MS);
        for (const token of ['app', 'bot'] as const) story.slack.control.refuseToken({ token, error: null });
      },
    ],
    ['Slack fails', () => slackIs({ times: 6, status: 503 })],
    ['Slack wants less', () => slackIs({ times: 3, status: 429, retryAfterSec: 1 })],
    ['Slack is slow', () => slackIs({ times: 4, delayMs: 2_000 })],
    [
      'Slack drops every socket, again and again',
      async () => {
        for (let dropped = 0; dropped < 5; dropped += 1) {
          story.slack.control.disconnect({ reason: 'warning', all: true, cut: true });
          await sleep(LASTS_MS / 5);
        }
      },
    ],
    ['Redis is killed', () => story.redis.crash(LASTS_MS)],
    [
      'Redis is full',
      async () => {
        await redis.prompt.config('SET', 'maxmemory', '1');
        await sleep(LASTS_MS);
        await redis.prompt.config('SET', 'maxmemory', '0');
      },
    ],
    [
      'Redis is read-only',
      async () => {
        await redis.prompt.replicaof('127.0.0.1', 1);
        await sleep(LASTS_MS);
        await redis.prompt.replicaof('NO', 'ONE');
      },
    ],
    ['Redis is slow', () => redis.prompt.call('CLIENT', ['PAUSE', LASTS_MS, 'ALL'])],
    [
      'strangers send a thousand requests',
      async () => {
        for (let sent = 0; sent < FUZZED; sent += 50)
          await Promise.all(
            Array.from({ length: 50 }, (_, index) => {
              const { opsUrl } = replicas[index % 2] ?? story.bot;
              return sendRaw(Number(new URL(opsUrl).port), fuzzedRequest(sent + index, 'secret'), LASTS_MS);
            }),
          );
      },
    ],
    [
      'a replica is killed and started again',
      async () => {
        const [first, other] = replicas;
        if (first === undefined || other === undefined) throw new Error('there are not two replicas');
        process.kill(first.pid, 'SIGKILL');
        await first.exited;
        replicas = [await start('dist/cli.js'), other];
      },
    ],
    [
      'the next release takes over, and this one comes back',
      async () => {
        for (const program of [later.program, 'dist/cli.js']) {
          await stopAll();
          await both(program);
        }
      },
    ],
  ];

  test.each(storms)(
    '%s: both are back, every change can be ended, and the trail is whole',
    async (_, strike) => {
      const card = await story.propose(ALICE, `restart ${node('worker2')}`);
      const approved = story.press(BOB, card, 'approve');
      await trail.until(({ change, event }) => change === card.id && event === 'step.intended');
      await strike();
      await approved;
      await isWell(card);
    },
    180_000,
  );

  test('what the next release wrote is shown by this one and left alone, and goes on with the next one', async () => {
    await stopAll();
    await both(later.program);
    const card = await story.propose(ALICE, `restart ${node('worker3')}`);
    await stopAll();
    await both('dist/cli.js');
    expect(await story.ask(ALICE, 'changes')).toContain(card.id);
    expect(await story.ask(ALICE, `cancel ${card.id}`)).toMatch(refusedWith('later_release'));
    await eventually(() => expect(story.card(card)).not.toContain('Approve'));
    await isWell(await carriedOut(node('worker1')));
    await stopAll();
    await both(later.program);
    await eventually(() => expect(story.card(card)).toContain('Approve'));
    await story.carryOut(card, '✅ succeeded');
    await isWell(card);
    await stopAll();
    await both('dist/cli.js');
  }, 240_000);

  test.each([
    ['while every connection stays', async () => undefined],
    [
      'as a server that is started again',
      () => redis.prompt.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    ],
  ])(
    'Redis is restored from an older backup %s: nothing happens until an operator says so, and then all works',
    async (_, dropConnections) => {
      const restore = await backUp(redis.prompt);
      await carriedOut(node('worker1'));
      const [pods, told] = [await story.pods(), alarms()];
      await restore();
      await dropConnections();
      // At once, so that either replica may take it: also the one that knows nothing of what was lost.
      const asked = await Promise.all([answered(ALICE, node('worker1')), answered(BOB, node('worker2'))]);
      for (const answer of asked) expect(answer).toContain('the store was rolled back');
      await eventually(() => expect(alarms()).toBe(told + 1));
      await sleep(LASTS_MS);
      expect(await story.pods()).toEqual(pods);
      const accepted = await runProgram(['audit', 'accept-restore', '--reason', 'a test'], story.env);
      expect(accepted).toMatchObject({ code: 0 });
      await carriedOut(node('worker2'));
      await areReady();
      // What was lost is vouched for outside of Redis alone.
      expect(await runProgram(['audit', 'anchors'], story.env)).toMatchObject({ code: 0 });
    },
    180_000,
  );

  /** How often the audit channel was told that records are lost. */
  function alarms(): number {
    return story.audit().split('The bot carries out nothing more').length - 1;
  }

  /** What is said to a restart by the first replica that reaches Redis. */
  function answered(user: string, which: string): Promise<string> {
    return eventually(async () => {
      const answer = await story.ask(user, `restart ${which}`);
      expect(answer).not.toContain('store_unreachable');
      return answer;
    });
  }

  async function carriedOut(which: string): Promise<Card> {
    const card = await story.propose(ALICE, `restart ${which}`);
    await story.carryOut(card, '✅ succeeded');
    return card;
  }

  /** Both replicas are ready, this change and the next one come to their end, and the trail verifies. */
  async function isWell(card: Card): Promise<void> {
    await areReady();
    await eventually(() => expect(story.card(card)).toMatch(/succeeded|halted|outcome unknown/));
    if (!story.card(card).includes('succeeded')) {
      await story.press(BOB, card, 'close');
      await eventually(() => expect(story.card(card)).not.toMatch(/halted|outcome unknown/));
    }
    expect(await trail.faults()).toEqual([]);
  }

  async function areReady(): Promise<void> {
    const sinceMs = performance.now();
    for (const { opsUrl } of replicas)
      await eventually(async () => expect((await fetch(`${opsUrl}/readyz`)).status).toBe(200));
    const afterS = ((performance.now() - sinceMs) / 1_000).toFixed(1);
    process.stderr.write(`  both replicas were ready ${afterS} s later\n`);
  }
});
