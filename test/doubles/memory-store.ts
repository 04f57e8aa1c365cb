import { openGate } from '../../src/adapters/redis/comparison-gate.ts';
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
  /** The same store as another process sees it, which knows only of what it appended or looked at itself. */
  replica(): Pick<MemoryStore, 'append' | 'end'>;
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
  change: (written) => frozen(readStoredChange(JSON.stringify(written))),
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
  const unreadable = { changes: new Set<string>(), records: new Set<number>() };

  let lost: LostRecords | undefined;
  let acceptedSeq = 0;
  /** How often the store was put back: a replica that knows another number compares first. */
  let restores = 0;
  const compare = (one: Anchor): LostRecords | undefined => {
    const known = lost !== undefined && lost.known.seq > one.seq ? lost.known : one;
    if (!isThere(known)) lost = { found: head, known };
    else if (lost?.acceptedBy === undefined) lost = undefined;
    return lost;
  };
  const isThere = (known: Anchor): boolean => {
    if (sameHash(head.hash, known.hash) || known.seq === 0) return true;
    if (acceptedSeq >= known.seq && acceptedSeq <= head.seq) return true;
    const there = records.find(({ seq }) => seq === known.seq);
    return head.seq >= known.seq && (there === undefined || sameHash(there.hash, known.hash));
  };
  const place = (record: AuditRecord): void => {
    records.push(record);
    head = { seq: record.seq, hash: record.hash };
  };

  const append = (
    { record: draft, change, freeze, hold, fence }: Append,
    accepted: LostRecords | undefined,
  ): AppendOutcome => {
    if (lost !== undefined && lost !== accepted) throw new RecordsLost(lost);
    if (fence !== undefined && !leases.holds(fence)) return { kind: 'fence_lost' };
    if (change !== undefined) {
      const { next, expectedVersion } = change;
      if ((changes.get(next.id)?.version ?? 0) !== expectedVersion) return { kind: 'version_conflict' };
      if (hold !== undefined) {
        const held = heldAfter(holders.get(hold.scope) ?? [], next.id, hold);
        if (typeof held === 'string') return { kind: 'scope_held', by: held };
        holders.set(hold.scope, held);
      }
      let read: Change | undefined;
      const readOnce = (): Change => {
        read ??= passage.change(next);
        return read;
      };
      const seq = head.seq + 1;
      changes.set(next.id, {
        json: () => JSON.stringify(next),
        version: expectedVersion + 1,
        seq,
        read: readOnce,
      });
    }
    if (freeze?.next === null) freezes.delete(freeze.target);
    else if (freeze !== undefined) freezes.set(freeze.target, frozen(structuredClone(freeze.next)));
    const record = passage.record(chain(draft, head.seq + 1, head.hash));
    place(record);
    for (const listener of listeners) listener(record, change?.next);
    return { kind: 'appended', record };
  };

  const replica = (): Replica => {
    let known: Anchor | undefined;
    let knownRestores = restores;
    let accepted: LostRecords | undefined;
    const gate = openGate(async () => {
      knownRestores = restores;
    });
    const suspectOther = (): void => {
      if (knownRestores !== restores) gate.suspect();
    };
    return {
      saw(seen) {
        known = seen;
      },
      async append(one) {
        suspectOther();
        if (gate.isGuarded) await gate.passed();
        if (known !== undefined) compare(known);
        const appended = append(one, accepted);
        known = head;
        return appended;
      },
      end: {
        known: () => known,
        compare: async (one) => compare(one),
        lost: async () => lost,
        async accept(loss, draft) {
          if (loss.acceptedBy !== undefined) {
            accepted = lost;
            return loss.acceptedBy;
          }
          const { after, through } = acceptanceOf(loss, '');
          if (head.seq !== loss.found.seq || head.hash !== loss.found.hash) return undefined;
          if (lost !== undefined && lost.known.seq > through) return undefined;
          const record = chain(draft, through + 1, head.hash);
          place(record);
          known = head;
          changeIds += through - after;
          acceptedSeq = record.seq;
          lost = { ...loss, acceptedBy: record.seq };
          accepted = lost;
          for (const listener of listeners) listener(record);
          return record.seq;
        },
        async resume() {
          if (lost === accepted) lost = undefined;
        },
        guard: (compareAll) => gate.guard(compareAll),
        suspect: () => gate.suspect(),
        async look() {
          suspectOther();
          await gate.passed();
          if (known === undefined ? head.seq > 0 : head.seq > known.seq) known = head;
          else if (known !== undefined) compare(known);
        },
      },
    };
  };
  const first = replica();

  return {
    get trail() {
      return records;
    },
    onAppend: (listener) => void listeners.push(listener),
    end: first.end,
    replica,
    backUp() {
      const kept = { records: [...records], head, changeIds, acceptedSeq };
      const entries = [new Map(changes), new Map(holders), new Map(freezes)] as const;
      return () => {
        ({ records, head, changeIds, acceptedSeq } = { ...kept, records: [...kept.records] });
        lost = undefined;
        restores += 1;
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
        damaged.set(head.seq, whyUnreadable(error));
        unreadable.records.add(head.seq);
      }
      first.saw(head);
    },
    changeIds: async () => newest(changes),
    unreadable: () => ({ changes: [...unreadable.changes], records: [...unreadable.records] }),
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
        unreadable.changes.add(id);
        throw unreadableChange(id, found.json(), error);
      }
    },
    async recentChanges(limit) {
      const all = [...changes].flatMap(([id, kept]) => {
        try {
          return [kept.read()];
        } catch {
          unreadable.changes.add(id);
          return [];
        }
      });
      return all.sort(newestFirst).slice(0, limit);
    },
    freezes: async () => new Map(freezes),
    append: (one) => first.append(one),
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

interface Replica extends Pick<MemoryStore, 'append' | 'end'> {
  /** The head that was put there without an append. */
  saw(head: Anchor): void;
}

/** Whoever changes what is read of Redis changes it for nobody else: here they may not change it at all. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    for (const part of Object.values(Object.freeze(value))) frozen(part);
  return value;
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
