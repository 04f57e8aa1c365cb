import { expect } from '@jest/globals';
import type { Anchor } from '../../src/domain/audit/anchor.ts';
import { acceptanceOf } from '../../src/domain/audit/lost-records.ts';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import { type Append, RecordsLost, type Store, type TrailEnd } from '../../src/ports/store.ts';
import type { Contract } from './under-test.ts';

/** Two replicas on a store of their own, which can be put back to how it was. */
export interface RestorableStore {
  readonly one: Replica;
  readonly other: Replica;
  /** What it returns puts the store back to how it is now. */
  backUp(): Promise<() => Promise<void>>;
}

interface Replica {
  readonly store: Store;
  readonly end: TrailEnd;
}

export interface RestorableStores {
  open(name: string): Promise<RestorableStore>;
}

/** What a process knows of a store that may be restored behind its back. */
export const trailEndContract: Contract<RestorableStores> = (run, the) => {
  run(
    'lesson 56: a store that was restored takes no append, from any replica, until an operator accepts it',
    async () => {
      const { one, other, backUp } = await the().open('restored');
      await fill(one.store, 5);
      const restore = await backUp();
      const lastId = await afterwards(one.store, 7);
      const told = one.end.known();
      await restore();
      await expect(one.store.append(A_START)).rejects.toThrow('ends with #5, though #12 was told before');
      await expect(other.store.append(A_START)).rejects.toThrow(RecordsLost);
      const lost = await other.end.lost();
      expect(lost).toEqual({ found: expect.objectContaining({ seq: 5 }), known: told });
      expect((await trail(one.store)).length).toBe(5);

      if (lost === undefined) throw new Error('nothing was lost');
      const accepted = await other.end.accept(lost, acceptance(lost));
      expect(accepted).toMatchObject({ seq: 13, prev: lost.found.hash, data: { after: 5, through: 12 } });
      expect(await one.end.lost()).toBeUndefined();
      // An append that says the very same words after the same record is taken for a retry of it.
      for (const [atMs, { store }] of [one, other, one].entries())
        expect(await store.append({ record: { ...A_START.record, atMs } })).toMatchObject({
          kind: 'appended',
        });
      expect((await trail(one.store)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 13, 14, 15, 16]);
      expect(numberOf(await one.store.newChangeId())).toBeGreaterThan(lastId);
    },
  );

  run('lesson 56: an older anchor is compared, too, and one that agrees loses nothing', async () => {
    const { one } = await the().open('anchors');
    await fill(one.store, 4);
    const [first, second] = await trail(one.store);
    if (first === undefined || second === undefined) throw new Error('too short');
    expect(await one.end.compare(anchorOf(first))).toBeUndefined();
    // As the audit channel has it.
    expect(await one.end.compare({ ...anchorOf(first), hash: first.hash.slice(0, 20) })).toBeUndefined();
    expect(await one.end.compare({ seq: 0, hash: '0'.repeat(64) })).toBeUndefined();
    const beyond = { seq: 9, hash: 'f'.repeat(64) };
    expect(await one.end.compare(beyond)).toMatchObject({ found: { seq: 4 }, known: beyond });
    await expect(one.store.append(A_START)).rejects.toThrow(RecordsLost);
  });

  run('lesson 56: a store that was restored and written since is noticed as well', async () => {
    const { one, backUp } = await the().open('rewritten');
    await fill(one.store, 3);
    const restore = await backUp();
    await fill(one.store, 2);
    const told = one.end.known();
    await restore();
    expect(await one.end.compare({ seq: 2, hash: 'f'.repeat(64) })).toMatchObject({ known: { seq: 2 } });
    expect(told?.seq).toBe(5);
  });

  run('an acceptance of a trail that moved meanwhile is not taken', async () => {
    const { one } = await the().open('moved');
    await fill(one.store, 3);
    const lost = { found: { seq: 2, hash: 'f'.repeat(64) }, known: { seq: 9, hash: 'f'.repeat(64) } };
    expect(await one.end.accept(lost, acceptance(lost))).toBeUndefined();
    expect((await trail(one.store)).length).toBe(3);
  });
};

const A_START: Append = { record: { atMs: 1, event: 'bot.started', actor: 'bot' } };

function acceptance(lost: Parameters<TrailEnd['accept']>[0]) {
  const data = { ...acceptanceOf(lost, 'a backup was restored') };
  return { atMs: 2, event: 'audit.restore_accepted' as const, actor: 'bot' as const, data };
}

async function fill(store: Store, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await store.append({ record: { atMs: index, event: 'bot.started', actor: 'bot', data: { index } } });
}

/** So many records with an id each; the number of the last id. */
async function afterwards(store: Store, count: number): Promise<number> {
  let last = 0;
  for (let index = 0; index < count; index += 1) {
    last = numberOf(await store.newChangeId());
    await fill(store, 1);
  }
  return last;
}

function numberOf(id: string): number {
  return Number(id.replace('BGP-', ''));
}

async function trail(store: Store): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of store.records(1)) records.push(record);
  return records;
}

function anchorOf({ seq, hash }: AuditRecord): Anchor {
  return { seq, hash };
}
