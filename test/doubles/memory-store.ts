import { readStoredChange, readStoredRecord } from '../../src/adapters/redis/stored-values.ts';
import { type AuditRecord, chain, GENESIS } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { DeclaredFreeze } from '../../src/domain/policy/freeze.ts';
import type { Append, AppendOutcome, Hold, Store } from '../../src/ports/store.ts';
import type { MemoryLeases } from './memory-leases.ts';

/** Changes and audit trail of any number of replicas, kept as the JSON that Redis would hold. */
export interface MemoryStore extends Store {
  /** The records that are kept, the oldest first. */
  readonly trail: readonly AuditRecord[];
  /** Calls back after each append. */
  onAppend(listener: (record: AuditRecord) => void): void;
  /** Forgets the records up to this sequence number. */
  removeThrough(seq: number): void;
}

export function memoryStore(leases: Pick<MemoryLeases, 'holds'>): MemoryStore {
  let records: readonly AuditRecord[] = [];
  let head = { seq: 0, hash: GENESIS };
  let changeIds = 0;
  const changes = new Map<string, { readonly json: string; readonly version: number }>();
  const freezes = new Map<string, DeclaredFreeze>();
  const holders = new Map<string, readonly string[]>();
  const listeners: ((record: AuditRecord) => void)[] = [];

  const append = ({ record: draft, change, freeze, hold, fence }: Append): AppendOutcome => {
    if (fence !== undefined && !leases.holds(fence)) return { kind: 'fence_lost' };
    if (change !== undefined) {
      const { next, expectedVersion } = change;
      if ((changes.get(next.id)?.version ?? 0) !== expectedVersion) return { kind: 'version_conflict' };
      if (hold !== undefined) {
        const held = heldAfter(holders.get(hold.scope) ?? [], next.id, hold);
        if (typeof held === 'string') return { kind: 'scope_held', by: held };
        holders.set(hold.scope, held);
      }
      changes.set(next.id, { json: JSON.stringify(next), version: expectedVersion + 1 });
    }
    if (freeze?.next === null) freezes.delete(freeze.target);
    else if (freeze !== undefined) freezes.set(freeze.target, structuredClone(freeze.next));
    const record = readStoredRecord(['record', JSON.stringify(chain(draft, head.seq + 1, head.hash))]);
    records = [...records, record];
    head = { seq: record.seq, hash: record.hash };
    for (const listener of listeners) listener(record);
    return { kind: 'appended', record };
  };

  return {
    get trail() {
      return records;
    },
    onAppend: (listener) => void listeners.push(listener),
    removeThrough(seq) {
      records = records.filter((record) => record.seq > seq);
    },
    async newChangeId() {
      changeIds += 1;
      return `BGP-${changeIds}`;
    },
    async change(id) {
      const found = changes.get(id);
      return found === undefined ? undefined : readStoredChange(found.json);
    },
    async recentChanges(limit) {
      const all = [...changes.values()].map(({ json }) => readStoredChange(json));
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
