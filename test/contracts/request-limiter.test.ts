import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisRefusals, redisRequestLimiter } from '../../src/adapters/redis/request-limiter.ts';
import type { RecordDraft } from '../../src/domain/audit/record.ts';
import { onBothRedis } from './on-redis.ts';

const someone = { userId: 'U04MALLORY', teamId: 'T01RACK' };
const draft = (said: string): RecordDraft => ({
  atMs: 17,
  event: 'request.refused',
  actor: someone,
  reasonCode: 'guest',
  data: { said, channel: 'C01CHANGES' },
});

onBothRedis('the budget of a person', (run, redis) => {
  const open = async (perMinute: number) => {
    const keys = redisKeys(randomUUID());
    const [one, other] = [await redis.connect(), await redis.connect()];
    const key = keys.rateLimit(`command:${someone.teamId}:${someone.userId}`);
    return {
      replicas: [
        redisRequestLimiter(one.prompt, keys, perMinute),
        redisRequestLimiter(other.prompt, keys, perMinute),
      ] as const,
      /** As if the pause had begun so much earlier. */
      pass: async (ms: number) => {
        const { until = '0', at = '0' } = await one.prompt.hgetall(key);
        await one.prompt.hset(key, { until: Number(until) - ms, at: Number(at) - ms });
      },
    };
  };

  run('is one for all replicas; who has used it up is told once, and when to try again', async () => {
    const { replicas, pass } = await open(20);
    const [one, other] = replicas;
    const startedAtMs = performance.now();
    const taken = await Promise.all(
      Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? one : other).consume(someone, 'command')),
    );
    const within = taken.filter(({ kind }) => kind === 'allowed').length;
    expect(within).toBeGreaterThanOrEqual(20);
    // One comes back every three seconds.
    expect(within).toBeLessThanOrEqual(22 + (performance.now() - startedAtMs) / 3_000);
    const spent = taken.flatMap((answer) => (answer.kind === 'limited' ? [answer] : []));
    expect(spent.filter(({ first }) => first)).toHaveLength(1);
    for (const { retryAfterMs } of spent) {
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(30_000);
    }
    await pass(30_000);
    expect(await one.consume(someone, 'command')).toEqual({ kind: 'allowed' });
  });

  run('is a person’s own, and clicks have another one than commands', async () => {
    const { replicas } = await open(1);
    const [one] = replicas;
    expect(await one.consume(someone, 'command')).toEqual({ kind: 'allowed' });
    expect(await one.consume(someone, 'command')).toMatchObject({ kind: 'limited', first: true });
    expect(await one.consume(someone, 'click')).toEqual({ kind: 'allowed' });
    expect(await one.consume({ ...someone, teamId: 'T02' }, 'command')).toEqual({ kind: 'allowed' });
    expect(await one.consume({ ...someone, userId: 'U01ALICE' }, 'command')).toEqual({ kind: 'allowed' });
  });

  run('is hardly used by what is not refused', async () => {
    const { replicas } = await open(4);
    const [one, other] = replicas;
    for (let asked = 0; asked < 12; asked += 1) {
      expect(await one.consume(someone, 'command')).toEqual({ kind: 'allowed' });
      await other.refund(someone, 'command');
    }
  });

  run('is without end where it is 0', async () => {
    const { replicas } = await open(0);
    for (let tried = 0; tried < 5; tried += 1)
      expect(await replicas[0].consume(someone, 'command')).toEqual({ kind: 'allowed' });
  });
});

onBothRedis('many refusals of a kind', (run, redis) => {
  /** Longer than ten requests to Redis take on a busy machine. */
  const WINDOW_MS = 3_000;
  const open = async () => {
    const keys = redisKeys(randomUUID());
    const [one, other] = [await redis.connect(), await redis.connect()];
    return [
      redisRefusals(one.prompt, keys, 60, WINDOW_MS),
      redisRefusals(other.prompt, keys, 60, WINDOW_MS),
    ] as const;
  };

  run('the first ones get records of their own, the others one sum, which one replica gets', async () => {
    const [one, other] = await open();
    const noted: string[] = [];
    for (let index = 0; index < 10; index += 1)
      noted.push(await (index % 2 === 0 ? one : other).note('kind', draft(`no. ${index}`), 3));
    expect(noted).toEqual([...Array(3).fill('record'), ...Array(7).fill('gathered')]);
    expect(await one.note('another kind', draft('alone'), 3)).toBe('record');
    expect(await one.dueSums()).toEqual([]);
    await sleep(WINDOW_MS + 50);
    const [sum, ...more] = await other.dueSums();
    expect([sum, more]).toMatchObject([{ draft: draft('no. 9'), times: 7 }, []]);
    // In hand: not given to anybody else.
    expect(await one.dueSums()).toEqual([]);
    if (sum !== undefined) await other.settled(sum);
    // A new minute.
    expect(await one.note('kind', draft('again'), 3)).toBe('record');
    await sleep(WINDOW_MS + 50);
    expect(await one.dueSums()).toEqual([]);
  });

  run('a sum that nobody settles is given again', async () => {
    const keys = redisKeys(randomUUID());
    const { prompt } = await redis.connect();
    const refusals = redisRefusals(prompt, keys, 60, 0);
    await refusals.note('kind', draft('one'), 1);
    await refusals.note('kind', draft('two'), 1);
    await sleep(5);
    const [sum] = await refusals.dueSums();
    expect(sum).toMatchObject({ times: 1 });
    await prompt.zadd(keys.refusalSums, 0, sum?.id ?? '');
    expect(await refusals.dueSums()).toEqual([sum]);
  });
});
