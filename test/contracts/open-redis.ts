import { type SandboxRedis, startRedis } from '../../sandbox/src/redis.ts';
import { connectRedis, type RedisConnections } from '../../src/adapters/redis/connect.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisLeases } from '../../src/adapters/redis/leases.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import type { Replicas } from './store.contract.ts';

/** A Redis of its own, and connections that fail the test when they break. */
export async function openRedis(
  kind: SandboxRedis['kind'],
): Promise<{ redis: SandboxRedis; connect: () => Promise<RedisConnections>; close: () => Promise<void> }> {
  const redis = await startRedis(kind);
  const opened: RedisConnections[] = [];
  return {
    redis,
    connect: async () => {
      const connections = await connectRedis(redis.url, () => undefined);
      opened.push(connections);
      return connections;
    },
    close: async () => {
      await Promise.all(opened.map((connections) => connections.close()));
      await redis.stop();
    },
  };
}

export async function openReplicas(kind: SandboxRedis['kind']): Promise<Replicas> {
  const { connect, close } = await openRedis(kind);
  const keys = redisKeys('contract');
  const replica = async () => {
    const { prompt } = await connect();
    return { store: redisStore(prompt, keys), leases: redisLeases(prompt, keys) };
  };
  return { one: await replica(), other: await replica(), close };
}
