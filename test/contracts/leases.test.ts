import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisLeases } from '../../src/adapters/redis/leases.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { onBothRedis } from './on-redis.ts';

const keys = redisKeys('leases');
const started = { atMs: 0, event: 'bot.started', actor: 'bot' } as const;

onBothRedis('leases', (run, redis) => {
  run('two never hold the same target, whoever asks how often', async () => {
    const [one, other] = await Promise.all([redis.connect(), redis.connect()]);
    const asked = [one, other, one, other].map(({ prompt }, at) =>
      redisLeases(prompt, keys).acquire('rack', `w${at}`),
    );
    const held = (await Promise.all(asked)).filter((lease) => lease !== undefined);
    expect(held.length).toBe(1);
    await held[0]?.release();
  });

  run('a released target is free at once, and its next fence is higher', async () => {
    const { prompt } = await redis.connect();
    const leases = redisLeases(prompt, keys);
    const first = await leases.acquire('free', 'one');
    await first?.release();
    const second = await leases.acquire('free', 'two');
    expect(second?.fence.token).toBeGreaterThan(first?.fence.token ?? Number.POSITIVE_INFINITY);
    await second?.release();
  });

  run('a lease renews itself for as long as it is held', async () => {
    const { prompt } = await redis.connect();
    const leases = redisLeases(prompt, keys, { ttlMs: 300 });
    const lease = await leases.acquire('long', 'one');
    await sleep(900);
    expect(lease?.lost.aborted).toBe(false);
    expect(await leases.acquire('long', 'two')).toBeUndefined();
    await lease?.release();
  });

  run('whoever loses the lease is told, and appends nothing any more', async () => {
    const { prompt } = await redis.connect();
    const store = redisStore(prompt, keys);
    const lease = await redisLeases(prompt, keys, { ttlMs: 2_000 }).acquire('taken', 'one');
    if (lease === undefined) throw new Error('the target was not free');
    expect(await store.append({ record: started, fence: lease.fence })).toMatchObject({ kind: 'appended' });
    await prompt.set(keys.lease('taken'), 'another', 'PX', 60_000);
    await eventually(() => expect(lease.lost.aborted).toBe(true));
    expect(await store.append({ record: started, fence: lease.fence })).toEqual({ kind: 'fence_lost' });
    await lease.release();
    expect(await prompt.get(keys.lease('taken'))).toBe('another');
  });

  run('the lease of one that died is free after its time', async () => {
    const dead = await redis.connect();
    await redisLeases(dead.prompt, keys, { ttlMs: 400 }).acquire('orphan', 'dead');
    dead.prompt.disconnect();
    const { prompt } = await redis.connect();
    const heir = await eventually(async () => {
      const lease = await redisLeases(prompt, keys).acquire('orphan', 'heir');
      expect(lease).toBeDefined();
      return lease;
    });
    await heir?.release();
  });
});
