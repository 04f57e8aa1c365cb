import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { DriftStore } from '../../ports/drift-store.ts';
import type { Keys } from './keys.ts';

const page = z.object({
  mapping: z.record(z.string(), z.record(z.string(), z.string())),
  notes: z.record(
    z.string(),
    z.object({
      observation: z.object({ key: z.string(), sentence: z.string(), next: z.string() }),
      seen: z.int(),
      missed: z.int(),
      told: z.boolean(),
    }),
  ),
});

export function redisDriftStore(redis: Redis, keys: Keys): DriftStore {
  return {
    async read(target) {
      const json = await redis.get(keys.watch(target));
      return json === null ? undefined : page.parse(JSON.parse(json));
    },
    async write(target, next) {
      await redis.set(keys.watch(target), JSON.stringify(next));
    },
  };
}
