import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Handled } from '../../../src/domain/audit/retention.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import { type AuditRetention, type Fence, Unreadable } from '../../../src/ports/store.ts';
import {
  latestSeq,
  type RetentionDependencies,
  removeOldRecords,
  startRetention,
} from '../../../src/workflow/audit/retention.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { type FakeClock, fakeClock, settled } from '../../doubles/fake-clock.ts';
import { memoryLeases } from '../../doubles/memory-leases.ts';
import { type MemoryStore, memoryStore } from '../../doubles/memory-store.ts';

const HOUR_MS = 3_600_000;
const KEEP_TEN = { keepRecords: 10 };

let clock: FakeClock;
let store: MemoryStore;
let bot: RetentionDependencies;
let fence: Fence;
/** How far the group that tells the channel has handled the trail. */
let told: number;
let errors: string[];
beforeEach(async () => {
  clock = fakeClock();
  const leases = memoryLeases(clock);
  store = memoryStore(leases);
  told = Number.POSITIVE_INFINITY;
  const trail: AuditRetention = {
    handled: async (): Promise<readonly Handled[]> => [
      { group: 'signer', through: 1_000 },
      { group: 'channel', through: told },
    ],
    removeThrough: async (seq) => store.removeThrough(seq),
  };
  bot = { leases, store, clock, trail };
  errors = [];
  await append(130);
  const lease = await leases.acquire('the test', 'the test');
  if (lease === undefined) throw new Error('the lease was not free');
  fence = lease.fence;
});

async function append(count: number, change?: string): Promise<void> {
  for (let at = 0; at < count; at += 1)
    await store.append({
      record: { atMs: at, event: 'bot.started', actor: 'bot', ...(change === undefined ? {} : { change }) },
    });
}

const start = () => startRetention(KEEP_TEN, bot, (error) => errors.push(String(error)));
const checkpoints = () => store.trail.filter(({ event }) => event === 'audit.checkpoint');
const remove = () => removeOldRecords(KEEP_TEN, fence, bot);

describe('the checkpoint that closes what goes', () => {
  test('says what goes, and is written once though it is not told for long', async () => {
    const hash = store.trail[119]?.hash;
    told = 130;
    for (let rounds = 0; rounds < 3; rounds += 1)
      expect(await remove()).toEqual({ kind: 'checkpoint', group: 'channel', seq: 131 });
    expect(checkpoints()).toMatchObject([
      { seq: 131, data: { through: 120, hash, removed: 120, oldest: new Date(0).toISOString() } },
    ]);
    expect(store.trail).toHaveLength(131);
    told = 131;
    expect(await remove()).toBeUndefined();
    expect(store.trail[0]?.seq).toBe(121);
    expect(checkpoints()).toHaveLength(1);
  });

  test('is removed what it names of once it is told, though nothing more became old meanwhile', async () => {
    const retention = { keepForMs: clock.now() - 120 };
    told = 130;
    expect(await removeOldRecords(retention, fence, bot)).toMatchObject({ kind: 'checkpoint', seq: 131 });
    told = 131;
    expect(await removeOldRecords(retention, fence, bot)).toBeUndefined();
    expect(store.trail[0]?.seq).toBe(121);
  });

  test('is found behind what was written since, and is not taken for another record with a number', async () => {
    told = 130;
    await remove();
    await append(3);
    const seq = await store.append({
      record: { atMs: 1, event: 'audit.restore_accepted', actor: 'bot', data: { after: 1, through: 999 } },
    });
    expect(seq).toMatchObject({ kind: 'appended' });
    expect(await remove()).toEqual({ kind: 'checkpoint', group: 'channel', seq: 131 });
    expect(checkpoints()).toHaveLength(1);
  });

  test('is followed by another one once there is more to remove than it names', async () => {
    await remove();
    await append(200);
    expect(await remove()).toBeUndefined();
    expect(checkpoints().map(({ data }) => data.through)).toEqual([321]);
    expect(store.trail[0]?.seq).toBe(322);
  });

  test('is not removed more of than the settings of today allow', async () => {
    told = 130;
    await remove();
    told = 131;
    expect(await removeOldRecords({ keepRecords: 20 }, fence, bot)).toBeUndefined();
    expect(store.trail).toHaveLength(131);
  });

  test('is not written without the lease', async () => {
    const lost = { ...fence, token: fence.token + 1 };
    expect(await removeOldRecords(KEEP_TEN, lost, bot)).toBeUndefined();
    expect(store.trail).toHaveLength(130);
  });
});

