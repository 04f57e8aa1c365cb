import { type SandboxRedis, startRedis } from '../../sandbox/src/redis.ts';
import { connectRedis, type RedisConnections } from '../../src/adapters/redis/connect.ts';

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
