import { expect } from '@jest/globals';
import { redisCardPlaces } from '../../src/adapters/redis/card-places.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisQuestions } from '../../src/adapters/redis/questions.ts';
import { redisSeen } from '../../src/adapters/redis/seen.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { onBothRedis } from './on-redis.ts';

const keys = redisKeys('small-ports');
const question = {
  id: 'q1',
  typed: { verb: 'show', args: ['worker1'], flags: { target: 'rack', all: true } },
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
      redisSeen((at % 2 ? one : other).prompt, keys).first('trigger', 60_000),
    );
    expect((await Promise.all(asked)).filter(Boolean).length).toBe(1);
  });

  run('it is forgotten when its time is up', async () => {
    const { prompt } = await redis.connect();
    const seen = redisSeen(prompt, keys);
    expect(await seen.first('short', 100)).toBe(true);
    await eventually(async () => expect(await seen.first('short', 100)).toBe(true));
  });
});

onBothRedis('questions', (run, redis) => {
  run('a question comes back as it was asked, and is gone when it is forgotten', async () => {
    const { prompt } = await redis.connect();
    const questions = redisQuestions(prompt, keys);
    await questions.keep(question);
    expect(await questions.find('q1')).toEqual(question);
    await questions.forget('q1');
    expect(await questions.find('q1')).toBeUndefined();
  });

  run('nobody asks the trail: a question ends by itself', async () => {
    const { prompt } = await redis.connect();
    await redisQuestions(prompt, keys).keep(question);
    const leftMs = await prompt.pttl(keys.question('q1'));
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(30 * 60_000);
  });
});

onBothRedis('card places', (run, redis) => {
  run('where a card stands is known to every replica', async () => {
    const [one, other] = await Promise.all([redis.connect(), redis.connect()]);
    expect(await redisCardPlaces(one.prompt, keys).find('BGP-1')).toBeUndefined();
    await redisCardPlaces(one.prompt, keys).keep('BGP-1', { channel: 'C1', ts: '17.000100' });
    expect(await redisCardPlaces(other.prompt, keys).find('BGP-1')).toEqual({
      channel: 'C1',
      ts: '17.000100',
    });
  });
});