describe('why records stay', () => {
  test('is said once while it is the same, and again when it comes back', async () => {
    told = 50;
    const job = start();
    await settled();
    const why =
      'records are kept from #51 on: the consumer group channel has not handled it; remove the group if no consumer reads it any more (docs/keeping-the-trail.md)';
    expect(errors).toEqual([why]);
    await clock.advance(2 * HOUR_MS);
    expect(errors).toEqual([why]);
    told = Number.POSITIVE_INFINITY;
    await clock.advance(HOUR_MS);
    told = 140;
    await append(150);
    await clock.advance(HOUR_MS);
    expect(errors).toHaveLength(2);
    await job.stop();
  });

  test('is a change that has not ended', async () => {
    await append(1, 'BGP-7');
    await append(150);
    bot = { ...bot, store: { ...store, change: async (id) => ({ ...aChange(id), state: 'halted' }) } };
    const job = start();
    await settled();
    expect(errors).toEqual(['records are kept from the first one of BGP-7 on, which has not ended']);
    expect(store.trail[0]?.seq).toBe(131);
    await job.stop();
  });

  test('is not said of a checkpoint that is told within seconds, which is looked at sooner than in an hour', async () => {
    told = 130;
    const job = start();
    await clock.advance(1_000);
    told = 131;
    await clock.advance(10_000);
    expect(store.trail[0]?.seq).toBe(121);
    expect(errors).toEqual([]);
    await job.stop();
  });

  test('of hours in which nothing was in the way a checkpoint does not wait the longer', async () => {
    told = Number.MAX_SAFE_INTEGER;
    const job = start();
    await clock.advance(10 * HOUR_MS);
    const first = store.trail[0]?.seq ?? 0;
    await append(150);
    told = store.trail.at(-1)?.seq ?? 0;
    await clock.advance(HOUR_MS + 1_000);
    expect(store.trail[0]?.seq).toBe(first);
    told += 1;
    await clock.advance(10_000);
    expect(store.trail[0]?.seq).toBeGreaterThan(first);
    await job.stop();
  });

  test('is a checkpoint that nobody tells for an hour', async () => {
    told = 130;
    const job = start();
    await clock.advance(HOUR_MS);
    expect(errors).toEqual([]);
    await clock.advance(2 * HOUR_MS);
    expect(errors).toEqual([
      'records are kept until the checkpoint in #131 is published: the consumer group channel has not handled it',
    ]);
    await job.stop();
  });
});

describe('a change whose records are old', () => {
  const removedWith = async (change: () => Promise<Change | undefined>): Promise<number | undefined> => {
    await append(1, 'BGP-7');
    await append(150);
    bot = { ...bot, store: { ...store, change } };
    await remove();
    return store.trail[0]?.seq;
  };
  const broken = { by: { userId: 'U01ALICE', teamId: 'T01RACK' }, reason: 'r1 is dead', atMs: 1 };

  test.each<[string, () => Promise<Change | undefined>, number]>([
    ['that nobody knows any more goes', async () => undefined, 272],
    ['that has ended goes', async () => ({ ...aChange('BGP-7'), state: 'succeeded' }), 272],
    ['that runs stays', async () => ({ ...aChange('BGP-7'), state: 'running' }), 131],
    [
      'for which somebody used break-glass stays until it was reviewed',
      async () => ({ ...aChange('BGP-7'), state: 'succeeded', breakGlassUse: broken }),
      131,
    ],
    [
      'that cannot be read and has ended goes',
      () => Promise.reject(new Unreadable('BGP-7', 'moonstruck', true)),
      272,
    ],
    [
      'that a later release may go on with stays',
      () => Promise.reject(new Unreadable('BGP-7', 'moonstruck', false)),
      131,
    ],
  ])('%s', async (_, change, first) => {
    expect(await removedWith(change)).toBe(first);
  });

  test('that the store does not give is no reason to guess', async () => {
    await expect(removedWith(() => Promise.reject(new Error('Redis is away')))).rejects.toThrow('away');
  });

  test('is asked for once, however many records it has', async () => {
    await append(20, 'BGP-7');
    await append(20);
    const asked: string[] = [];
    const change = async (id: string) => {
      asked.push(id);
      return undefined;
    };
    bot = { ...bot, store: { ...store, change } };
    await remove();
    expect(asked).toEqual(['BGP-7']);
  });
});

test('the head of a trail is its newest record, and 0 where there is none', async () => {
  expect(await latestSeq(store)).toBe(130);
  expect(await latestSeq(memoryStore(memoryLeases(clock)))).toBe(0);
});
