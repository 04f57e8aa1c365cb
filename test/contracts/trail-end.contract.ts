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
      await expect(one.store.append(A_START)).rejects.toThrow('ends with #5, but #12 was published earlier');
      await expect(other.store.append(A_START)).rejects.toThrow(RecordsLost);
      const lost = await other.end.lost();
      expect(lost).toEqual({ found: expect.objectContaining({ seq: 5 }), known: told });
      expect((await trail(one.store)).length).toBe(5);

      if (lost === undefined) throw new Error('nothing was lost');
      expect(await other.end.accept(lost, acceptance(lost))).toBe(13);
      expect((await trail(one.store)).at(-1)).toMatchObject({
        seq: 13,
        prev: lost.found.hash,
        data: { after: 5, through: 12 },
      });
      await other.end.resume();
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
    const another = { seq: 2, hash: 'f'.repeat(64) };
    const lost = await one.end.compare(another);
    expect(lost).toMatchObject({ known: { seq: 2 } });
    expect(told?.seq).toBe(5);
    // What an operator accepted is not lost again.
    if (lost === undefined) throw new Error('nothing was lost');
    expect(await one.end.accept(lost, acceptance(lost))).toBe(4);
    await one.end.resume();
    expect(await one.end.compare(another)).toBeUndefined();
    await fill(one.store, 1);
  });

  run(
    'lesson 56: a replica that knows nothing of what was lost compares before it appends to a store that was put back',
    async () => {
      const { one, other, backUp } = await the().open('unaware');
      await fill(one.store, 3);
      let compared = 0;
      const told: Anchor[] = [];
      other.end.guard(async () => {
        compared += 1;
        for (const one of told) await other.end.compare(one);
      });
      await fill(other.store, 1);
      await other.end.look();
      expect(compared).toBe(1);
      const restore = await backUp();
      await other.end.look();
      await fill(one.store, 7);
      const known = one.end.known();
      if (known === undefined) throw new Error('nothing was appended');
      told.push(known);
      await restore();
      await expect(other.store.append(A_START)).rejects.toThrow(
        'ends with #4, but #11 was published earlier',
      );
      expect(compared).toBe(2);
      expect((await trail(one.store)).length).toBe(4);
      // Where nothing was lost, it goes on, once.
      told.length = 0;
      const lost = await other.end.lost();
      if (lost !== undefined) await other.end.accept(lost, acceptance(lost));
      await other.end.resume();
      await Promise.all([fill(other.store, 2), other.end.look()]);
      expect(compared).toBe(2);
    },
  );

  run('lesson 56: a replica compares once for all that wait, and again where that failed', async () => {
    const { one, other } = await the().open('waiting');
    await fill(one.store, 1);
    let compared = 0;
    other.end.guard(async () => {
      compared += 1;
      if (compared === 1) throw new Error('the store does not answer');
    });
    await expect(other.store.append(A_START)).rejects.toThrow('the store does not answer');
    await Promise.all([fill(other.store, 2), other.end.look(), other.end.look()]);
    expect(compared).toBe(2);
    other.end.suspect();
    await fill(other.store, 2);
    expect(compared).toBe(3);
    expect((await trail(one.store)).length).toBe(5);
  });

  run('lesson 56: what a replica only looked at it knows to have been there', async () => {
    const { one, other, backUp } = await the().open('looked');
    await fill(one.store, 2);
    const restore = await backUp();
    await fill(one.store, 3);
    other.end.guard(async () => {
      const own = other.end.known();
      if (own !== undefined) await other.end.compare(own);
    });
    await other.end.look();
    expect(other.end.known()).toEqual(one.end.known());
    await restore();
    await other.end.look();
    expect(await one.end.lost()).toMatchObject({ found: { seq: 2 }, known: { seq: 5 } });
    await expect(other.store.append(A_START)).rejects.toThrow(RecordsLost);
  });

  run('lesson 56: a loss is measured by the highest record that anybody knows of', async () => {
    const { one, other, backUp } = await the().open('highest');
    await fill(one.store, 3);
    const restore = await backUp();
    await fill(one.store, 5);
    const highest = one.end.known();
    const [, second] = await trail(one.store);
    if (highest === undefined || second === undefined) throw new Error('too short');
    const between = { seq: 6, hash: 'f'.repeat(64) };
    await restore();
    const early = await other.end.compare(between);
    expect(early).toMatchObject({ known: { seq: 6 } });
    expect(await one.end.compare(highest)).toMatchObject({ known: { seq: 8 } });
    expect(await other.end.compare(between)).toMatchObject({ known: { seq: 8 } });
    // Numbers that somebody saw are not given again.
    if (early === undefined) throw new Error('nothing was lost');
    expect(await other.end.accept(early, acceptance(early))).toBeUndefined();
    const lost = await other.end.lost();
    if (lost === undefined) throw new Error('nothing was lost');
    expect(await other.end.accept(lost, acceptance(lost))).toBe(9);
  });

  run('lesson 56: until approvals are taken back only the process that accepts appends', async () => {
    const { one, other, backUp } = await the().open('accepting');
    await fill(one.store, 2);
    const restore = await backUp();
    await fill(one.store, 2);
    const known = one.end.known();
    if (known === undefined) throw new Error('nothing was appended');
    await restore();
    const lost = await one.end.compare(known);
    if (lost === undefined) throw new Error('nothing was lost');
    expect(await other.end.accept(lost, acceptance(lost))).toBe(5);
    await fill(other.store, 1);
    await expect(one.store.append(A_START)).rejects.toThrow(RecordsLost);
    // Whoever compares meanwhile lets nobody go on, and whoever accepts again goes on where it was left off.
    const left = await one.end.compare(known);
    expect(left).toMatchObject({ acceptedBy: 5 });
    await expect(one.store.append(A_START)).rejects.toThrow(RecordsLost);
    if (left === undefined) throw new Error('nothing was left off');
    expect(await one.end.accept(left, acceptance(left))).toBe(5);
    await fill(one.store, 1);
    await one.end.resume();
    await fill(other.store, 1);
    expect((await trail(one.store)).map(({ seq }) => seq)).toEqual([1, 2, 5, 6, 7, 8]);
    expect(await other.end.lost()).toBeUndefined();
  });

  run('lesson 56: when the right data is put back, nothing is lost any more', async () => {
    const { one, other, backUp } = await the().open('put back');
    await fill(one.store, 3);
    const older = await backUp();
    await fill(one.store, 4);
    const newer = await backUp();
    const known = one.end.known();
    if (known === undefined) throw new Error('nothing was appended');
    await older();
    expect(await one.end.compare(known)).toMatchObject({ known: { seq: 7 } });
    await newer();
    expect(
      await other.end.compare({ seq: 2, hash: (await trail(one.store))[1]?.hash ?? '' }),
    ).toBeUndefined();
    expect(await one.store.append(A_START)).toMatchObject({ kind: 'appended', record: { seq: 8 } });
  });

  run('an acceptance of a trail that moved meanwhile, or of another one, is not taken', async () => {
    const { one } = await the().open('moved');
    await fill(one.store, 3);
    const hash = 'f'.repeat(64);
    for (const seq of [2, 3]) {
      const lost = { found: { seq, hash }, known: { seq: 9, hash } };
      expect(await one.end.accept(lost, acceptance(lost))).toBeUndefined();
    }
    expect((await trail(one.store)).length).toBe(3);
  });
};

const A_START: Append = { record: { atMs: 1, event: 'bot.started', actor: 'bot' } };

function acceptance(lost: Parameters<TrailEnd['accept']>[0]) {
  const data = { ...acceptanceOf(lost, 'a backup was restored') };
  return { atMs: 2, event: 'audit.restore_accepted' as const, actor: 'bot' as const, data };
}

let filled = 0;

/** Each record says something else: the same words after the same record are taken for a retry. */
async function fill(store: Store, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    filled += 1;
    await store.append({ record: { atMs: index, event: 'bot.started', actor: 'bot', data: { filled } } });
  }
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
