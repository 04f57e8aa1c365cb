import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { DriftStore } from '../../ports/drift-store.ts';
import type { Keys } from './keys.ts';

const stateSchema = z.object({
  mapping: z.record(z.string(), z.record(z.string(), z.string())),
  atMs: z.number(),
  findings: z.record(
    z.string(),
    z.object({
      observation: z.object({ key: z.string(), sentence: z.string(), next: z.string() }),
      presentCount: z.int(),
      absentCount: z.int(),
      announced: z.boolean(),
    }),
  ),
});

export function redisDriftStore(redis: Redis, keys: Keys): DriftStore {
  return {
    async read(target) {
      const json = await redis.get(keys.drift(target));
      return json === null ? undefined : stateSchema.parse(JSON.parse(json));
    },
    async write(target, state) {
      await redis.set(keys.drift(target), JSON.stringify(state));
    },
  };
}
