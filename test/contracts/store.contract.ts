import { expect } from '@jest/globals';
import { type AuditRecord, GENESIS, hashOf, type RecordDraft } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { Hold, Leases, Store } from '../../src/ports/store.ts';
import { aChange } from './a-stored-change.ts';
import type { Contract } from './under-test.ts';

const alice = { userId: 'U01ALICE', teamId: 'T01RACK' };

/** Two replicas on one store. */
export interface Replicas {
  readonly one: { readonly store: Store; readonly leases: Leases };
  readonly other: { readonly store: Store; readonly leases: Leases };
}

/** What every store keeps, whatever it is made of. */
export const storeContract: Contract<Replicas> = (run, the) => {
  run('an id is never given twice', async () => {
    const ids = await Promise.all(
      [the().one, the().other].flatMap(({ store }) => Array.from({ length: 20 }, () => store.newChangeId())),
    );
    expect(new Set(ids).size).toBe(40);
    expect(ids[0]).toMatch(/^BGP-\d+$/);
  });

  run('a change comes back as it was written', async () => {
    const { one, other } = the();
    const change = aChange(await one.store.newChangeId());
    await write(one.store, change, 0);
    expect(await other.store.change(change.id)).toEqual(change);
    expect(await other.store.change('BGP-0')).toBeUndefined();
  });

  run(
    'of two appends to the same version one wins, in any replica, and the others leave no record',
    async () => {
      const { one, other } = the();
      const change = aChange(await one.store.newChangeId());
      await write(one.store, change, 0);
      const before = (await trail(one.store)).length;
      const next = { ...change, version: 2 };
      const outcomes = await Promise.all([one, other, one].map(({ store }) => write(store, next, 1)));
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual([
        'appended',
        'version_conflict',
        'version_conflict',
      ]);
      expect((await trail(other.store)).length).toBe(before + 1);
      expect(await write(other.store, { ...next, version: 1 }, 0)).toEqual({ kind: 'version_conflict' });
      expect((await one.store.change(change.id))?.version).toBe(2);
    },
  );

  run('a lost lease appends nothing: neither record, nor change, nor freeze', async () => {
    const { one, other } = the();
    const { store } = one;
    const lease = await one.leases.acquire('fenced', 'one');
    if (lease === undefined) throw new Error('the lease was not free');
    const { fence } = lease;
    expect((await store.append({ record: draft(), fence })).kind).toBe('appended');
    await lease.release();
    const before = (await trail(store)).length;
    const successor = await other.leases.acquire('fenced', 'other');
    expect(successor?.fence.token).toBeGreaterThan(fence.token);
    const change = aChange(await store.newChangeId());
    const outcome = await store.append({
      record: draft(),
      change: { next: change, expectedVersion: 0 },
      freeze: { target: 'fenced', next: { reason: 'x', by: alice, atMs: 1 } },
      fence,
    });
    expect(outcome).toEqual({ kind: 'fence_lost' });
    await successor?.release();
    expect((await store.append({ record: draft(), fence })).kind).toBe('fence_lost');
    expect((await trail(store)).length).toBe(before);
    expect(await store.change(change.id)).toBeUndefined();
    expect((await store.freezes()).has('fenced')).toBe(false);
  });

  run('one lease per target, and each target its own', async () => {
    const { one, other } = the();
    const first = await one.leases.acquire('rack', 'one');
    expect(await other.leases.acquire('rack', 'other')).toBeUndefined();
    const elsewhere = await other.leases.acquire('other-rack', 'other');
    expect(elsewhere).toBeDefined();
    await Promise.all([first?.release(), elsewhere?.release()]);
  });

  run(
    'a set of TMM pods is held by one change, and what else would start there is told by which',
    async () => {
      const { one, other } = the();
      const scope = 'uid/spk/app=f5-tmm';
      const [first, second] = [
        aChange(await one.store.newChangeId()),
        aChange(await one.store.newChangeId()),
      ];
      expect(await write(one.store, first, 0, { scope, kind: 'take' })).toMatchObject({ kind: 'appended' });
      const before = (await trail(one.store)).length;
      const refused = { kind: 'scope_held', by: first.id };
      expect(await write(other.store, second, 0, { scope, kind: 'take' })).toEqual(refused);
      expect((await trail(one.store)).length).toBe(before);
      expect(await other.store.change(second.id)).toBeUndefined();
      // It keeps what it holds, halted or not, and another set is another's.
      await write(one.store, { ...first, version: 2 }, 1, { scope, kind: 'keep' });
      expect(await write(other.store, second, 0, { scope, kind: 'take' })).toEqual(refused);
      await write(other.store, second, 0, { scope: `${scope}-other`, kind: 'take' });
      await write(one.store, { ...first, version: 3 }, 2, { scope, kind: 'leave' });
      expect(await write(other.store, { ...second, version: 2 }, 1, { scope, kind: 'take' })).toMatchObject({
        kind: 'appended',
      });
      expect(await one.store.scopeHolders(scope)).toEqual([second.id]);
      expect(await one.store.scopeHolders('nobody/s/scope')).toEqual([]);
      await write(one.store, { ...second, version: 3 }, 2, { scope, kind: 'leave' });
      expect(await one.store.scopeHolders(scope)).toEqual([]);
    },
  );

  run('what passes the holder of a set of TMM pods holds it as well, until each is at its end', async () => {
    const { store } = the().one;
    const scope = 'uid/spk/app=passed';
    const [halted, rollback, urgent] = [
      aChange(await store.newChangeId()),
      aChange(await store.newChangeId()),
      aChange(await store.newChangeId()),
    ];
    await write(store, halted, 0, { scope, kind: 'take' });
    const passes: Hold['passes'] = { kind: 'change', id: halted.id };
    expect(await write(store, rollback, 0, { scope, kind: 'take', passes })).toMatchObject({
      kind: 'appended',
    });
    // Both hold it now: the first one may not go on beside the other.
    expect(await write(store, { ...halted, version: 2 }, 1, { scope, kind: 'take' })).toEqual({
      kind: 'scope_held',
      by: rollback.id,
    });
    await write(store, urgent, 0, { scope, kind: 'take', passes: { kind: 'all' } });
    expect(await store.scopeHolders(scope)).toEqual([halted.id, rollback.id, urgent.id]);
    await write(store, { ...rollback, version: 2 }, 1, { scope, kind: 'leave' });
    await write(store, { ...urgent, version: 2 }, 1, { scope, kind: 'leave' });
    await write(store, { ...halted, version: 2 }, 1, { scope, kind: 'take' });
    expect(await store.scopeHolders(scope)).toEqual([halted.id]);
    await write(store, { ...halted, version: 3 }, 2, { scope, kind: 'leave' });
  });

  run('appends of two replicas at once make one whole chain', async () => {
    const { one, other } = the();
    const appends = Array.from({ length: 60 }, (_, at) =>
      (at % 2 === 0 ? one : other).store.append({ record: draft(`n${at}`) }),
    );
    await Promise.all(appends);
    let prev = GENESIS;
    let seq = 0;
    for (const record of await trail(one.store)) {
      seq += 1;
      expect(record.seq).toBe(seq);
      expect(record.prev).toBe(prev);
      expect(record.hash).toBe(hashOf(record));
      prev = record.hash;
    }
    expect(seq).toBeGreaterThanOrEqual(60);
  });

  run('an append answers the record as it stands in the trail', async () => {
    const { one, other } = the();
    const appended = await one.store.append({ record: { ...draft('as it stands'), target: 'rack' } });
    if (appended.kind !== 'appended') throw new Error(appended.kind);
    const [newest] = await latest(other.store);
    expect(newest).toEqual(appended.record);
    expect(newest).toMatchObject({
      actor: { user: alice.userId, team: alice.teamId },
      target: 'rack',
      change: null,
      data: { note: 'as it stands' },
    });
  });

  run('the newest changes come first, and no more than were asked for', async () => {
    const { one, other } = the();
    const older = { ...aChange(await one.store.newChangeId()), createdAtMs: 9_000_000 };
    const newer = { ...aChange(await one.store.newChangeId()), createdAtMs: 9_000_001 };
    await write(one.store, newer, 0);
    await write(one.store, older, 0);
    expect((await other.store.recentChanges(2)).map(({ id }) => id)).toEqual([newer.id, older.id]);
    await write(one.store, { ...older, version: 2, state: 'expired' }, 1);
    expect((await other.store.recentChanges(2)).map(({ state }) => state)).toEqual(['proposed', 'expired']);
  });

  run('a freeze stands for its target until it is lifted', async () => {
    const { one, other } = the();
    const freeze = { reason: 'new core routers', by: alice, atMs: 17 };
    await one.store.append({ record: draft(), freeze: { target: 'cold', next: freeze } });
    await one.store.append({ record: draft(), freeze: { target: '*', next: { ...freeze, reason: 'all' } } });
    const freezes = await other.store.freezes();
    expect(freezes.get('cold')).toEqual(freeze);
    expect(freezes.get('*')?.reason).toBe('all');
    await other.store.append({ record: draft(), freeze: { target: '*', next: null } });
    await other.store.append({ record: draft(), freeze: { target: 'cold', next: null } });
    expect([...(await one.store.freezes()).keys()]).toEqual([]);
  });

  run('the trail is read from either end, and from any number on, and is the same', async () => {
    const { store } = the().one;
    const forwards = (await trail(store)).map(({ seq }) => seq);
    expect(forwards.length).toBeGreaterThan(3);
    expect((await latest(store)).map(({ seq }) => seq).toReversed()).toEqual(forwards);
    expect((await trail(store, 3)).map(({ seq }) => seq)).toEqual(forwards.slice(2));
    expect(await trail(store, 10_000)).toEqual([]);
  });
};

function trail(store: Store, fromSeq = 1): Promise<readonly AuditRecord[]> {
  return listed(store.records(fromSeq));
}

function latest(store: Store): Promise<readonly AuditRecord[]> {
  return listed(store.latestRecords());
}

async function listed(records: AsyncIterable<AuditRecord>): Promise<readonly AuditRecord[]> {
  const all: AuditRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}

function write(store: Store, next: Change, expectedVersion: number, hold?: Hold) {
  return store.append({
    record: { ...draft(), change: next.id },
    change: { next, expectedVersion },
    ...(hold === undefined ? {} : { hold }),
  });
}

function draft(note = 'x'): RecordDraft {
  return { atMs: 1_700_000_000_000, event: 'request.refused', actor: alice, data: { note } };
}
