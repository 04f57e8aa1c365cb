import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { CardLocations } from '../../ports/card-locations.ts';
import type { Keys } from './keys.ts';

const place = z.object({ channel: z.string(), ts: z.string() });

export function redisCardLocations(redis: Redis, keys: Keys): CardLocations {
  return {
    async find(change) {
      const found = await redis.hgetall(keys.cardLocation(change));
      return Object.keys(found).length === 0 ? undefined : place.parse(found);
    },
    async keep(change, { channel, ts }) {
      await redis.hset(keys.cardLocation(change), { channel, ts });
    },
  };
}
