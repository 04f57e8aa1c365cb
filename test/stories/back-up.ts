import type { Redis } from '../../src/adapters/redis/connect.ts';

/** Every key as it is now; what it returns puts them back, as a backup does. */
export async function backUp(redis: Redis): Promise<() => Promise<void>> {
  const keys = await redis.keys('*');
  const dumps = await Promise.all(keys.map(async (key) => [key, await redis.dumpBuffer(key)] as const));
  return async () => {
    const restoring = redis.multi().flushall();
    for (const [key, dump] of dumps) if (dump !== null) restoring.restore(key, 0, dump, 'REPLACE');
    await restoring.exec();
  };
}
