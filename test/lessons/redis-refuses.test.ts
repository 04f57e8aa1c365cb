import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasRedisServer } from '../../sandbox/src/redis.ts';
import { connectRedis, type RedisConnections } from '../../src/adapters/redis/connect.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, node, refusedWith, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { logOf } from './another-bot.ts';
import { type AuditRetention, openTrail } from './trail.ts';

const run = hasRedisServer() ? describe : describe.skip;

run('Redis rejects writes', () => {
  let story: Story;
  let redis: RedisConnections;
  let trail: AuditRetention;
  beforeAll(async () => {
    story = await startStory({ policy: aPolicy() });
    redis = await connectRedis(story.redis.url, () => undefined);
    trail = await openTrail(story.redis.url);
  });
  afterAll(async () => {
    await trail?.close();
    await redis?.close();
    await story?.stop();
  });

  const health = async () => {
    const answer = await fetch(`${story.bot.opsUrl}/readyz`);
    const { details }: { details: Record<string, unknown> } = JSON.parse(await answer.text());
    return { status: answer.status, redis: details.redis };
  };

  test.each([
    [
      'OOM',
      'its memory is full',
      () => redis.prompt.config('SET', 'maxmemory', '1'),
      () => redis.prompt.config('SET', 'maxmemory', '0'),
    ],
    [
      'READONLY',
      'it is a read-only replica',
      () => redis.prompt.replicaof('127.0.0.1', 1),
      () => redis.prompt.replicaof('NO', 'ONE'),
    ],
  ] as const)(
    'lesson 55: %s: answers name Redis and what to do, queries that write nothing work on, and readiness says so',
    async (code, why, refuse, mend) => {
      const card = await story.propose(ALICE, `restart ${node('worker1')} --reason ${code}`);
      await refuse();
      await eventually(async () =>
        expect(await health()).toEqual({ status: 503, redis: expect.stringContaining(why) }),
      );
      for (const text of [`show ${node('worker1')}`, `add ${node('worker4')} 10.20.4.1`, 'nonsense']) {
        const told = await story.ask(ALICE, text);
        expect(told).toMatch(refusedWith('store_unwritable'));
        expect(told).toContain(`Redis rejects writes: ${why} (${code}). Nothing was done.`);
        expect(told).toContain('A Redis administrator has to');
      }
      expect(await story.pressAndHear(BOB, card, 'approve')).toMatch(refusedWith('store_unwritable'));
      expect(await story.ask(ALICE, 'changes')).toContain(card.id);
      expect(await story.ask(ALICE, `status ${card.id}`)).toContain('proposed');
      expect(await story.ask(ALICE, 'whoami')).toContain('engineers');
      expect(await story.ask(ALICE, 'help')).toContain('rotate');
      await mend();
      await eventually(async () => expect(await health()).toEqual({ status: 200, redis: true }));
      expect(await story.ask(ALICE, `show ${node('worker1')}`)).toContain('Established');
      await story.carryOut(card, '✅ succeeded');
      expect(await trail.faults()).toEqual([]);
      expect(await logOf(story)).not.toContain('uncaught error');
    },
    120_000,
  );
});
