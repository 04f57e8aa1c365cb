import { Cluster, type Redis as Server } from 'ioredis';
import type { Redis } from './connect.ts';

/** Why this Redis cannot be used, and warnings for the operator. */
export interface RedisCheck {
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

/** Checks Redis's settings, on every primary of a cluster. A managed Redis may hide them; then it only warns. */
export async function checkRedis(redis: Redis): Promise<RedisCheck> {
  const primaries = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const policies = await settings(primaries, 'maxmemory-policy');
  const wrong = policies.find((policy) => policy !== undefined && policy !== 'noeviction');
  const refusals =
    wrong === undefined
      ? []
      : [
          `Redis has maxmemory-policy ${wrong}: it may delete changes and audit records. Set maxmemory-policy to noeviction.`,
        ];
  const warnings = [
    ...(policies.includes(undefined)
      ? ['Redis does not show its maxmemory-policy; it has to be noeviction.']
      : []),
    ...((await settings(primaries, 'appendonly')).includes('no')
      ? [
          'Redis has appendonly no: after a crash the latest changes and records may be lost. Set appendonly to yes.',
        ]
      : []),
    ...(failsOver(redis) && (await settings(primaries, 'min-replicas-to-write')).includes('0')
      ? [
          'Redis has min-replicas-to-write 0: a failover may lose the latest records, and the bot then carries out nothing until an operator accepts the loss. Set min-replicas-to-write to 1 on servers with two replicas.',
        ]
      : []),
  ];
  return { refusals, warnings };
}

function failsOver(redis: Redis): boolean {
  return redis instanceof Cluster || Boolean(redis.options.sentinels);
}

function settings(servers: readonly Server[], name: string): Promise<readonly (string | undefined)[]> {
  return Promise.all(servers.map((server) => setting(server, name)));
}

async function setting(redis: Server, name: string): Promise<string | undefined> {
  try {
    const reply: unknown = await redis.config('GET', name);
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined;
  } catch {
    // Many managed servers forbid CONFIG.
    return undefined;
  }
}
