import { expect } from '@jest/globals';
import { redisAuditRetention } from '../../src/adapters/redis/audit-retention.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisLeases } from '../../src/adapters/redis/leases.ts';
import { redisRecordStream } from '../../src/adapters/redis/record-stream.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { startRetention } from '../../src/workflow/audit/retention.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
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
