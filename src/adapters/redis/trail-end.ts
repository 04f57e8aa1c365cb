import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Anchor, sameHash } from '../../domain/audit/anchor.ts';
import { acceptanceOf, type LostRecords } from '../../domain/audit/lost-records.ts';
import { type AuditRecord, chain, GENESIS } from '../../domain/audit/record.ts';
import { parseJson } from '../../domain/json.ts';
import type { TrailEnd } from '../../ports/store.ts';
import { openGate } from './comparison-gate.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';
import { readStoredRecord } from './stored-values.ts';

export interface RedisTrailEnd extends TrailEnd {
  /** The head that an append wrote or found. */
  saw(head: Anchor): void;
  /** Resolves when no comparison is due before an append. */
  compared(): Promise<void>;
  appendGuard(): AppendGuard;
}

/** What an append must find in the store. */
export interface AppendGuard {
  readonly pulseKey: string;
  /** See `IS_SAME_STORE`; empty without a guard. */
  readonly atLeast: string;
  /** The loss that this process accepted, during which only it appends; empty otherwise. */
  readonly accepted: string;
}

const anchor = z.object({ seq: z.number(), hash: z.string() });
const lostRecords = z.object({ found: anchor, known: anchor, acceptedBy: z.number().optional() });
const lookReply = z.tuple([z.string(), z.string(), z.string()]);

/** The end of the trail in Redis. `onLost` is called only in the process that first notices a loss. */
export function redisTrailEnd(
  redis: Redis,
  keys: Keys,
  onLost: (lost: LostRecords) => void = () => undefined,
): RedisTrailEnd {
  let newest: Anchor | undefined;
  const pulseKey = keys.pulse(randomUUID());
  let accepted = '';
  let left = 0;
  let found = 0;
  /** Writes this process's next marker, unless `atLeast` is missing there: then nothing is written. */
  const leave = async (atLeast: string): Promise<z.infer<typeof lookReply>> => {
    left += 1;
    const leaving = left;
    const reply = lookReply.parse(
      await redis.eval(LOOK_SCRIPT, 2, pulseKey, keys.head, atLeast, leaving, PULSE_FOR_MS),
    );
    if (reply[0] === 'same') found = leaving;
    return reply;
  };
  const gate = openGate(async () => void (await leave('')));

  const compare = async (known: Anchor): Promise<LostRecords | undefined> => {
    for (;;) {
      const head = await redis.hmget(keys.head, 'seq', 'hash');
      const json = await redis.get(keys.lost);
      const before = readLost(json);
      const lost = await lossOf(redis, keys, higher(known, before?.known), readHead(head));
      if (lost === undefined && before?.acceptedBy !== undefined) return before;
      // Lost records are there again: somebody restored the right data.
      if (lost === undefined && json === null) return undefined;
      const after = lost === undefined ? '' : JSON.stringify(lost);
      const args = [...head.map((one) => one ?? ''), json ?? '', after];
      if (after !== json && (await redis.eval(SET_LOST_SCRIPT, 2, keys.head, keys.lost, ...args)) !== 1)
        continue;
      if (json === null && lost !== undefined) onLost(lost);
      return lost;
    }
  };

  return {
    known: () => newest,
    saw(seen) {
      newest = seen;
    },
    lost: async () => readLost(await redis.get(keys.lost)),
    compare,
    async accept(loss, draft) {
      if (loss.acceptedBy !== undefined) {
        const json = (await redis.get(keys.lost)) ?? '';
        if (readLost(json)?.acceptedBy !== loss.acceptedBy) return undefined;
        accepted = json;
        // What this process knew is lost: it continues from the present end.
        newest = undefined;
        return loss.acceptedBy;
      }
      const { after, through } = acceptanceOf(loss, '');
      const record = chain(draft, through + 1, loss.found.hash);
      const going = JSON.stringify({ ...loss, acceptedBy: record.seq });
      const done = await redis.eval(
        ACCEPT_SCRIPT,
        5,
        keys.head,
        keys.records,
        keys.lost,
        keys.accepted,
        keys.counter,
        loss.found.seq,
        loss.found.hash,
        record.seq,
        JSON.stringify(record),
        record.hash,
        through - after,
        going,
      );
      if (done !== 1) return undefined;
      newest = { seq: record.seq, hash: record.hash };
      accepted = going;
      return record.seq;
    },
    async resume() {
      if (accepted !== '') await redis.eval(RESUME_SCRIPT, 1, keys.lost, accepted);
      accepted = '';
    },
    guard: (compareAll) => gate.guard(compareAll),
    suspect: () => gate.suspect(),
    compared: () => gate.passed(),
    appendGuard: () => ({ pulseKey, atLeast: gate.isGuarded ? String(found) : '', accepted }),
    async look() {
      let reply = await leave(String(found));
      if (reply[0] !== 'same') gate.suspect();
      await gate.passed();
      if (reply[0] !== 'same') reply = await leave(String(found));
      const [store, seq, hash] = reply;
      // Another store again: the next call compares.
      if (store !== 'same') return gate.suspect();
      const head = { seq: Number(seq), hash };
      if (newest === undefined ? head.seq > 0 : head.seq > newest.seq) newest = head;
      else if (newest !== undefined && newest.hash !== hash) await compare(newest);
    },
  };
}

