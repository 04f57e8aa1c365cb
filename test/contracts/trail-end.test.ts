import type { Redis } from '../../src/adapters/redis/connect.ts';
import { type Keys, redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { redisTrailEnd } from '../../src/adapters/redis/trail-end.ts';
import { fakeClock } from '../doubles/fake-clock.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryStore } from '../doubles/memory-store.ts';
import { holdOnBothRedis } from './on-redis.ts';
import { trailEndContract } from './trail-end.contract.ts';
import { hold } from './under-test.ts';

hold('the end of the trail in memory', trailEndContract, async () => ({
  async open() {
    const store = memoryStore(memoryLeases(fakeClock()));
    const replica = { store, end: store.end };
    return {
      one: replica,
      other: replica,
      async backUp() {
        const restore = store.backUp();
        return async () => restore();
      },
    };
  },
}));

holdOnBothRedis('the end of the trail', trailEndContract, ({ connect }) => ({
  async open(name) {
    const keys = redisKeys(`end-${name}`);
    const { prompt } = await connect();
    const replica = () => {
      const end = redisTrailEnd(prompt, keys);
      return { end, store: redisStore(prompt, keys, end) };
    };
    return { one: replica(), other: replica(), backUp: () => backUp(prompt, keys) };
  },
}));

/** Head, records and counter as a dump of them would bring them back. */
async function backUp(redis: Redis, keys: Keys): Promise<() => Promise<void>> {
  const head = await redis.hgetall(keys.head);
  const records = await redis.xrange(keys.records, '-', '+');
  const counter = (await redis.get(keys.counter)) ?? '0';
  return async () => {
    await redis.del(keys.head, keys.records);
    for (const [id, fields] of records) await redis.xadd(keys.records, id, ...fields);
    await redis.hset(keys.head, head);
    await redis.set(keys.counter, counter);
  };
}
