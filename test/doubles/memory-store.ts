import {
  readStoredChange,
  readStoredRecord,
  unreadableChange,
  whyUnreadable,
} from '../../src/adapters/redis/stored-values.ts';
import { type Anchor, sameHash } from '../../src/domain/audit/anchor.ts';
import { acceptanceOf, type LostRecords } from '../../src/domain/audit/lost-records.ts';
import { type AuditRecord, chain, GENESIS } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { DeclaredFreeze } from '../../src/domain/policy/freeze.ts';
import {
  type Append,
  type AppendOutcome,
  type Hold,
  RecordsLost,
  type Store,
  type TrailEnd,
} from '../../src/ports/store.ts';
import type { MemoryLeases } from './memory-leases.ts';

/** Changes and audit trail of any number of replicas, kept as the JSON that Redis would hold. */
export interface MemoryStore extends Store {
  /** The records that are kept, the oldest first. */
  readonly trail: readonly AuditRecord[];
  /** Calls back after each append, with the change as it is then where the record is about one. */
  onAppend(listener: AppendListener): void;
  /** Puts this text in the place of a change, as a later release or a fault may have. */
  damageChange(id: string, json: string): void;
  /** Appends what is no record, or a record of a later release. */
  appendText(json: string): void;
  /** What was appended and is no record, by its sequence number. */
  readonly damaged: ReadonlyMap<number, string>;
  /** Forgets the records up to this sequence number, and the changes that have no others. */
  removeThrough(seq: number): void;
  readonly end: TrailEnd;
  /** Keeps everything as it is now; what it returns puts it back, as a backup does. */
  backUp(): () => void;
}

/** What becomes of a value that is written and read again. */
interface Passage {
  change(written: Change): Change;
  record(written: AuditRecord): AuditRecord;
}

/** As the store in Redis does it, which checks every field. */
const THROUGH_JSON: Passage = {
  change: (written) => readStoredChange(JSON.stringify(written)),
  record: (written) => readStoredRecord(['record', JSON.stringify(written)]),
};

/** For whoever writes so much that nothing else would be done: nobody changes what they are given. */
export const AS_IT_IS: Passage = { change: (written) => written, record: (written) => written };

type AppendListener = (record: AuditRecord, change?: Change) => void;

