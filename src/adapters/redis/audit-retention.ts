import { z } from 'zod';
import type { Handled } from '../../domain/audit/retention.ts';
import { parseJson } from '../../domain/json.ts';
import type { AuditRetention } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';

const groupsReply = z.array(z.array(z.unknown()));
const pendingReply = z.tuple([z.number(), z.string().nullable()], z.unknown());

/** The stream of records at its old end. A group of `expected` that nobody has made yet has handled nothing. */
export function redisAuditRetention(redis: Redis, keys: Keys, expected: readonly string[]): AuditRetention {
  const { records } = keys;
  return {
    async handled() {
      const reply = groupsReply.parse(await redis.xinfo('GROUPS', records));
      const groups = await Promise.all(reply.map((fields) => handledBy(redis, records, fields)));
      const absent = expected.filter((name) => groups.every(({ group }) => group !== name));
      return [...groups, ...absent.map((group) => ({ group, through: 0 }))];
    },
    async removeThrough(seq) {
      // Before the records, which name the changes: after a crash in between they are found again.
      await removeChanges(redis, keys, seq);
      await redis.xtrim(records, 'MINID', `${seq + 1}-0`);
    },
  };
}

async function handledBy(redis: Redis, records: string, fields: readonly unknown[]): Promise<Handled> {
  const group = String(fieldOf(fields, 'name'));
  const delivered = seqOf(String(fieldOf(fields, 'last-delivered-id')));
  // Asked after it: whatever is delivered in between is newer, and only makes the answer smaller.
  const [, oldest] = pendingReply.parse(await redis.xpending(records, group));
  return { group, through: oldest === null ? delivered : Math.min(delivered, seqOf(oldest) - 1) };
}

function fieldOf(fields: readonly unknown[], name: string): unknown {
  return fields[fields.indexOf(name) + 1];
}

/** The changes whose last record goes as well, with where their cards stand. */
async function removeChanges(redis: Redis, keys: Keys, through: number): Promise<void> {
  const unknown = new Set<string>();
  for (const id of await changesIn(redis, keys, '-', `${through}-0`))
    if ((await removeChange(redis, keys, id, through)) === 'unknown') unknown.add(id);
  if (unknown.size === 0) return;
  // Releases before this one did not note the newest record of a change: it is looked for among those that stay.
  const kept = await changesIn(redis, keys, `(${through}-0`, '+');
  for (const id of unknown) {
    if (kept.has(id)) continue;
    await redis.hsetnx(keys.change(id), 'seq', String(through));
    await removeChange(redis, keys, id, through);
  }
}

/** Ids of the changes that the records between two ids are about. */
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
): Promise<'removed' | 'kept' | 'unknown'> {
  const keysOf = [keys.change(id), keys.cardLocation(id), keys.recent] as const;
  const reply = await redis.eval(REMOVE_SCRIPT, 3, ...keysOf, id, String(through));
  if (reply === 'removed' || reply === 'unknown') return reply;
  return 'kept';
}

/** KEYS: change, card, recent. ARGV: id of the change, the last record that goes. A change that moves meanwhile stays. */
const REMOVE_SCRIPT = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return 'removed'
end
local seq = redis.call('HGET', KEYS[1], 'seq')
if not seq then return 'unknown' end
if tonumber(seq) > tonumber(ARGV[2]) then return 'kept' end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
return 'removed'
`;

/** Records have ids `SEQ-0`. */
function seqOf(id: string): number {
  return Number(id.split('-')[0]);
}
