import { expect } from '@jest/globals';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisLeases } from '../../src/adapters/redis/leases.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { leasesContract } from './leases.contract.ts';
import { holdOnBothRedis, onBothRedis } from './on-redis.ts';
import { realTime } from './time.ts';

/** A busy machine may stop a process for two seconds, which must not cost it the lease. */
const TTL_MS = 3_000;

holdOnBothRedis('leases', leasesContract, async ({ connect }) => {
  const keys = redisKeys('leases');
  const { prompt } = await connect();
  return {
    time: realTime,
    ttlMs: TTL_MS,
    store: redisStore(prompt, keys),
    async connect() {
      const replica = await connect();
      return {
        leases: redisLeases(replica.prompt, keys, { ttlMs: TTL_MS }),
        cutOff: () => replica.prompt.disconnect(),
      };
    },
    async seize(target) {
      await prompt.set(keys.lease(target), 'another', 'PX', 60_000);
    },
  };
});

onBothRedis('lesson 56: a lease that a backup brought back', (run, { connect }) => {
  run('without its end is free: nobody renews it', async () => {
    const keys = redisKeys('restored-leases');
    const { prompt } = await connect();
    await prompt.set(keys.lease('rack'), '7 somebody');
    const lease = await redisLeases(prompt, keys).acquire('rack', 'one');
    expect(lease?.held()).toBe(true);
    expect(await redisLeases(prompt, keys).acquire('rack', 'other')).toBeUndefined();
    await lease?.release();
  });
});
