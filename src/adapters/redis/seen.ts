import type { Redis } from 'ioredis';
import type { Seen } from '../../ports/store.ts';
import type { Keys } from './keys.ts';

export function redisSeen(redis: Redis, keys: Keys): Seen {
  return { first: async (key, ttlMs) => (await redis.set(keys.seen(key), '1', 'PX', ttlMs, 'NX')) === 'OK' };
}
