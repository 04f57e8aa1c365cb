import { expect } from '@jest/globals';
import { type AuditRecord, chain, hashOf } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import { type AuditRetention, type RecordStream, type Store, Unreadable } from '../../src/ports/store.ts';
import { openLedger } from '../../src/workflow/ledger.ts';
import { aChange } from './a-stored-change.ts';
import type { TimeUnderTest } from './time.ts';
import type { Contract } from './under-test.ts';

/** Stores by name, into which a later release or a fault may write. */
export interface DamagedStores {
  open(name: string): Promise<DamagedStore>;
}

export interface DamagedStore {
  readonly time: TimeUnderTest;
  readonly store: Store;
  stream(): Promise<RecordStream>;
  readonly retention: AuditRetention;
  /** Puts this text in the place of a change. */
  damageChange(id: string, json: string): Promise<void>;
  /** Appends this text as the next record. */
  appendText(json: string): Promise<void>;
}

const atMs = 1_700_000_000_000;
const alice = { userId: 'U01ALICE', teamId: 'T01RACK' };

export const unreadableContract: Contract<DamagedStores> = (run, the) => {
  run.each<[string, (change: Change) => object]>([
    [
      'a reason code',
      (change) => ({ ...change, outcome: { reasonCode: 'moon_in_the_way', sentence: 'Look up.', atMs } }),
    ],
    ['the reason of a void approval', withVoid],
    ['a field', (change) => ({ v: 1, ...change, moon: 'full' })],
    ['a field of a step', (change) => ({ v: 1, ...change, journal: change.journal.map(withMoon) })],
    ['a format', (change) => ({ v: 2, ...change })],
  ])('a change with %s of a later release is shown, and never moved', async (what, later) => {
    const { store, damageChange } = await the().open(`later ${what}`);
    const change: Change = { ...aChange(await store.newChangeId()), state: 'halted' };
    await damageChange(change.id, JSON.stringify(later(change)));
    expect(await store.change(change.id)).toMatchObject({ id: change.id, laterRelease: true });
    expect((await store.recentChanges(5)).map(({ id }) => id)).toEqual([change.id]);
    expect(store.unreadable()).toEqual({ changes: [], records: [] });
    const ledger = openLedger(store, { now: () => atMs });
    const read = await store.change(change.id);
    if (read === undefined) throw new Error('it is gone');
    const event = { kind: 'close', by: alice, atMs } as const;
    expect(await ledger.commit(read, event, alice)).toMatchObject({ reasonCode: 'later_release' });
  });

  run('what an older release wrote is moved as ever, whatever fields it had', async () => {
    const { store, damageChange } = await the().open('older');
    const change = { ...aChange(await store.newChangeId()), moon: 'full' };
    await damageChange(change.id, JSON.stringify(change));
    expect(await store.change(change.id)).not.toHaveProperty('laterRelease');
  });

  run.each([
    ['no JSON', 'BGP', true],
    ['a state of a later release', '{"state":"moonstruck"}', false],
    ['half of an ended change', '{"state":"succeeded"}', true],
    ['half of an open change', '{"state":"halted"}', false],
  ])('%s in the place of a change is left out and named once', async (what, json, ended) => {
    const { store, damageChange } = await the().open(`broken ${what}`);
    const [id, other] = [await store.newChangeId(), aChange(await store.newChangeId())];
    await write(store, { ...aChange(id), createdAtMs: 5 });
    await write(store, other);
    await damageChange(id, json);
    const error = await store.change(id).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unreadable);
    expect(error).toMatchObject({ id, ended });
    expect((await store.recentChanges(5)).map((one) => one.id)).toEqual([other.id]);
    expect([...(await store.changeIds())].sort()).toEqual([id, other.id].sort());
    await store.recentChanges(5);
    expect(store.unreadable()).toEqual({ changes: [id], records: [] });
  });

  run('a record of a later release is read, handed over and followed by the next one', async () => {
    const { store, time, stream, appendText } = await the().open('later record');
    const first = await append(store);
    await appendText(JSON.stringify(later(first)));
    await append(store);
    expect((await trail(store)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(hashOf((await trail(store))[1] ?? {})).toBe((await trail(store))[1]?.hash);
    const seen: string[] = [];
    const following = (await stream()).follow('notices', async ({ event }) => void seen.push(event));
    await time.until(() => expect(seen).toEqual(['bot.started', 'moon.rose', 'bot.started']));
    await following.stop();
  });

  run('what is no record is left out, told to who wants to know, and stops nobody', async () => {
    const { store, time, stream, retention, appendText } = await the().open('broken record');
    await append(store);
    await appendText('BGP');
    await appendText('{"seq":3}');
    await append(store);
    expect((await trail(store)).map(({ seq }) => seq)).toEqual([1, 4]);
    expect(store.unreadable()).toEqual({ changes: [], records: [2, 3] });
    const seen: (number | string)[] = [];
    const others: number[] = [];
    const streams = await stream();
    const followings = [
      streams.follow('notices', async ({ seq }) => void seen.push(seq), {
        onUnreadable: async (seq, why) => void seen.push(`${seq}: ${why}`),
      }),
      streams.follow('dispatch', async ({ seq }) => void others.push(seq)),
    ];
    await time.until(() => {
      expect(seen).toEqual([1, '2: it is not JSON', expect.stringMatching(/^3: /), 4]);
      expect(others).toEqual([1, 4]);
    });
    await time.until(async () =>
      expect((await retention.handled()).map(({ through }) => through)).toEqual([4, 4]),
    );
    for (const following of followings) await following.stop();
  });

  run('a record about a change that cannot be read is passed over by who has to read it', async () => {
    const { store, time, stream } = await the().open('of a broken change');
    for (let count = 0; count < 3; count += 1) await append(store);
    const seen: number[] = [];
    const following = (await stream()).follow('cards', async ({ seq }) => {
      if (seq === 2) throw new Unreadable('BGP-2', 'it is not JSON', true);
      seen.push(seq);
    });
    await time.until(() => expect(seen).toEqual([1, 3]));
    await following.stop();
  });
};

function withVoid(change: Change): object {
  return { ...change, decisions: change.decisions.map((one) => ({ ...one, void: 'moon_in_the_way' })) };
}

function withMoon(entry: object): object {
  return { ...entry, moon: 'full' };
}

/** A record that follows from this one, of an event and a format that nobody knows yet. */
function later({ seq, hash }: AuditRecord): object {
  const known = chain({ atMs, event: 'bot.started', actor: 'bot' }, seq + 1, hash);
  const unsealed = { ...known, v: 2, event: 'moon.rose', where: 'in the east' };
  return { ...unsealed, hash: hashOf(unsealed) };
}

async function append(store: Store): Promise<AuditRecord> {
  const appended = await store.append({ record: { atMs, event: 'bot.started', actor: 'bot' } });
  if (appended.kind !== 'appended') throw new Error(appended.kind);
  return appended.record;
}

function write(store: Store, next: Change) {
  return store.append({
    record: { atMs, event: 'change.proposed', actor: alice, change: next.id },
    change: { next, expectedVersion: 0 },
  });
}

async function trail(store: Store): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of store.records(1)) records.push(record);
  return records;
}
