import { expect } from '@jest/globals';
import { systemClock } from '../../src/adapters/process.ts';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { AuditRetention, Leases, RecordStream, Store } from '../../src/ports/store.ts';
import { type RetentionDependencies, removeOldRecords } from '../../src/workflow/audit/retention.ts';
import { aChange } from './a-stored-change.ts';
import type { TimeUnderTest } from './time.ts';
import type { Contract } from './under-test.ts';

/** Trails by name, each with all that follows it. */
export interface OldTrailsUnderTest {
  open(name: string): Promise<OldTrail>;
}

export interface OldTrail {
  readonly time: TimeUnderTest;
  readonly store: Store;
  readonly leases: Leases;
  readonly stream: RecordStream;
  /** Makes a group that nobody is a member of yet. */
  createGroup(group: string): Promise<void>;
  retention(expected: readonly string[]): AuditRetention;
}

const KEEP_TEN = { keepRecords: 10 };

/** A trail of its own with so many records, and who removes the old ones. */
export async function openOldTrail(opened: OldTrail, count: number) {
  const { store, leases } = opened;
  const keeper: RetentionDependencies = {
    store,
    leases,
    clock: { ...systemClock, now: () => 5_000 },
    trail: opened.retention([]),
  };
  const append = async (more: number, change?: string): Promise<void> => {
    for (let index = 0; index < more; index += 1) {
      const record = { atMs: index, event: 'bot.started' as const, actor: 'bot' as const, data: { index } };
      await store.append({ record: change === undefined ? record : { ...record, change } });
    }
  };
  await append(count);
  const remove = async (by: RetentionDependencies = keeper) => {
    const lease = await leases.acquire('audit retention', 'test');
    if (lease === undefined) throw new Error('the lease was not free');
    try {
      return await removeOldRecords(KEEP_TEN, lease.fence, by);
    } finally {
      await lease.release();
    }
  };
  const trail = async (): Promise<AuditRecord[]> => {
    const records: AuditRecord[] = [];
    for await (const record of store.records(1)) records.push(record);
    return records;
  };
  return { ...opened, keeper, append, remove, trail };
}

