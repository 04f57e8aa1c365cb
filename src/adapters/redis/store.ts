import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { LostRecords } from '../../domain/audit/lost-records.ts';
import { type AuditRecord, chain, GENESIS } from '../../domain/audit/record.ts';
import type { Change } from '../../domain/change/change.ts';
import { type Append, type AppendOutcome, RecordsLost, type Store, Unreadable } from '../../ports/store.ts';
import { runAppend } from './append-script.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';
import {
  readStoredChange,
  readStoredFreeze,
  readStoredRecord,
  unreadableChange,
  whyUnreadable,
} from './stored-values.ts';
import { type RedisTrailEnd, readLost, redisTrailEnd } from './trail-end.ts';

const TRIES = 50;
/** How often one append repeats the comparison of the trail because another store answers. */
const MAX_OTHERS = 3;
const PAGE = 500;
const answer = z.tuple([z.string()], z.string());

/**
 * Changes and audit trail in Redis. Appends of one process are serialized; a conflict with another process is retried, after
 * checking that the other one continued the trail that this one knows. An append throws `RecordsLost` when the store was rolled
 * back. `onUnreadable` is called once for each change and each record that cannot be read, with their total number.
 */
export function redisStore(
  redis: Redis,
  keys: Keys,
  end: RedisTrailEnd = redisTrailEnd(redis, keys),
  onUnreadable: (what: string, why: string, count: number) => void = () => undefined,
): Store {
  let last: Promise<unknown> = Promise.resolve();
  const unreadable = { changes: new Set<string>(), records: new Set<number>() };
  const report = (what: string, error: unknown): void =>
    onUnreadable(what, whyUnreadable(error), unreadable.changes.size + unreadable.records.size);
  const readChange = (id: string, json: string): Change => {
    try {
      return readStoredChange(json);
    } catch (error) {
      if (!unreadable.changes.has(id)) {
        unreadable.changes.add(id);
        report(`change ${id}`, error);
      }
      throw unreadableChange(id, json, error);
    }
  };
  const readRecords = (page: readonly [id: string, fields: string[]][]): readonly AuditRecord[] =>
    page.flatMap(([id, fields]) => {
      try {
        return [readStoredRecord(fields)];
      } catch (error) {
        const seq = Number(id.split('-')[0]);
        if (!unreadable.records.has(seq)) {
          unreadable.records.add(seq);
          report(`record #${seq}`, error);
        }
        return [];
      }
    });

  const appendNow = async (append: Append): Promise<AppendOutcome> => {
    let others = 0;
    for (let tried = 0; tried < TRIES; tried += 1) {
      await end.compared();
      const known = end.known();
      const head = known ?? { seq: 0, hash: GENESIS };
      const record = chain(append.record, head.seq + 1, head.hash);
      const reply = await runAppend(redis, keys, append, record, end.appendGuard());
      const [kind, seq = '0', hash = ''] = answer.parse(reply);
      if (kind === 'appended') {
        end.saw({ seq: record.seq, hash: record.hash });
        return { kind: 'appended', record };
      }
      if (kind === 'version') return { kind: 'version_conflict' };
      if (kind === 'fence') return { kind: 'fence_lost' };
      if (kind === 'held') return { kind: 'scope_held', by: seq };
      if (kind === 'other') {
        others += 1;
        if (others > MAX_OTHERS) break;
        end.suspect();
        continue;
      }
      const lost = kind === 'lost' ? readStoredLoss(seq, keys) : known && (await end.compare(known));
      if (lost !== undefined) throw new RecordsLost(lost);
      end.saw({ seq: Number(seq), hash: hash === '' ? GENESIS : hash });
      if (tried > 2) await sleep(Math.random() * tried * 2);
    }
    const why =
      others > MAX_OTHERS ? 'another store answered each time' : 'other replicas kept appending first';
    throw new Error(`appending ${append.record.event}: ${why}`);
  };

  return {
    newChangeId: async () => `BGP-${await redis.incr(keys.counter)}`,
    change: async (id) => {
      const json = await redis.hget(keys.change(id), 'state');
      return json === null ? undefined : readChange(id, json);
    },
    recentChanges: async (limit) => {
      const ids = await redis.zrevrange(keys.recent, 0, limit - 1);
      const found = await Promise.all(
        ids.map(async (id) => ({ id, json: await redis.hget(keys.change(id), 'state') })),
      );
      return found.flatMap(({ id, json }) => {
        try {
          return json === null ? [] : [readChange(id, json)];
        } catch (error) {
          if (error instanceof Unreadable) return [];
          throw error;
        }
      });
    },
    changeIds: () => redis.zrevrange(keys.recent, 0, -1),
    unreadable: () => ({ changes: [...unreadable.changes], records: [...unreadable.records] }),
    freezes: async () => {
      const found = Object.entries(await redis.hgetall(keys.freezes));
      return new Map(found.map(([target, json]) => [target, readStoredFreeze(json)]));
    },
    scopeHolders: async (scope) =>
      ((await redis.hget(keys.holders, scope)) ?? '').split(' ').filter((id) => id !== ''),
    append: (append) => {
      const appended = last.then(() => appendNow(append));
      // The next append follows even when this one fails, which its own caller handles.
      last = appended.catch(() => undefined);
      return appended;
    },
    records: async function* (fromSeq) {
      for (let from = `${Math.max(1, fromSeq)}-0`; ; ) {
        const page = await redis.xrange(keys.records, from, '+', 'COUNT', PAGE);
        yield* readRecords(page);
        const end = page.at(-1)?.[0];
        if (end === undefined || page.length < PAGE) return;
        from = `(${end}`;
      }
    },
    async *latestRecords() {
      for (let to = '+'; ; ) {
        const page = await redis.xrevrange(keys.records, to, '-', 'COUNT', PAGE);
        yield* readRecords(page);
        const end = page.at(-1)?.[0];
        if (end === undefined || page.length < PAGE) return;
        to = `(${end}`;
      }
    },
  };
}

function readStoredLoss(json: string, keys: Keys): LostRecords {
  const lost = readLost(json);
  if (lost === undefined) throw new Error(`${keys.lost} does not say which records are lost`);
  return lost;
}
