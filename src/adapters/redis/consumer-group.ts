import { z } from 'zod';
import type { Redis } from './connect.ts';

/** How long a read blocks: a graceful stop waits for its end. */
const BLOCK_FOR_MS = 500;
/** A live consumer reads every few seconds. */
const DEAD_CONSUMER_AFTER_MS = 10 * 60_000;
/** More than one read and one claim return together. */
const HANDED_OVER_LIMIT = 1_000;

/** One process in a consumer group of the stream. */
export interface Consumer {
  /** Connection for reads, which block while there is nothing new; `prompt` does not block. */
  readonly redis: Redis;
  readonly prompt: Redis;
  readonly stream: string;
  readonly group: string;
  /** Our name in the group; new at each start. */
  readonly consumer: string;
  readonly deadAfterMs: number;
}

export type Entry = readonly [id: string, fields: readonly string[]];

const entry = z.tuple([z.string(), z.array(z.string()).nullable()]);
const readReply = z.array(z.tuple([z.string(), z.array(entry)])).nullable();
const pendingReply = z.array(z.tuple([z.string()], z.unknown()));
const consumersReply = z.array(z.array(z.unknown()));
const claimReply = z.tuple([z.string(), z.array(entry.nullable())], z.unknown());

export async function createGroup(redis: Redis, stream: string, group: string): Promise<true> {
  try {
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
  }
  return true;
}

export async function readNew({ redis, stream, group, consumer }: Consumer): Promise<readonly Entry[]> {
  const reply: unknown = await redis.xreadgroup(
    'GROUP',
    group,
    consumer,
    'COUNT',
    50,
    'BLOCK',
    BLOCK_FOR_MS,
    'STREAMS',
    stream,
    '>',
  );
  return (readReply.parse(reply)?.[0]?.[1] ?? []).flatMap(([id, fields]) =>
    fields === null ? [] : [[id, fields] as const],
  );
}

/** Claims entries that others left idle for long enough, from an id on; `next` is the id to continue from, `0-0` at the end. */
export async function claim(
  { redis, stream, group, consumer }: Consumer,
  idleForMs: number,
  from: string,
): Promise<{ readonly entries: readonly Entry[]; readonly next: string }> {
  const reply: unknown = await redis.xautoclaim(stream, group, consumer, idleForMs, from, 'COUNT', 100);
  const [next, claimed] = claimReply.parse(reply);
  const entries = claimed.flatMap((one) =>
    one === null || one[1] === null ? [] : [[one[0], one[1]] as const],
  );
  return { entries, next };
}

/**
 * Makes entries that were read and not handled claimable at once. Without it, a graceful restart would delay these records for as
 * long as the death of a replica.
 */
export async function handOver({ prompt, stream, group, consumer, deadAfterMs }: Consumer): Promise<void> {
  const reply: unknown = await prompt.xpending(stream, group, '-', '+', HANDED_OVER_LIMIT, consumer);
  const ids = pendingReply.parse(reply).map(([id]) => id);
  if (ids.length === 0) await prompt.xgroup('DELCONSUMER', stream, group, consumer);
  else await prompt.call('XCLAIM', [stream, group, consumer, 0, ...ids, 'IDLE', deadAfterMs, 'JUSTID']);
}

/** Removes consumers that ended long ago and left nothing: each start has its own name in the group. */
export async function removeDeadConsumers({ redis, stream, group, consumer }: Consumer): Promise<void> {
  const reply: unknown = await redis.xinfo('CONSUMERS', stream, group);
  for (const fields of consumersReply.parse(reply)) {
    const field = (name: string): unknown => fields[fields.indexOf(name) + 1];
    const name = String(field('name'));
    const dead = Number(field('pending')) === 0 && Number(field('idle')) > DEAD_CONSUMER_AFTER_MS;
    // A process that was suspended for that long is registered again at its next read.
    if (dead && name !== consumer) await redis.xgroup('DELCONSUMER', stream, group, name);
  }
}
