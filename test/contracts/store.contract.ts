import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GENESIS, hashOf, type RecordDraft } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { Leases, Store } from '../../src/ports/store.ts';
import { aChange } from './a-stored-change.ts';

const alice = { userId: 'U01ALICE', teamId: 'T01RACK' };

/** What a contract is held against: two replicas on one store. */
export interface Replicas {
  readonly one: { readonly store: Store; readonly leases: Leases };
  readonly other: { readonly store: Store; readonly leases: Leases };
  close(): Promise<void>;
}

/** What every store keeps, whatever it is made of. `run` lists the promises as skipped where there is nothing to run on. */
export function describeStore(
  name: string,
  run: typeof test | typeof test.skip,
  open: () => Promise<Replicas>,
): void {
  describe(name, () => {
    let replicas: Replicas;
    const here = run === test;
    beforeAll(async () => {
      if (here) replicas = await open();
    });
    afterAll(async () => {
      if (here) await replicas.close();
    });

    run('an id is never given twice', async () => {
      const ids = await Promise.all(
        [replicas.one, replicas.other].flatMap(({ store }) =>
          Array.from({ length: 20 }, () => store.newChangeId()),
        ),
      );
      expect(new Set(ids).size).toBe(40);
      expect(ids[0]).toMatch(/^BGP-\d+$/);
    });

    run('a change comes back as it was written', async () => {
      const change = aChange(await replicas.one.store.newChangeId());
      await write(replicas.one.store, change, 0);
      expect(await replicas.other.store.change(change.id)).toEqual(change);
      expect(await replicas.other.store.change('BGP-0')).toBeUndefined();
    });

    run('of two appends to the same version one wins, in any replica', async () => {
      const change = aChange(await replicas.one.store.newChangeId());
      await write(replicas.one.store, change, 0);
      const next = { ...change, version: 2 };
      const outcomes = await Promise.all(
        [replicas.one, replicas.other, replicas.one].map(({ store }) => write(store, next, 1)),
      );
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual([
        'appended',
        'version_conflict',
        'version_conflict',
      ]);
    });

    run('a lost lease appends nothing', async () => {
      const { store, leases } = replicas.one;
      const lease = await leases.acquire('fenced', 'one');
      if (lease === undefined) throw new Error('the lease was not free');
      expect((await store.append({ record: draft(), fence: lease.fence })).kind).toBe('appended');
      await lease.release();
      const successor = await replicas.other.leases.acquire('fenced', 'other');
      expect(successor?.fence.token).toBeGreaterThan(lease.fence.token);
      expect((await store.append({ record: draft(), fence: lease.fence })).kind).toBe('fence_lost');
      await successor?.release();
      expect((await store.append({ record: draft(), fence: lease.fence })).kind).toBe('fence_lost');
    });

    run('one lease per target, and each target its own', async () => {
      const first = await replicas.one.leases.acquire('rack', 'one');
      expect(await replicas.other.leases.acquire('rack', 'other')).toBeUndefined();
      const elsewhere = await replicas.other.leases.acquire('other-rack', 'other');
      expect(elsewhere).toBeDefined();
      await Promise.all([first?.release(), elsewhere?.release()]);
    });

    run('appends of two replicas at once make one whole chain', async () => {
      const appends = Array.from({ length: 60 }, (_, at) =>
        (at % 2 === 0 ? replicas.one : replicas.other).store.append({ record: draft(`n${at}`) }),
      );
      await Promise.all(appends);
      let prev = GENESIS;
      let seq = 0;
      for await (const record of replicas.one.store.records(1)) {
        seq += 1;
        expect(record.seq).toBe(seq);
        expect(record.prev).toBe(prev);
        expect(record.hash).toBe(hashOf(record));
        prev = record.hash;
      }
      expect(seq).toBeGreaterThanOrEqual(60);
    });

    run('the newest changes come first', async () => {
      const older = { ...aChange(await replicas.one.store.newChangeId()), createdAtMs: 9_000_000 };
      const newer = { ...aChange(await replicas.one.store.newChangeId()), createdAtMs: 9_000_001 };
      await write(replicas.one.store, newer, 0);
      await write(replicas.one.store, older, 0);
      expect((await replicas.other.store.recentChanges(2)).map(({ id }) => id)).toEqual([newer.id, older.id]);
    });

    run('the trail is read from either end, and is the same', async () => {
      const { store } = replicas.one;
      const forwards: number[] = [];
      for await (const { seq } of store.records(1)) forwards.push(seq);
      const backwards: number[] = [];
      for await (const { seq } of store.latestRecords()) backwards.push(seq);
      expect(forwards.length).toBeGreaterThan(1);
      expect(backwards.toReversed()).toEqual(forwards);
    });
  });
}

function write(store: Store, next: Change, expectedVersion: number) {
  return store.append({ record: { ...draft(), change: next.id }, change: { next, expectedVersion } });
}

function draft(note = 'x'): RecordDraft {
  return { atMs: 1_700_000_000_000, event: 'request.refused', actor: alice, data: { note } };
}
