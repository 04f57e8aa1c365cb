import { expect } from '@jest/globals';
import {
  redisCardLocations,
  redisDeduplicator,
  redisPendingQueries,
} from '../../src/adapters/redis/chat-memory.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { onBothRedis } from './on-redis.ts';

const keys = redisKeys('small-ports');
const query = {
  id: 'q1',
  parsed: { verb: 'show', args: ['worker1'], flags: { target: 'rack', all: true } },
  target: 'rack',
  person: { userId: 'U01ALICE', teamId: 'T01RACK' },
  channel: 'C01CHANGES',
  responseUrl: 'https://hooks.slack.com/x',
  askedAtMs: 17,
} as const;

onBothRedis('what was seen', (run, redis) => {
  run('the first of many who ask with one key is told so, in any replica', async () => {
    const [one, other] = await Promise.all([redis.connect(), redis.connect()]);
    const asked = Array.from({ length: 20 }, (_, at) =>
      redisDeduplicator((at % 2 ? one : other).prompt, keys).first('trigger', 60_000),
    );
    expect((await Promise.all(asked)).filter(Boolean).length).toBe(1);
  });

  run('it is forgotten when its time is up', async () => {
    const { prompt } = await redis.connect();
    const seen = redisDeduplicator(prompt, keys);
    expect(await seen.first('short', 100)).toBe(true);
    await eventually(async () => expect(await seen.first('short', 100)).toBe(true));
  });
});

onBothRedis('queries', (run, redis) => {
  run('a question comes back as it was asked, and is gone when it is forgotten', async () => {
    const { prompt } = await redis.connect();
    const pendingQueries = redisPendingQueries(prompt, keys);
    await pendingQueries.keep(query);
    expect(await pendingQueries.find('q1')).toEqual(query);
    await pendingQueries.forget('q1');
    expect(await pendingQueries.find('q1')).toBeUndefined();
  });

  run('nobody asks the trail: a question ends by itself', async () => {
    const { prompt } = await redis.connect();
    await redisPendingQueries(prompt, keys).keep(query);
    const leftMs = await prompt.pttl(keys.query('q1'));
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(30 * 60_000);
  });
});

onBothRedis('card places', (run, redis) => {
  run('where a card stands is known to every replica', async () => {
    const [one, other] = await Promise.all([redis.connect(), redis.connect()]);
    expect(await redisCardLocations(one.prompt, keys).find('BGP-1')).toBeUndefined();
    await redisCardLocations(one.prompt, keys).keep('BGP-1', { channel: 'C1', ts: '17.000100' });
    expect(await redisCardLocations(other.prompt, keys).find('BGP-1')).toEqual({
      channel: 'C1',
      ts: '17.000100',
    });
  });
});
