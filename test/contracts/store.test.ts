import { expect } from '@jest/globals';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisLeases } from '../../src/adapters/redis/leases.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { aChange } from './a-stored-change.ts';
import { holdOnBothRedis, onBothRedis } from './on-redis.ts';
import { storeContract } from './store.contract.ts';

holdOnBothRedis('the store', storeContract, async ({ connect }) => {
  const keys = redisKeys('contract');
  const replica = async () => {
    const { prompt } = await connect();
    return { store: redisStore(prompt, keys), leases: redisLeases(prompt, keys) };
  };
  return { one: await replica(), other: await replica() };
});

const ALICE = { userId: 'U01ALICE', teamId: 'T01RACK' };

onBothRedis('lesson 62: state and record are written together or not at all', (run, { connect }) => {
  const keys = redisKeys('torn');
  const id = 'BGP-7';
  const written = {
    head: keys.head,
    records: keys.records,
    'the change': keys.change(id),
    recent: keys.recent,
    freezes: keys.freezes,
    holders: keys.holders,
  };

  for (const [what, key] of Object.entries(written))
    run(`where ${what} cannot be written, nothing is`, async () => {
      const { prompt: redis } = await connect();
      const store = redisStore(redis, keys);
      await redis.del(...Object.values(written));
      await redis.set(key, 'something else');
      const append = store.append({
        record: { atMs: 0, event: 'change.proposed', actor: ALICE, change: id },
        change: { next: aChange(id), expectedVersion: 0 },
        freeze: {
          target: 'rack',
          next: { by: ALICE, atMs: 0, reason: 'routers are moved' },
        },
        hold: { scope: 'pods', kind: 'take' },
      });
      await expect(append).rejects.toThrow();
      const left = await Promise.all(Object.values(written).map((one) => redis.exists(one)));
      expect(left.reduce((sum, one) => sum + one, 0)).toBe(1);
    });

  run('where the stream is ahead of its head, nothing is written', async () => {
    const { prompt: redis } = await connect();
    const store = redisStore(redis, keys);
    await redis.del(...Object.values(written));
    await redis.xadd(keys.records, '5-0', 'record', '{}');
    const append = store.append({
      record: { atMs: 0, event: 'change.proposed', actor: ALICE, change: id },
      change: { next: aChange(id), expectedVersion: 0 },
    });
    await expect(append).rejects.toThrow();
    expect(await redis.exists(keys.change(id), keys.head, keys.recent)).toBe(0);
  });
});
