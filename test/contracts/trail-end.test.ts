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
    const replica = () => {
      const { append, end } = store.replica();
      return { store: { ...store, append }, end };
    };
    return {
      one: replica(),
      other: replica(),
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

/** Everything but what a loss left, as a dump brings it back: with the pulses of that moment. */
async function backUp(redis: Redis, keys: Keys): Promise<() => Promise<void>> {
  const head = await redis.hgetall(keys.head);
  const records = await redis.xrange(keys.records, '-', '+');
  const strings = async (): Promise<readonly string[]> => [
    keys.counter,
    keys.lost,
    keys.accepted,
    ...(await redis.keys(keys.pulse('*'))),
  ];
  const kept = await Promise.all((await strings()).map(async (key) => [key, await redis.get(key)] as const));
  return async () => {
    await redis.del(keys.head, keys.records, ...(await strings()));
    for (const [id, fields] of records) await redis.xadd(keys.records, id, ...fields);
    await redis.hset(keys.head, head);
    for (const [key, value] of kept) if (value !== null) await redis.set(key, value);
  };
}
