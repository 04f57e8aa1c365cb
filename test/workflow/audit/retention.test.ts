import { beforeEach, expect, test } from '@jest/globals';
import { type RetentionDependencies, startRetention } from '../../../src/workflow/audit/retention.ts';
import { type FakeClock, fakeClock, settled } from '../../doubles/fake-clock.ts';
import { type MemoryLeases, memoryLeases } from '../../doubles/memory-leases.ts';
import { memoryRecordStream } from '../../doubles/memory-record-stream.ts';
import { type MemoryStore, memoryStore } from '../../doubles/memory-store.ts';

const HOUR_MS = 3_600_000;
const KEEP_TEN = { keepRecords: 10 };

let clock: FakeClock;
let leases: MemoryLeases;
let store: MemoryStore;
let bot: RetentionDependencies;
let errors: string[];
beforeEach(async () => {
  clock = fakeClock();
  leases = memoryLeases(clock);
  store = memoryStore(leases);
  bot = { leases, store, clock, trail: memoryRecordStream(store, clock).retention() };
  errors = [];
  await append(130);
});

async function append(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1)
    await store.append({ record: { atMs: at, event: 'bot.started', actor: 'bot' } });
}

const start = (retention = KEEP_TEN as Parameters<typeof startRetention>[0]) =>
  startRetention(retention, bot, (error, what) => errors.push(`${what}: ${String(error)}`));
const events = (): readonly string[] => store.trail.map(({ event }) => event);

test('old records go at the start and every hour, closed by a checkpoint, and the lease is given back each time', async () => {
  const job = start();
  await job.stop();
  expect(store.trail[0]?.seq).toBe(121);
  expect(events().at(-1)).toBe('audit.checkpoint');
  const again = start();
  await append(200);
  await clock.advance(HOUR_MS - 1);
  expect(store.trail[0]?.seq).toBe(121);
  await clock.advance(1);
  expect(store.trail[0]?.seq).toBeGreaterThan(300);
  await again.stop();
  expect(await leases.acquire('audit retention', 'another')).toBeDefined();
  expect(errors).toEqual([]);
});

test('nothing goes while another replica has the lease', async () => {
  const held = await leases.acquire('audit retention', 'another replica');
  const job = start();
  await settled();
  expect(store.trail).toHaveLength(130);
  expect(errors).toEqual([]);
  await held?.release();
  await clock.advance(HOUR_MS);
  expect(store.trail[0]?.seq).toBe(121);
  await job.stop();
});

test('without a setting everything is kept', async () => {
  await start({}).stop();
  expect(store.trail).toHaveLength(130);
});

test('a round that fails is told, and the next one is tried', async () => {
  const { records } = store;
  let failing = true;
  bot = {
    ...bot,
    store: {
      ...store,
      records(from) {
        if (failing) throw new Error('Redis is away');
        return records(from);
      },
    },
  };
  const job = start();
  await settled();
  expect(errors).toEqual(['audit retention: Error: Redis is away']);
  failing = false;
  await clock.advance(HOUR_MS);
  expect(store.trail[0]?.seq).toBe(121);
  await job.stop();
});
