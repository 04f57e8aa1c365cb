import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { PendingQueries, PendingQuery } from '../../ports/store.ts';
import type { Keys } from './keys.ts';

/** As long as Slack takes answers at a response URL. */
const KEPT_MS = 30 * 60_000;

const stored = z.object({
  id: z.string(),
  parsed: z.object({
    verb: z.string(),
    args: z.array(z.string()),
    flags: z.record(z.string(), z.union([z.string(), z.literal(true)])),
  }),
  target: z.string(),
  person: z.object({ userId: z.string(), teamId: z.string() }),
  channel: z.string(),
  responseUrl: z.string().exactOptional(),
  askedAtMs: z.number(),
});

export function redisPendingQueries(redis: Redis, keys: Keys): PendingQueries {
  return {
    async keep(query: PendingQuery) {
      await redis.set(keys.query(query.id), JSON.stringify(query), 'PX', KEPT_MS);
    },
    async find(id) {
      const json = await redis.get(keys.query(id));
      return json === null ? undefined : stored.parse(JSON.parse(json));
    },
    async forget(id) {
      await redis.del(keys.query(id));
    },
  };
}
