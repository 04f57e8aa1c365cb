import type { Redis } from './connect.ts';

/** Why this Redis cannot be used, and what an operator should know about it. */
export interface RedisCheck {
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

/** Reads Redis's settings. A managed Redis may hide them; then it only warns. */
export async function checkRedis(redis: Redis): Promise<RedisCheck> {
  const policy = await setting(redis, 'maxmemory-policy');
  const appendOnly = await setting(redis, 'appendonly');
  const refusals =
    policy === undefined || policy === 'noeviction'
      ? []
      : [
          `Redis has maxmemory-policy ${policy}: it may delete changes and audit records. Set maxmemory-policy to noeviction.`,
        ];
  const warnings = [
    ...(policy === undefined ? ['Redis does not show its maxmemory-policy; it has to be noeviction.'] : []),
    ...(appendOnly === 'no'
      ? [
          'Redis has appendonly no: after a crash the latest changes and records may be lost. Set appendonly to yes.',
        ]
      : []),
  ];
  return { refusals, warnings };
}

async function setting(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const reply: unknown = await redis.config('GET', name);
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined;
  } catch {
    // CONFIG is forbidden on many managed servers.
    return undefined;
  }
}
