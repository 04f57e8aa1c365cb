import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { CardPlaces } from '../../ports/card-places.ts';
import type { Keys } from './keys.ts';

const place = z.object({ channel: z.string(), ts: z.string() });

export function redisCardPlaces(redis: Redis, keys: Keys): CardPlaces {
  return {
    async find(change) {
      const found = await redis.hgetall(keys.cardPlace(change));
      return Object.keys(found).length === 0 ? undefined : place.parse(found);
    },
    async keep(change, { channel, ts }) {
      await redis.hset(keys.cardPlace(change), { channel, ts });
    },
  };
}