export const retentionContract: Contract<OldTrailsUnderTest> = (run, the) => {
  run('closes what it removes with a checkpoint, from which the rest can be verified', async () => {
    const { remove, trail } = await openOldTrail(await the().open('plain'), 125);
    const before = await trail();
    await remove();
    const after = await trail();
    const [gone, kept] = [before.slice(0, 115), before.slice(115)];
    expect(after.slice(0, 10)).toEqual(kept);
    expect(after).toHaveLength(11);
    expect(after.at(-1)).toMatchObject({
      event: 'audit.checkpoint',
      actor: 'bot',
      prev: kept.at(-1)?.hash,
      data: { through: 115, hash: gone.at(-1)?.hash, removed: 115, oldest: gone[0]?.at },
    });
    expect(after[0]?.prev).toBe(gone.at(-1)?.hash);
  });

  run('removes nothing where there is nothing to remove, and appends nothing either', async () => {
    const { remove, trail } = await openOldTrail(await the().open('idle'), 10);
    await remove();
    expect(await trail()).toHaveLength(10);
  });

  run('never removes a record that a group has not handled, or that nobody of it was given yet', async () => {
    const old = await openOldTrail(await the().open('groups'), 250);
    const { remove, trail, stream, append, keeper, time } = old;
    const first = async (): Promise<number | undefined> => (await trail())[0]?.seq;
    await old.createGroup('late');
    expect(await keeper.trail.handled()).toEqual([{ group: 'late', through: 0 }]);
    expect(await remove()).toEqual({ kind: 'group', group: 'late', seq: 1 });
    expect(await first()).toBe(1);

    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const following = stream.follow('late', ({ seq }) => (seq === 108 ? held : Promise.resolve()), {
      atOnce: 500,
    });
    await time.until(async () =>
      expect(await keeper.trail.handled()).toEqual([{ group: 'late', through: 107 }]),
    );
    // A checkpoint closes what it has handled; that is removed once it has handled the checkpoint as well.
    expect(await remove()).toEqual({ kind: 'checkpoint', group: 'late', seq: 251 });
    expect(await first()).toBe(1);
    release();
    await time.until(async () =>
      expect(await keeper.trail.handled()).toEqual([{ group: 'late', through: 251 }]),
    );
    await remove();
    expect(await first()).toBe(108);
    await append(5);
    await time.until(async () => {
      await remove();
      expect(await first()).toBe(247);
    });
    await append(200);
    await time.until(async () => expect((await keeper.trail.handled())[0]?.through).toBeGreaterThan(450));
    await following.stop();
    // A group that is expected and that nobody has made yet has handled nothing.
    const expecting = { ...keeper, trail: old.retention(['late', 'new']) };
    expect(await remove(expecting)).toEqual({ kind: 'group', group: 'new', seq: 247 });
    expect(await first()).toBe(247);
  });

  run('never removes a record of a change that is not at its end', async () => {
    const { remove, trail, append, store } = await openOldTrail(await the().open('open'), 105);
    const change = { ...aChange(await store.newChangeId()), state: 'halted' as const };
    await write(store, change, 0);
    await append(120, change.id);
    await append(20);
    expect(await remove()).toEqual({ kind: 'change', change: change.id, seq: 106 });
    expect((await trail())[0]?.seq).toBe(106);
    await write(store, { ...change, version: 2, state: 'succeeded' as const }, 1);
    expect(await remove()).toBeUndefined();
    expect(await trail()).toHaveLength(11);
  });

  run('a change goes with its last record, and not before', async () => {
    const { remove, append, store } = await openOldTrail(await the().open('changes'), 5);
    const [gone, kept] = [aChange(await store.newChangeId()), aChange(await store.newChangeId())];
    for (const change of [gone, kept]) {
      await write(store, change, 0);
      await write(store, { ...change, version: 2, state: 'succeeded' as const }, 1);
    }
    await append(120);
    await write(store, { ...kept, version: 3, state: 'rolled_back' as const }, 2);
    await append(5);
    await remove();
    expect(await store.change(gone.id)).toBeUndefined();
    expect(await store.changeIds()).toEqual([kept.id]);
    expect((await store.change(kept.id))?.state).toBe('rolled_back');
    await append(120);
    await remove();
    expect(await store.changeIds()).toEqual([]);
  });

  run('a crash between checkpoint and cut is mended by the next round with no other checkpoint', async () => {
    const { remove, trail, keeper, append } = await openOldTrail(await the().open('crash'), 125);
    const crashing: RetentionDependencies = {
      ...keeper,
      trail: { ...keeper.trail, removeThrough: () => Promise.reject(new Error('killed')) },
    };
    await expect(remove(crashing)).rejects.toThrow('killed');
    expect(await trail()).toHaveLength(126);
    await append(103);
    await remove();
    const mended = await trail();
    expect(mended[0]?.seq).toBe(116);
    expect(mended.filter(({ event }) => event === 'audit.checkpoint')).toHaveLength(1);
    await remove();
    const [first, ...rest] = await trail();
    expect(rest.at(-1)).toMatchObject({
      data: { through: (first?.seq ?? 0) - 1, hash: first?.prev, removed: 104 },
    });
  });

  run('lesson 58: nothing goes where the checkpoint that closes it is not there any more', async () => {
    const { trail, keeper, append, store } = await openOldTrail(await the().open('unclosed'), 5);
    const change = aChange(await store.newChangeId());
    await write(store, change, 0);
    await write(store, { ...change, version: 2, state: 'succeeded' as const }, 1);
    await append(10);
    const before = await trail();
    const newest = before.at(-1);
    if (newest === undefined) throw new Error('the trail is empty');
    // As in a store that was put back after its checkpoint was told: it ends before that, or has something else there.
    for (const gone of [
      { seq: newest.seq + 20, hash: newest.hash },
      { seq: newest.seq, hash: 'f'.repeat(64) },
    ])
      await keeper.trail.removeThrough(8, gone);
    expect(await trail()).toEqual(before);
    expect(await store.change(change.id)).toBeDefined();
    await keeper.trail.removeThrough(8, newest);
    expect((await trail())[0]?.seq).toBe(9);
    expect(await store.change(change.id)).toBeUndefined();
  });
};

function write(store: Store, next: Change, expectedVersion: number) {
  const event = expectedVersion === 0 ? ('change.proposed' as const) : ('change.succeeded' as const);
  const record = { atMs: 1, event, actor: 'bot' as const, change: next.id };
  return store.append({ record, change: { next, expectedVersion } });
}
