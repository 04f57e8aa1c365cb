import { z } from 'zod';
import type { RecordDraft } from '../../domain/audit/record.ts';
import type { Refusals, RequestLimiter } from '../../ports/request-limiter.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';

/** How long a person over the limit is ignored. */
const PAUSE_MS = 30_000;
/** Part of a token returned for each accepted request. */
const REFUND = 0.8;
const KEPT_FOR_MS = 10 * 60_000;
const limitSchema = z.tuple([z.coerce.number(), z.coerce.number()]);

/** A token bucket per person, with `perMinute` as its size and refill per minute; 0: no limit. By Redis's own clock. */
export function redisRequestLimiter(redis: Redis, keys: Keys, perMinute: number): RequestLimiter {
  return {
    async consume({ teamId, userId }, kind) {
      if (perMinute === 0) return { kind: 'allowed' };
      const key = keys.rateLimit(`${kind}:${teamId}:${userId}`);
      const reply = await redis.eval(
        CONSUME,
        1,
        key,
        String(perMinute),
        String(PAUSE_MS),
        String(KEPT_FOR_MS),
      );
      const [retryAfterMs, first] = limitSchema.parse(reply);
      return retryAfterMs === 0 ? { kind: 'allowed' } : { kind: 'limited', retryAfterMs, first: first === 1 };
    },
    async refund({ teamId, userId }, kind) {
      if (perMinute === 0) return;
      await redis.hincrbyfloat(keys.rateLimit(`${kind}:${teamId}:${userId}`), 'tokens', REFUND);
    },
  };
}

const NOW = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
`;

/**
 * ARGV: requests per minute, pause and time to live in ms. Returns {0, 0}, or {ms to wait, whether this is the first refusal of
 * the pause}.
 */
const CONSUME = `${NOW}
local most = tonumber(ARGV[1])
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'until')
local paused = tonumber(held[3] or '0') - now
if paused > 0 then return {paused, 0} end
local tokens = most
if held[1] then tokens = math.min(most, tonumber(held[1]) + (now - tonumber(held[2])) * most / 60000) end
local answer = {0, 0}
if tokens < 1 then
  redis.call('HSET', KEYS[1], 'until', tostring(now + tonumber(ARGV[2])))
  answer = {tonumber(ARGV[2]), 1}
else
  redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', tostring(now))
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return answer
`;

const WINDOW_MS = 60_000;
/** A sum that is not settled within this time is given to another replica. */
const CLAIMED_FOR_MS = 30_000;
const sumSchema = z.object({ count: z.number(), own: z.coerce.number(), draft: z.string() });

/** Without a limit on requests, every refusal gets its own record. */
export function redisRefusals(redis: Redis, keys: Keys, perMinute: number, windowMs = WINDOW_MS): Refusals {
  const { refusals, refusalsDue, refusalSums } = keys;
  return {
    async note(kind, draft, ownRecords) {
      if (perMinute === 0) return 'record';
      const words = [kind, JSON.stringify(draft), String(ownRecords), String(windowMs)];
      const count = Number(await redis.eval(NOTE, 2, refusals, refusalsDue, ...words));
      return count <= ownRecords ? 'record' : 'gathered';
    },
    async dueSums() {
      const reply = await redis.eval(CLAIM, 3, refusals, refusalsDue, refusalSums, String(CLAIMED_FOR_MS));
      return z
        .array(z.string())
        .parse(reply)
        .map((id) => {
          const { count, own, draft } = sumSchema.parse(JSON.parse(id));
          // Written as a draft by this release or an earlier one.
          const parsed: RecordDraft = JSON.parse(draft);
          return { id, draft: parsed, times: count - own };
        });
    },
    async settled({ id }) {
      await redis.zrem(refusalSums, id);
    },
  };
}

/** KEYS: counts by kind, ends of their minutes. ARGV: kind, draft, how many get their own record, window in ms. */
const NOTE = `${NOW}
local found = redis.call('HGET', KEYS[1], ARGV[1])
local sum = found and cjson.decode(found) or {count = 0, since = tostring(now)}
sum.count = sum.count + 1
sum.own = ARGV[3]
sum.draft = ARGV[2]
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(sum))
if sum.count == 1 then redis.call('ZADD', KEYS[2], tostring(now + tonumber(ARGV[4])), ARGV[1]) end
return sum.count
`;

/**
 * KEYS: the same, and sums without a record yet. Closes the minutes that are over; returns the sums that no replica has claimed.
 */
const CLAIM = `${NOW}
for _, kind in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', tostring(now), 'LIMIT', '0', '100')) do
  local found = redis.call('HGET', KEYS[1], kind)
  redis.call('HDEL', KEYS[1], kind)
  redis.call('ZREM', KEYS[2], kind)
  if found then
    local sum = cjson.decode(found)
    if sum.count > tonumber(sum.own) then redis.call('ZADD', KEYS[3], tostring(now), found) end
  end
end
local due = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', tostring(now), 'LIMIT', '0', '100')
for _, sum in ipairs(due) do redis.call('ZADD', KEYS[3], tostring(now + tonumber(ARGV[1])), sum) end
return due
`;
