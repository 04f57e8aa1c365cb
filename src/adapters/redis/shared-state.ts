import { z } from 'zod';
import type { CardLocations, HomeViewers } from '../../ports/chat.ts';
import type { Deduplicator, DriftStore, PendingQueries } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';
import { readStoredQuery } from './stored-values.ts';

// State shared by the replicas: handled requests, waiting queries, locations of cards, and the last drift checks.

export function redisDeduplicator(redis: Redis, keys: Keys): Deduplicator {
  return { first: async (key, ttlMs) => (await redis.set(keys.seen(key), '1', 'PX', ttlMs, 'NX')) === 'OK' };
}

/** How long Slack accepts answers at a response URL. */
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

const MAX_VIEWERS = 500;
const viewerSchema = z.tuple([z.string(), z.string()]);

export function redisHomeViewers(redis: Redis, keys: Keys): HomeViewers {
  return {
    async add({ userId, teamId }, atMs, forgetAfterMs) {
      await redis.zadd(keys.homeViewers, atMs, JSON.stringify([userId, teamId]));
      await redis.zremrangebyscore(keys.homeViewers, '-inf', atMs - forgetAfterMs);
      await redis.pexpire(keys.homeViewers, forgetAfterMs);
    },
    async since(atMs) {
      const found = await redis.zrevrangebyscore(keys.homeViewers, '+inf', atMs, 'LIMIT', 0, MAX_VIEWERS);
      return found.map((json) => {
        const [userId, teamId] = viewerSchema.parse(JSON.parse(json));
        return { userId, teamId };
      });
    },
  };
}

/** The bot's own team, for a start at which Slack does not answer. */
export function redisTeam(
  redis: Redis,
  keys: Keys,
): { find(): Promise<string | null>; keep(team: string): Promise<void> } {
  return {
    find: () => redis.get(keys.team),
    async keep(team) {
      await redis.set(keys.team, team);
    },
  };
}

const stateSchema = z.object({
  remembered: z
    .object({ announced: z.record(z.string(), z.number()), tmmNodes: z.array(z.string()) })
    .optional(),
  // A value that only a later release knows must not end the drift checks: forms offer nodes without it too.
  sessions: z
    .record(z.string(), z.record(z.string(), z.enum(['down', 'unknown', 'absent', 'established'])))
    .optional()
    .catch(undefined),
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