export function memoryStore(
  leases: Pick<MemoryLeases, 'holds'>,
  passage: Passage = THROUGH_JSON,
): MemoryStore {
  let records: AuditRecord[] = [];
  let head = { seq: 0, hash: GENESIS };
  let changeIds = 0;
  const changes = new Map<string, Kept>();
  const freezes = new Map<string, DeclaredFreeze>();
  const holders = new Map<string, readonly string[]>();
  const listeners: AppendListener[] = [];
  const damaged = new Map<number, string>();
  const unreadable = new Set<string>();

  let known: Anchor | undefined;
  let lost: LostRecords | undefined;
  let acceptedSeq = 0;
  const compare = (one: Anchor): LostRecords | undefined => {
    if (sameHash(head.hash, one.hash) || acceptedSeq >= one.seq) return lost;
    const there = records.find(({ seq }) => seq === one.seq);
    if (head.seq < one.seq || (there !== undefined && !sameHash(there.hash, one.hash)))
      lost ??= { found: head, known: one };
    return lost;
  };
  const place = (record: AuditRecord): void => {
    records.push(record);
    head = { seq: record.seq, hash: record.hash };
    known = head;
  };

  const append = ({ record: draft, change, freeze, hold, fence }: Append): AppendOutcome => {
    if (known !== undefined) compare(known);
    if (lost !== undefined) throw new RecordsLost(lost);
    if (fence !== undefined && !leases.holds(fence)) return { kind: 'fence_lost' };
    if (change !== undefined) {
      const { next, expectedVersion } = change;
      if ((changes.get(next.id)?.version ?? 0) !== expectedVersion) return { kind: 'version_conflict' };
      if (hold !== undefined) {
        const held = heldAfter(holders.get(hold.scope) ?? [], next.id, hold);
        if (typeof held === 'string') return { kind: 'scope_held', by: held };
        holders.set(hold.scope, held);
      }
      const read = (): Change => passage.change(next);
      const seq = head.seq + 1;
      changes.set(next.id, { json: () => JSON.stringify(next), version: expectedVersion + 1, seq, read });
    }
    if (freeze?.next === null) freezes.delete(freeze.target);
    else if (freeze !== undefined) freezes.set(freeze.target, structuredClone(freeze.next));
    const record = passage.record(chain(draft, head.seq + 1, head.hash));
    place(record);
    for (const listener of listeners) listener(record, change?.next);
    return { kind: 'appended', record };
  };

  return {
    get trail() {
      return records;
    },
    onAppend: (listener) => void listeners.push(listener),
    end: {
      known: () => known,
      compare: async (one) => compare(one),
      lost: async () => lost,
      async accept(loss, draft) {
        if (head.seq !== loss.found.seq) return undefined;
        const { after, through } = acceptanceOf(loss, '');
        const record = chain(draft, through + 1, head.hash);
        place(record);
        changeIds += through - after;
        acceptedSeq = record.seq;
        lost = undefined;
        for (const listener of listeners) listener(record);
        return record;
      },
    },
    backUp() {
      const kept = { records: [...records], head, changeIds, acceptedSeq };
      const entries = [new Map(changes), new Map(holders), new Map(freezes)] as const;
      return () => {
        ({ records, head, changeIds, acceptedSeq } = { ...kept, records: [...kept.records] });
        lost = undefined;
        replace(changes, entries[0]);
        replace(holders, entries[1]);
        replace(freezes, entries[2]);
      };
    },
    damageChange(id, json) {
      const { version = 0, seq = head.seq } = changes.get(id) ?? {};
      changes.set(id, { json: () => json, version: version + 1, seq, read: () => readStoredChange(json) });
    },
    damaged,
    appendText(json) {
      try {
        place(readStoredRecord(['record', json]));
      } catch (error) {
        head = { seq: head.seq + 1, hash: head.hash };
        known = head;
        damaged.set(head.seq, whyUnreadable(error));
        unreadable.add(`record #${head.seq}`);
      }
    },
    changeIds: async () => newest(changes),
    unreadable: () => [...unreadable],
    removeThrough(seq) {
      for (const { seq: at, change } of records)
        if (at <= seq && change !== null && (changes.get(change)?.seq ?? seq) <= seq) changes.delete(change);
      records = records.filter((record) => record.seq > seq);
    },
    async newChangeId() {
      changeIds += 1;
      return `BGP-${changeIds}`;
    },
    async change(id) {
      const found = changes.get(id);
      if (found === undefined) return undefined;
      try {
        return found.read();
      } catch (error) {
        unreadable.add(`change ${id}`);
        throw unreadableChange(id, found.json(), error);
      }
    },
    async recentChanges(limit) {
      const all = [...changes].flatMap(([id, kept]) => {
        try {
          return [kept.read()];
        } catch {
          unreadable.add(`change ${id}`);
          return [];
        }
      });
      return all.sort(newestFirst).slice(0, limit);
    },
    freezes: async () => new Map(structuredClone([...freezes])),
    append: async (one) => append(one),
    scopeHolders: async (scope) => holders.get(scope) ?? [],
    async *records(fromSeq) {
      for (let seq = fromSeq; ; ) {
        const next = records.find((record) => record.seq >= seq);
        if (next === undefined) return;
        yield next;
        seq = next.seq + 1;
      }
    },
    async *latestRecords() {
      yield* records.toReversed();
    },
  };
}

/** Ids, those of what cannot be read at the end. */
function newest(changes: ReadonlyMap<string, Kept>): readonly string[] {
  const createdAtMs = ({ json }: Kept): number => Number(/"createdAtMs":(\d+)/.exec(json())?.[1] ?? 0);
  return [...changes]
    .toSorted(([, one], [, other]) => createdAtMs(other) - createdAtMs(one))
    .map(([id]) => id);
}

function replace<Value>(map: Map<string, Value>, entries: ReadonlyMap<string, Value>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

/** A change as it was written, and how it is read. */
interface Kept {
  json(): string;
  readonly version: number;
  /** Of its newest record. */
  readonly seq: number;
  read(): Change;
}

/** Who holds it afterwards, or the one that stands in the way. */
function heldAfter(
  before: readonly string[],
  id: string,
  { kind, passes }: Hold,
): readonly string[] | string {
  const passed = (other: string): boolean =>
    other === id || passes?.kind === 'all' || (passes?.kind === 'change' && passes.id === other);
  const other = before.find((one) => !passed(one));
  if (kind === 'take' && other !== undefined) return other;
  if (kind === 'leave') return before.filter((one) => one !== id);
  return before.includes(id) ? before : [...before, id];
}

/** Of two of the same moment the greater id comes first, as in a sorted set of Redis. */
function newestFirst(one: Change, other: Change): number {
  return other.createdAtMs - one.createdAtMs || (one.id < other.id ? 1 : -1);
}
