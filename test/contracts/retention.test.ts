import { expect } from '@jest/globals';
import { redisAuditRetention } from '../../src/adapters/redis/audit-retention.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisLeases } from '../../src/adapters/redis/leases.ts';
import { redisRecordStream } from '../../src/adapters/redis/record-stream.ts';
import { redisCardLocations } from '../../src/adapters/redis/shared-state.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { startRetention } from '../../src/workflow/audit/retention.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { aChange } from './a-stored-change.ts';
import { holdOnBothRedis, onBothRedis, type RedisUnderTest } from './on-redis.ts';
import { type OldTrail, openOldTrail, retentionContract } from './retention.contract.ts';
import { realTime } from './time.ts';

const KEEP_TEN = { keepRecords: 10 };

async function open(redis: RedisUnderTest, name: string): Promise<OldTrail> {
  const keys = redisKeys(name);
  const { prompt, openPatient } = await redis.connect();
  return {
    time: realTime,
    store: redisStore(prompt, keys),
    leases: redisLeases(prompt, keys),
    stream: redisRecordStream(openPatient, prompt, keys, () => undefined),
    createGroup: async (group) => void (await prompt.xgroup('CREATE', keys.records, group, '0')),
    retention: (expected) => redisAuditRetention(prompt, keys, expected),
  };
}

holdOnBothRedis('retention', retentionContract, (redis) => ({
  open: (name) => open(redis, `retention-${name}`),
}));

onBothRedis('rounds of retention', (run, redis) => {
  run('two replicas at once do no harm, and the rounds go on by themselves', async () => {
    const { keeper, trail, append } = await openOldTrail(await open(redis, 'retention-rounds'), 125);
    const errors: unknown[] = [];
    const keepings = [1, 2].map(() =>
      startRetention(KEEP_TEN, keeper, (trouble) => errors.push(trouble), 50),
    );
    await eventually(async () => expect((await trail())[0]?.seq).toBeGreaterThanOrEqual(116));
    await append(130);
    await eventually(async () => expect((await trail())[0]?.seq).toBeGreaterThanOrEqual(216));
    await Promise.all(keepings.map((keeping) => keeping.stop()));
    expect(errors).toEqual([]);
    const records = await trail();
    const [first] = records;
    const closing = records.findLast(({ event }) => event === 'audit.checkpoint');
    expect(closing?.data).toMatchObject({ through: (first?.seq ?? 0) - 1, hash: first?.prev });
  });

  run('without a setting everything is kept', async () => {
    const { keeper, trail } = await openOldTrail(await open(redis, 'retention-none'), 25);
    const keeping = startRetention({}, keeper, () => undefined, 10);
    // A round that has begun is waited for.
    await keeping.stop();
    expect(await trail()).toHaveLength(25);
  });
});

onBothRedis('what is kept besides the trail', (run, redis) => {
  // In this process it takes ten times as long for each, and counts no otherwise.
  const changes = redis.kind === 'redis-server' ? 1_000 : 150;
  run(`is no more after ${changes} changes than before, once their records are removed`, async () => {
    const keys = redisKeys('retention-keys');
    const { prompt } = await redis.connect();
    const old = await openOldTrail(await open(redis, 'retention-keys'), 20);
    const locations = redisCardLocations(prompt, keys);
    const keysNow = async (): Promise<readonly string[]> => (await prompt.keys(`${keys.prefix}:*`)).sort();
    const once = async (): Promise<void> => {
      const change = aChange(await old.store.newChangeId());
      const draft = { atMs: 1, actor: 'bot' as const, change: change.id };
      await old.store.append({
        record: { ...draft, event: 'change.proposed' },
        change: { next: change, expectedVersion: 0 },
        hold: { scope: 'pods', kind: 'take' },
      });
      await old.store.append({
        record: { ...draft, event: 'change.succeeded' },
        change: { next: { ...change, version: 2, state: 'succeeded' }, expectedVersion: 1 },
        hold: { scope: 'pods', kind: 'leave' },
      });
      await locations.keep(change.id, { channel: 'C1', ts: `${change.id}.0` });
    };
    await once();
    await old.append(120);
    await old.remove();
    const before = await keysNow();
    for (let count = 0; count < changes; count += 1) await once();
    // A release before this one did not note the newest record of a change.
    await prompt.hdel(keys.change('BGP-7'), 'seq');
    expect((await keysNow()).length).toBeGreaterThan(2 * changes);
    await old.append(20);
    await old.remove();
    expect(await keysNow()).toEqual(before);
    expect(await prompt.exists(keys.recent)).toBe(0);
    expect((await old.trail()).length).toBeLessThan(20);
  });

  run('no consumer stays in its group after an orderly stop', async () => {
    const keys = redisKeys('retention-consumers');
    const { prompt } = await redis.connect();
    const { stream, append } = await openOldTrail(await open(redis, 'retention-consumers'), 5);
    const consumers = async (): Promise<number> => {
      const reply: unknown = await prompt.xinfo('CONSUMERS', keys.records, 'cards');
      return Array.isArray(reply) ? reply.length : -1;
    };
    for (let start = 0; start < 6; start += 1) {
      const seen: number[] = [];
      const following = stream.follow('cards', async ({ seq }) => void seen.push(seq));
      await append(1);
      await eventually(() => expect(seen.length).toBeGreaterThan(0));
      await following.stop();
    }
    expect(await consumers()).toBe(0);
  });
});
