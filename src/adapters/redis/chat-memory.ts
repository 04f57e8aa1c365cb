import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { CardLocations } from '../../ports/card-locations.ts';
import type { Deduplicator, PendingQueries } from '../../ports/store.ts';
import type { Keys } from './keys.ts';
import { readStoredQuery } from './stored-values.ts';

// What the bot remembers of its conversations: which requests it has handled, which queries wait, where each card is.

export function redisDeduplicator(redis: Redis, keys: Keys): Deduplicator {
  return { first: async (key, ttlMs) => (await redis.set(keys.seen(key), '1', 'PX', ttlMs, 'NX')) === 'OK' };
}

/** As long as Slack takes answers at a response URL. */
const PENDING_FOR_MS = 30 * 60_000;

export function redisPendingQueries(redis: Redis, keys: Keys): PendingQueries {
  return {
    async keep(query) {
      await redis.set(keys.query(query.id), JSON.stringify(query), 'PX', PENDING_FOR_MS);
    },
    async find(id) {
      const json = await redis.get(keys.query(id));
      return json === null ? undefined : readStoredQuery(json);
    },
    async forget(id) {
      await redis.del(keys.query(id));
    },
  };
}

const locationSchema = z.object({ channel: z.string(), ts: z.string() });

export function redisCardLocations(redis: Redis, keys: Keys): CardLocations {
  return {
    async find(change) {
      const found = await redis.hgetall(keys.cardLocation(change));
      return Object.keys(found).length === 0 ? undefined : locationSchema.parse(found);
    },
    async keep(change, { channel, ts }) {
      await redis.hset(keys.cardLocation(change), { channel, ts });
    },
  };
}
