import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type AuditRecord, chain, GENESIS } from '../../domain/audit/record.ts';
import type { Change } from '../../domain/change/change.ts';
import {
  type Append,
  type AppendOutcome,
  type Hold,
  RecordsLost,
  type Store,
  Unreadable,
} from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';
import {
  readStoredChange,
  readStoredFreeze,
  readStoredRecord,
  storedChange,
  unreadableChange,
  whyUnreadable,
} from './stored-values.ts';
import { type RedisTrailEnd, readLost, redisTrailEnd } from './trail-end.ts';

const TRIES = 50;
const PAGE = 500;
const answer = z.tuple([z.string()], z.string());

/**
 * Changes and audit trail in Redis. Appends of one process wait for each other; a conflict with another process is retried,
 * once it is clear that the other one only went on from what this one knows. An append throws `RecordsLost` when the store
 * went back in time. `onUnreadable` is told once of each change, record and freeze that cannot be read, and how many there are.
 */
export function redisStore(
  redis: Redis,
  keys: Keys,
  end: RedisTrailEnd = redisTrailEnd(redis, keys),
  onUnreadable: (what: string, why: string, count: number) => void = () => undefined,
): Store {
  let last: Promise<unknown> = Promise.resolve();
  const unreadable = new Set<string>();
  const setAside = (what: string, why: string): void => {
    if (unreadable.has(what)) return;
    unreadable.add(what);
    onUnreadable(what, why, unreadable.size);
  };
  const readChange = (id: string, json: string): Change => {
    try {
      return readStoredChange(json);
    } catch (error) {
      setAside(`change ${id}`, whyUnreadable(error));
      throw unreadableChange(id, json, error);
    }
  };
  const readRecords = (page: readonly [id: string, fields: string[]][]): readonly AuditRecord[] =>
    page.flatMap(([id, fields]) => {
      try {
        return [readStoredRecord(fields)];
      } catch (error) {
        setAside(`record #${id.split('-')[0]}`, whyUnreadable(error));
        return [];
      }
    });

  const appendNow = async (append: Append): Promise<AppendOutcome> => {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const known = end.known();
      const head = known ?? { seq: 0, hash: GENESIS };
      const record = chain(append.record, head.seq + 1, head.hash);
      const reply = await evaluate(redis, keys, append, record);
      const [kind, seq = '0', hash = ''] = answer.parse(reply);
      if (kind === 'appended') {
        end.saw({ seq: record.seq, hash: record.hash });
        return { kind: 'appended', record };
      }
      if (kind === 'version') return { kind: 'version_conflict' };
      if (kind === 'fence') return { kind: 'fence_lost' };
      if (kind === 'held') return { kind: 'scope_held', by: seq };
      const lost = kind === 'lost' ? readLost(seq) : known && (await end.compare(known));
      if (lost !== undefined) throw new RecordsLost(lost);
      end.saw({ seq: Number(seq), hash: hash === '' ? GENESIS : hash });
      if (tried > 2) await sleep(Math.random() * tried * 2);
    }
    throw new Error(`appending ${append.record.event}: other replicas kept appending first`);
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
    unreadable: () => [...unreadable],
    freezes: async () => {
      const found = Object.entries(await redis.hgetall(keys.freezes));
      return new Map(found.map(([target, json]) => [target, readStoredFreeze(json)]));
    },
    scopeHolders: async (scope) =>
      ((await redis.hget(keys.holders, scope)) ?? '').split(' ').filter((id) => id !== ''),
    append: (append) => {
      const appended = last.then(() => appendNow(append));
      // The next one follows even when this one fails, which its own caller handles.
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

async function evaluate(redis: Redis, keys: Keys, append: Append, record: AuditRecord): Promise<unknown> {
  const { change, fence, freeze, hold } = append;
  const next = change?.next;
  return redis.eval(
    APPEND_SCRIPT,
    8,
    keys.head,
    keys.records,
    keys.change(next?.id ?? 'none'),
    keys.recent,
    keys.lease(fence?.scope ?? 'none'),
    keys.freezes,
    keys.holders,
    keys.lost,
    String(record.seq - 1),
    record.prev,
    JSON.stringify(record),
    String(record.seq),
    record.hash,
    next === undefined ? '' : storedChange(next),
    String(change?.expectedVersion ?? 0),
    String(next?.createdAtMs ?? 0),
    next?.id ?? '',
    fence === undefined ? '' : `${fence.token} ${fence.owner}`,
    freeze?.target ?? '',
    freeze === undefined || freeze.next === null ? '' : JSON.stringify(freeze.next),
    hold?.scope ?? '',
    hold?.kind ?? '',
    passedBy(hold),
  );
}

function passedBy(hold: Hold | undefined): string {
  if (hold?.passes === undefined) return '';
  return hold.passes.kind === 'all' ? '*' : hold.passes.id;
}

/**
 * The one write (invariant 3): state and record together, or neither, wherever the store fails. Redis 6.2 and later, Redis Cluster (one slot).
 *
 * KEYS: head, records, change, recent, lease, freezes, holders, lost. ARGV: expected seq, expected hash, record, new seq, new hash,
 * change JSON or '', expected version, created at (ms), change id, fencing token and owner or '', target frozen or '', its freeze
 * as JSON or '' when it is lifted, scope held or '', take, keep or leave, whose hold is passed: '*', an id or ''. The holders of a
 * scope are ids with spaces between them.
 * Answers {'appended'}, {'head', seq, hash}, {'version'}, {'fence'}, {'held', change id} or {'lost', what}.
 */
const APPEND_SCRIPT = `
local head = redis.call('HMGET', KEYS[1], 'seq', 'hash')
local seq = head[1] or '0'
local hash = head[2] or ''
local version = redis.call('HGET', KEYS[3], 'version') or '0'
-- A retry of what was appended already; another replica may have appended the same words about another version.
if hash == ARGV[5] and (ARGV[6] == '' or version == tostring(tonumber(ARGV[7]) + 1)) then return {'appended'} end
local lost = redis.call('GET', KEYS[8])
if lost then return {'lost', lost} end
if ARGV[10] ~= '' then
  local lease = redis.call('GET', KEYS[5])
  if lease ~= ARGV[10] then return {'fence'} end
end
if ARGV[6] ~= '' and version ~= ARGV[7] then return {'version'} end
local holders = {}
if ARGV[13] ~= '' then
  local joins = ARGV[14] ~= 'leave'
  for id in string.gmatch(redis.call('HGET', KEYS[7], ARGV[13]) or '', '%S+') do
    if id ~= ARGV[9] then
      if ARGV[14] == 'take' and ARGV[15] ~= '*' and ARGV[15] ~= id then return {'held', id} end
      holders[#holders + 1] = id
    elseif joins then
      holders[#holders + 1] = id
      joins = false
    end
  end
  if joins then holders[#holders + 1] = ARGV[9] end
end
if seq ~= ARGV[1] or (hash ~= '' and hash ~= ARGV[2]) then return {'head', seq, hash} end
-- Redis does not undo what a script wrote before it failed. So every key is read before the first one is written, which
-- fails where a key holds another type; and the record goes first, which fails where the stream is ahead of its head.
redis.call('XLEN', KEYS[2])
redis.call('ZCARD', KEYS[4])
redis.call('HLEN', KEYS[6])
redis.call('HLEN', KEYS[7])
redis.call('XADD', KEYS[2], ARGV[4] .. '-0', 'record', ARGV[3])
redis.call('HSET', KEYS[1], 'seq', ARGV[4], 'hash', ARGV[5])
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[3], 'version', tostring(tonumber(ARGV[7]) + 1), 'state', ARGV[6], 'seq', ARGV[4])
  redis.call('ZADD', KEYS[4], ARGV[8], ARGV[9])
end
if ARGV[11] ~= '' then
  if ARGV[12] == '' then redis.call('HDEL', KEYS[6], ARGV[11])
  else redis.call('HSET', KEYS[6], ARGV[11], ARGV[12]) end
end
if ARGV[13] ~= '' then
  if #holders == 0 then redis.call('HDEL', KEYS[7], ARGV[13])
  else redis.call('HSET', KEYS[7], ARGV[13], table.concat(holders, ' ')) end
end
return {'appended'}
`;