/** Parses the key of lost records. */
export function readLost(json: string | null): LostRecords | undefined {
  return lostRecords.safeParse(parseJson(json)).data;
}

function readHead([seq, hash]: readonly (string | null)[]): Anchor {
  return { seq: Number(seq ?? 0), hash: hash ?? GENESIS };
}

function higher(one: Anchor, other: Anchor | undefined): Anchor {
  return other !== undefined && other.seq > one.seq ? other : one;
}

/** The loss when the trail ends with `found` and had `known`; undefined if `known` is there, or known to be lost. */
async function lossOf(
  redis: Redis,
  keys: Keys,
  known: Anchor,
  found: Anchor,
): Promise<LostRecords | undefined> {
  if (known.seq === 0) return undefined;
  const accepted = Number(await redis.get(keys.accepted));
  if (accepted >= known.seq && accepted <= found.seq) {
    const record = await recordAt(redis, keys, accepted);
    // Either the record by which an operator accepted it, or retention removed that record.
    if (record === undefined || (record !== 'unreadable' && record.event === 'audit.restore_accepted'))
      return undefined;
  }
  if (found.seq < known.seq) return { found, known };
  const record = await recordAt(redis, keys, known.seq);
  // A record that retention removed counts as present; an unreadable one is not the one that was published.
  const isThere = record === undefined || (record !== 'unreadable' && sameHash(record.hash, known.hash));
  return isThere ? undefined : { found, known };
}

async function recordAt(
  redis: Redis,
  { records }: Keys,
  seq: number,
): Promise<AuditRecord | 'unreadable' | undefined> {
  const [entry] = await redis.xrange(records, `${seq}-0`, `${seq}-0`);
  if (entry === undefined) return undefined;
  try {
    return readStoredRecord(entry[1]);
  } catch {
    return 'unreadable';
  }
}

/** A replica that has not called `look` for this long compares before its next append. */
const PULSE_FOR_MS = 60_000;

/**
 * Lua: whether this server has a process's last marker: an increasing number and the server's id. A restarted server or a new
 * primary has another id; earlier data has a lower number or none. If a managed Redis forbids INFO, only the number is compared.
 */
export const IS_SAME_STORE = `
local function server()
  local info = redis.pcall('INFO', 'server')
  return type(info) == 'string' and string.match(info, 'run_id:(%w+)') or '-'
end
local function isSameStore(key, atLeast)
  local number, left = string.match(redis.call('GET', key) or '', '^(%d+) (%S+)$')
  return number and tonumber(number) >= tonumber(atLeast) and left == server()
end
`;

/** KEYS: pulse, head. ARGV: lowest number to find or '', next number, lifetime in ms. Returns {'same' or 'other', seq, hash}. */
const LOOK_SCRIPT = `${IS_SAME_STORE}
local head = redis.call('HMGET', KEYS[2], 'seq', 'hash')
local store = 'other'
if ARGV[1] == '' or isSameStore(KEYS[1], ARGV[1]) then
  store = 'same'
  redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. server(), 'PX', ARGV[3])
end
return {store, head[1] or '0', head[2] or '${GENESIS}'}
`;

/** KEYS: head, lost. ARGV: seq and hash of the compared head, previous loss, new loss. 0 when head or loss has changed since. */
const SET_LOST_SCRIPT = `
local head = redis.call('HMGET', KEYS[1], 'seq', 'hash')
if (head[1] or '') ~= ARGV[1] or (head[2] or '') ~= ARGV[2] then return 0 end
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[3] then return 0 end
if ARGV[4] == '' then redis.call('DEL', KEYS[2]) else redis.call('SET', KEYS[2], ARGV[4]) end
return 1
`;

/**
 * KEYS: head, records, lost, accepted, counter. ARGV: seq and hash of the head, new seq, record, new hash, how many ids may have
 * been issued, the loss in force until all resume. 0 when the head has changed, or when the loss exceeds the accepted one.
 */
const ACCEPT_SCRIPT = `
local head = redis.call('HMGET', KEYS[1], 'seq', 'hash')
if (head[1] or '0') ~= ARGV[1] or (head[2] or '${GENESIS}') ~= ARGV[2] then return 0 end
local lost = redis.call('GET', KEYS[3])
if lost then
  local read, what = pcall(cjson.decode, lost)
  if read and what.known.seq >= tonumber(ARGV[3]) then return 0 end
end
redis.call('XADD', KEYS[2], ARGV[3] .. '-0', 'record', ARGV[4])
redis.call('HSET', KEYS[1], 'seq', ARGV[3], 'hash', ARGV[5])
redis.call('INCRBY', KEYS[5], ARGV[6])
redis.call('SET', KEYS[4], ARGV[3])
redis.call('SET', KEYS[3], ARGV[7])
return 1
`;

/** KEYS: lost. ARGV: the accepted loss. */
const RESUME_SCRIPT = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;
