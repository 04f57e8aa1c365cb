import { randomUUID } from 'node:crypto';
import type { Lease, Leases } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';

const LEASE_FOR_MS = 6_000;

/**
 * Takes a free lease with the next fencing token; the value is `TOKEN NONCE HOLDER`. A lease without expiry counts as free: a
 * backup restored key by key left it, and nobody renews it.
 */
const ACQUIRE = `
if redis.call('PTTL', KEYS[1]) >= 0 then return 0 end
local token = redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
redis.call('SET', KEYS[1], token .. ' ' .. ARGV[2], 'PX', ARGV[3])
return token
`;
const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** One change at a time per set of TMM pods. The lease of a dead process is free again after `ttlMs`. */
export function redisLeases(
  redis: Redis,
  keys: Keys,
  {
    ttlMs = LEASE_FOR_MS,
    now = () => performance.now(),
  }: { readonly ttlMs?: number; readonly now?: () => number } = {},
): Leases {
  return {
    async acquire(scope, holder) {
      const key = keys.lease(scope);
      const nonce = `${randomUUID()} ${holder}`;
      const requestedAtMs = now();
      const token = Number(await redis.eval(ACQUIRE, 2, key, keys.fences, scope, nonce, String(ttlMs)));
      if (token === 0) return undefined;
      return keepRenewed(
        redis,
        key,
        { scope, token, owner: nonce },
        `${token} ${nonce}`,
        requestedAtMs,
        ttlMs,
        now,
      );
    },
  };
}

function keepRenewed(
  redis: Redis,
  key: string,
  fence: Lease['fence'],
  value: string,
  requestedAtMs: number,
  ttlMs: number,
  now: () => number,
): Lease {
  const lost = new AbortController();
  let validUntilMs = requestedAtMs + ttlMs;
  const renew = async (): Promise<void> => {
    const sentAtMs = now();
    try {
      if (Number(await redis.eval(RENEW, 1, key, value, String(ttlMs))) === 1)
        validUntilMs = sentAtMs + ttlMs;
      else lost.abort(new Error(`the lease on ${fence.scope} belongs to another process`));
    } catch {
      // Redis may be back before it expires; until then the lease is still ours.
      if (now() >= validUntilMs) lost.abort(new Error(`the lease on ${fence.scope} expired`));
    }
  };
  const renewal = setInterval(() => {
    if (now() >= validUntilMs) lost.abort(new Error(`the lease on ${fence.scope} expired`));
    else void renew();
  }, ttlMs / 3);
  lost.signal.addEventListener('abort', () => clearInterval(renewal));
  return {
    fence,
    lost: lost.signal,
    held: () => !lost.signal.aborted && now() < validUntilMs,
    async release() {
      clearInterval(renewal);
      // A lease that cannot be released expires by itself.
      await redis.eval(RELEASE, 1, key, value).catch(() => undefined);
    },
  };
}
