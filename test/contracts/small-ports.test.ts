import { expect } from '@jest/globals';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import {
  redisCardLocations,
  redisDeduplicator,
  redisDriftStore,
  redisHomeViewers,
  redisPendingQueries,
} from '../../src/adapters/redis/shared-state.ts';
import { holdOnBothRedis, onBothRedis } from './on-redis.ts';
import { type Remembered, smallPortsContract } from './small-ports.contract.ts';
import { realTime } from './time.ts';

const keys = redisKeys('small-ports');

holdOnBothRedis('what replicas remember together', smallPortsContract, async ({ connect }) => {
  const replica = async (): Promise<Remembered> => {
    const { prompt } = await connect();
    return {
      deduplicator: redisDeduplicator(prompt, keys),
      pendingQueries: redisPendingQueries(prompt, keys),
      cardLocations: redisCardLocations(prompt, keys),
      driftStore: redisDriftStore(prompt, keys),
      homeViewers: redisHomeViewers(prompt, keys),
    };
  };
  return { time: realTime, one: await replica(), other: await replica() };
});

onBothRedis('a query that nobody answers', (run, redis) => {
  run('ends by itself after half an hour', async () => {
    const { prompt } = await redis.connect();
    await redisPendingQueries(prompt, keys).keep({
      id: 'q2',
      parsed: { verb: 'show', args: [], flags: {} },
      target: 'rack',
      person: { userId: 'U01ALICE', teamId: 'T01RACK' },
      channel: 'C01CHANGES',
      askedAtMs: 17,
    });
    const leftMs = await prompt.pttl(keys.query('q2'));
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(30 * 60_000);
  });
});
