import { z } from 'zod';
import { type Anchor, sameHash } from '../../domain/audit/anchor.ts';
import { acceptanceOf, type LostRecords } from '../../domain/audit/lost-records.ts';
import { chain, GENESIS } from '../../domain/audit/record.ts';
import { parseJson } from '../../domain/json.ts';
import type { TrailEnd } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';
import { readStoredRecord } from './stored-values.ts';

export interface RedisTrailEnd extends TrailEnd {
  /** The head that an append left or found. */
  saw(head: Anchor): void;
}

const anchor = z.object({ seq: z.number(), hash: z.string() });
const lostRecords = z.object({ found: anchor, known: anchor });

/** The end of the trail in Redis. `onLost` is called in the one process that was the first to notice a loss. */
export function redisTrailEnd(
  redis: Redis,
  keys: Keys,
  onLost: (lost: LostRecords) => void = () => undefined,
): RedisTrailEnd {
  let newest: Anchor | undefined;
  const head = async (): Promise<Anchor> => {
    const [seq, hash] = await redis.hmget(keys.head, 'seq', 'hash');
    return { seq: Number(seq ?? 0), hash: hash ?? GENESIS };
  };
  const lost = async (): Promise<LostRecords | undefined> => readLost(await redis.get(keys.lost));
  return {
    known: () => newest,
    saw(seen) {
      newest = seen;
    },
    lost,
    async compare(known) {
      const found = await head();
      if (Number(await redis.get(keys.accepted)) >= known.seq) return undefined;
      if (found.seq >= known.seq && (await hasRecord(redis, keys, known))) return undefined;
      const loss = { found, known };
      const before = await redis.set(keys.lost, JSON.stringify(loss), 'NX', 'GET');
      if (before !== null) return readLost(before) ?? loss;
      onLost(loss);
      return loss;
    },
    async accept(loss, draft) {
      const { found } = loss;
      const acceptance = acceptanceOf(loss, '');
      const record = chain(draft, acceptance.through + 1, found.hash);
      const done = await redis.eval(
        ACCEPT_SCRIPT,
        5,
        keys.head,
        keys.records,
        keys.lost,
        keys.accepted,
        keys.counter,
        found.seq,
        record.seq,
        JSON.stringify(record),
        record.hash,
        acceptance.through - acceptance.after,
      );
      if (done !== 1) return undefined;
      newest = { seq: record.seq, hash: record.hash };
      return record;
    },
  };
}

/** What the key of lost records holds. */
export function readLost(json: string | null): LostRecords | undefined {
  return lostRecords.safeParse(parseJson(json)).data;
}

/** Whether the trail has this record; one that retention removed, or that a restore lost, counts as there. */
async function hasRecord(redis: Redis, keys: Keys, { seq, hash }: Anchor): Promise<boolean> {
  if (seq === 0) return true;
  const [entry] = await redis.xrange(keys.records, `${seq}-0`, `${seq}-0`);
  if (entry === undefined) return true;
  try {
    return sameHash(readStoredRecord(entry[1]).hash, hash);
  } catch {
    return false; // What is no record any more is not the one that was told.
  }
}

/** KEYS: head, records, lost, accepted, counter. ARGV: seq of the head, new seq, record, new hash, how many ids may have been given. */
const ACCEPT_SCRIPT = `
if (redis.call('HGET', KEYS[1], 'seq') or '0') ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[2], ARGV[2] .. '-0', 'record', ARGV[3])
redis.call('HSET', KEYS[1], 'seq', ARGV[2], 'hash', ARGV[4])
redis.call('INCRBY', KEYS[5], ARGV[5])
redis.call('SET', KEYS[4], ARGV[2])
redis.call('DEL', KEYS[3])
return 1
`;
