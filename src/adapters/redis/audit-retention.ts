import { z } from 'zod';
import type { Handled } from '../../domain/audit/retention.ts';
import type { AuditRetention } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';

const groupsReply = z.array(z.array(z.unknown()));
const pendingReply = z.tuple([z.number(), z.string().nullable()], z.unknown());

/** The stream of records at its old end. A group of `expected` that nobody has made yet has handled nothing. */
export function redisAuditRetention(
  redis: Redis,
  { records }: Keys,
  expected: readonly string[],
): AuditRetention {
  return {
    async handled() {
      const reply = groupsReply.parse(await redis.xinfo('GROUPS', records));
      const groups = await Promise.all(reply.map((fields) => handledBy(redis, records, fields)));
      const absent = expected.filter((name) => groups.every(({ group }) => group !== name));
      return [...groups, ...absent.map((group) => ({ group, through: 0 }))];
    },
    async removeThrough(seq) {
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

/** Records have ids `SEQ-0`. */
function seqOf(id: string): number {
  return Number(id.split('-')[0]);
}
