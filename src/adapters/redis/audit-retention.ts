import { z } from 'zod';
import type { Anchor } from '../../domain/audit/anchor.ts';
import type { Handled } from '../../domain/audit/retention.ts';
import { parseJson } from '../../domain/json.ts';
import type { AuditRetention } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';

const groupsReply = z.array(z.array(z.unknown()));
const pendingReply = z.tuple([z.number(), z.string().nullable()], z.unknown());

/** Removal at the old end of the stream of records. A group of `expected` that does not exist yet has handled nothing. */
export function redisAuditRetention(redis: Redis, keys: Keys, expected: readonly string[]): AuditRetention {
  const { records } = keys;
  return {
    async handled() {
      const reply = groupsReply.parse(await redis.xinfo('GROUPS', records));
      const groups = await Promise.all(reply.map((fields) => handledBy(redis, records, fields)));
      const absent = expected.filter((name) => groups.every(({ group }) => group !== name));
      return [...groups, ...absent.map((group) => ({ group, through: 0 }))];
    },
    async removeThrough(seq, checkpoint) {
      // Before the records, which name the changes: after a crash in between they can still be found.
      await removeChanges(redis, keys, seq, checkpoint);
      const closing = [`${checkpoint.seq}-0`, checkpoint.hash];
      await redis.eval(TRIM_SCRIPT, 2, records, keys.lost, ...closing, `${seq + 1}-0`);
    },
  };
}

async function handledBy(redis: Redis, records: string, fields: readonly unknown[]): Promise<Handled> {
  const group = String(fieldOf(fields, 'name'));
  const delivered = seqOf(String(fieldOf(fields, 'last-delivered-id')));
  // Read after the group's position: records delivered in between are newer, and can only make the result smaller.
  const [, oldest] = pendingReply.parse(await redis.xpending(records, group));
  return { group, through: oldest === null ? delivered : Math.min(delivered, seqOf(oldest) - 1) };
}

function fieldOf(fields: readonly unknown[], name: string): unknown {
  return fields[fields.indexOf(name) + 1];
}

/** Removes the changes whose last record is removed too, with the locations of their cards. */
async function removeChanges(redis: Redis, keys: Keys, through: number, checkpoint: Anchor): Promise<void> {
  const unknown = new Set<string>();
  for (const id of await changesIn(redis, keys, '-', `${through}-0`))
    if ((await removeChange(redis, keys, id, through, checkpoint)) === 'unknown') unknown.add(id);
  if (unknown.size === 0) return;
  // Earlier releases did not note the newest record of a change: search the records that stay.
  const kept = await changesIn(redis, keys, `(${through}-0`, '+');
  for (const id of unknown) {
    if (kept.has(id)) continue;
    await redis.hsetnx(keys.change(id), 'seq', String(through));
    await removeChange(redis, keys, id, through, checkpoint);
  }
}

/** Ids of the changes of the records between two ids. */
async function changesIn(redis: Redis, { records }: Keys, first: string, last: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let from = first; ; ) {
    const page = await redis.xrange(records, from, last, 'COUNT', PAGE);
    for (const [, fields] of page) {
      const record = parseJson(fields[fields.indexOf('record') + 1] ?? '');
      const id = aboutChange.safeParse(record).data?.change;
      if (id !== undefined) ids.add(id);
    }
    const end = page.at(-1)?.[0];
    if (end === undefined || page.length < PAGE) return ids;
    from = `(${end}`;
  }
}

const aboutChange = z.object({ change: z.string() });
const PAGE = 500;

async function removeChange(
  redis: Redis,
  keys: Keys,
  id: string,
  through: number,
  { seq, hash }: Anchor,
): Promise<'removed' | 'kept' | 'unknown'> {
  const keysOf = [keys.records, keys.lost, keys.change(id), keys.cardLocation(id), keys.recent] as const;
  const reply = await redis.eval(REMOVE_SCRIPT, 5, ...keysOf, `${seq}-0`, hash, id, String(through));
  if (reply === 'removed' || reply === 'unknown') return reply;
  return 'kept';
}

/**
 * Lua: whether the trail still has the checkpoint that covers the removed records. A store that was rolled back since the check
 * may not have it, and nothing is removed while records are lost. KEYS: records, lost. ARGV: id and hash of the checkpoint.
 */
const IS_CLOSED = `
local function isClosed()
  if redis.call('EXISTS', KEYS[2]) == 1 then return false end
  local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
  return entry and string.find(entry[2][2], '"hash":"' .. ARGV[2] .. '"', 1, true)
end
`;

/** KEYS and ARGV as above, and the first id that stays. */
const TRIM_SCRIPT = `${IS_CLOSED}
if not isClosed() then return 0 end
return redis.call('XTRIM', KEYS[1], 'MINID', ARGV[3])
`;

/**
 * KEYS and ARGV as above, and change, card, recent; id of the change, the last record to remove. A change that moved since then
 * stays.
 */
const REMOVE_SCRIPT = `${IS_CLOSED}
if not isClosed() then return 'kept' end
if redis.call('EXISTS', KEYS[3]) == 0 then
  redis.call('DEL', KEYS[4])
  redis.call('ZREM', KEYS[5], ARGV[3])
  return 'removed'
end
local seq = redis.call('HGET', KEYS[3], 'seq')
if not seq then return 'unknown' end
if tonumber(seq) > tonumber(ARGV[4]) then return 'kept' end
redis.call('DEL', KEYS[3], KEYS[4])
redis.call('ZREM', KEYS[5], ARGV[3])
return 'removed'
`;

/** Records have ids `SEQ-0`. */
function seqOf(id: string): number {
  return Number(id.split('-')[0]);
}
