import type { Redis } from 'ioredis';
import type { Deduplicator } from '../../ports/store.ts';
import type { Keys } from './keys.ts';

export function redisDeduplicator(redis: Redis, keys: Keys): Deduplicator {
  return { first: async (key, ttlMs) => (await redis.set(keys.seen(key), '1', 'PX', ttlMs, 'NX')) === 'OK' };
}
