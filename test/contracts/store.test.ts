import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisLeases } from '../../src/adapters/redis/leases.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { holdOnBothRedis } from './on-redis.ts';
import { storeContract } from './store.contract.ts';

holdOnBothRedis('the store', storeContract, async ({ connect }) => {
  const keys = redisKeys('contract');
  const replica = async () => {
    const { prompt } = await connect();
    return { store: redisStore(prompt, keys), leases: redisLeases(prompt, keys) };
  };
  return { one: await replica(), other: await replica() };
});
