import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AuditRecord } from '../../domain/audit/record.ts';
import { type RecordStream, Unreadable } from '../../ports/store.ts';
import type { Keys } from './keys.ts';
import { readStoredRecord, whyUnreadable } from './stored-values.ts';

const DEAD_AFTER_MS = 60_000;
const CLAIM_EVERY_MS = 10_000;
const BLOCK_FOR_MS = 2_000;
/** A live one reads every few seconds. */
const DEAD_CONSUMER_AFTER_MS = 10 * 60_000;
const RETRY_PAUSE_LIMIT_MS = 5_000;
/** More than one read and one claim return together. */
const HANDED_OVER_LIMIT = 1_000;

type Entry = readonly [id: string, fields: readonly string[]];
const entry = z.tuple([z.string(), z.array(z.string()).nullable()]);
const readReply = z.array(z.tuple([z.string(), z.array(entry)])).nullable();
const pendingReply = z.array(z.tuple([z.string()], z.unknown()));
const consumersReply = z.array(z.array(z.unknown()));
const claimReply = z.tuple([z.string(), z.array(entry.nullable())], z.unknown());

/** The stream of records by consumer groups. `open` returns a connection for each group, because reading blocks it; `prompt` acknowledges. */
export function redisRecordStream(
  open: () => Redis,
  prompt: Redis,
  keys: Keys,
  log: (error: unknown, what: string) => void,
): RecordStream {
  return {
    follow(group, handle, { atOnce = 1, deadAfterMs = DEAD_AFTER_MS, onUnreadable, alone = false } = {}) {
      const stopping = new AbortController();
      const redis = open();
      const reading: Reading = {
        pulse: { movedAtMs: Date.now(), handlingSinceMs: new Map() },
        redis,
        prompt,
        stream: keys.records,
        group,
        consumer: randomUUID(),
        handle,
        onUnreadable: onUnreadable ?? (async () => undefined),
        atOnce,
        deadAfterMs,
        alone,
        stopped: stopping.signal,
        log,
      };
      const done = read(reading);
      return {
        group,
        stalledForMs: () => Date.now() - lastMoveMs(reading),
        async stop() {
          stopping.abort();
          // Ends a read that waits for records; running handlers are waited for.
          redis.disconnect();
          await done;
          await handOver(reading).catch((error: unknown) => log(error, `${group}: handing records over`));
        },
      };
    },
  };
}

interface Reading {
  readonly redis: Redis;
  readonly prompt: Redis;
  readonly stream: string;
  readonly group: string;
  /** Our name in the group; new with each start. */
  readonly consumer: string;
  readonly handle: (record: AuditRecord) => Promise<void>;
  readonly onUnreadable: (seq: number, why: string) => Promise<void>;
  readonly atOnce: number;
  readonly deadAfterMs: number;
  readonly alone: boolean;
  readonly stopped: AbortSignal;
  readonly pulse: Pulse;
  readonly log: (error: unknown, what: string) => void;
}

/** When it last read or was done with a record, and since when it handles what it has in hand. */
interface Pulse {
  movedAtMs: number;
  readonly handlingSinceMs: Map<string, number>;
}

/** While as many are in hand as may be, nothing more is read: it gets on when the oldest of them does. */
function lastMoveMs({ pulse, atOnce }: Reading): number {
  const since = [...pulse.handlingSinceMs.values()];
  return since.length < atOnce ? pulse.movedAtMs : Math.min(...since);
}

async function read(reading: Reading): Promise<void> {
  const { redis, stream, group, deadAfterMs, stopped, log } = reading;
  const claimEveryMs = Math.min(deadAfterMs / 2, CLAIM_EVERY_MS);
  const running = new Map<string, Promise<void>>();
  let claimAtMs = Date.now();
  let created = false;
  let from = reading.alone ? '0' : undefined;
  for (let pauseMs = 100; !stopped.aborted; ) {
    try {
      if (!created) {
        created = await createGroup(redis, stream, group);
        await removeDeadConsumers(reading);
      }
      if (from !== undefined) {
        const left = await claim(reading, 0, from);
        for (const entry of left.entries) await startHandling(entry, running, reading);
        from = left.next === '0-0' ? undefined : left.next;
        continue;
      }
      const due = Date.now() >= claimAtMs;
      if (due) claimAtMs = Date.now() + claimEveryMs;
      const entries = due ? (await claim(reading, deadAfterMs, '0')).entries : await readNew(reading);
      reading.pulse.movedAtMs = Date.now();
      for (const entry of entries) await startHandling(entry, running, reading);
      pauseMs = 100;
    } catch (error) {
      if (stopped.aborted) break;
      log(error, `${group}: reading records`);
      created = false;
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, RETRY_PAUSE_LIMIT_MS);
    }
  }
  await Promise.all(running.values());
}

/** Starts to handle one record as soon as fewer than `atOnce` are being handled. */
async function startHandling(
  entry: Entry,
  running: Map<string, Promise<void>>,
  reading: Reading,
): Promise<void> {
  const [id] = entry;
  const { prompt, stream, group, atOnce, stopped, pulse, log } = reading;
  while (running.size >= atOnce) await Promise.race(running.values());
  // A record that takes long is claimed by this same process after a while.
  if (stopped.aborted || running.has(id)) return;
  const work = handleUntilDone(handlingOf(entry, reading), stopped, (error) =>
    log(error, `${group}: record ${id}`),
  )
    .then(async (done) => {
      if (done) await prompt.xack(stream, group, id);
    })
    .catch((error: unknown) => log(error, `${group}: acknowledging record ${id}`))
    .finally(() => {
      running.delete(id);
      pulse.handlingSinceMs.delete(id);
      pulse.movedAtMs = Date.now();
    });
  running.set(id, work);
  pulse.handlingSinceMs.set(id, Date.now());
}

async function createGroup(redis: Redis, stream: string, group: string): Promise<true> {
  try {
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
  }
  return true;
}

async function readNew({ redis, stream, group, consumer }: Reading): Promise<readonly Entry[]> {
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

/** Takes over what others left alone for so long, from an id on; `next` is where to go on, `0-0` at the end. */
async function claim(
  { redis, stream, group, consumer }: Reading,
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
 * Leaves what was read and not handled to whoever claims next. Without it each orderly restart would hold these records
 * back for as long as those of a dead replica.
 */
async function handOver({ prompt, stream, group, consumer, deadAfterMs }: Reading): Promise<void> {
  const reply: unknown = await prompt.xpending(stream, group, '-', '+', HANDED_OVER_LIMIT, consumer);
  const ids = pendingReply.parse(reply).map(([id]) => id);
  if (ids.length === 0) await prompt.xgroup('DELCONSUMER', stream, group, consumer);
  else await prompt.xclaim(stream, group, consumer, 0, ...ids, 'IDLE', deadAfterMs, 'JUSTID');
}

/** Each start has a name of its own in the group: those that ended long ago and left nothing are of no use to anybody. */
async function removeDeadConsumers({ redis, stream, group, consumer }: Reading): Promise<void> {
  const reply: unknown = await redis.xinfo('CONSUMERS', stream, group);
  for (const fields of consumersReply.parse(reply)) {
    const field = (name: string): unknown => fields[fields.indexOf(name) + 1];
    const name = String(field('name'));
    const dead = Number(field('pending')) === 0 && Number(field('idle')) > DEAD_CONSUMER_AFTER_MS;
    // A process that stood still so long is given its name again when it reads on.
    if (dead && name !== consumer) await redis.xgroup('DELCONSUMER', stream, group, name);
  }
}

/** What is done with an entry of the stream. One that is no record is told and passed over, so that it stops nobody. */
function handlingOf([id, fields]: Entry, { handle, onUnreadable, group, log }: Reading): () => Promise<void> {
  try {
    const record = readStoredRecord(fields);
    return () => handle(record);
  } catch (error) {
    const why = whyUnreadable(error);
    log(why, `${group}: record ${id} cannot be read by this release and is passed over`);
    return () => onUnreadable(Number(id.split('-')[0]), why);
  }
}

/** Retries the same record until its handler succeeds, so that none is skipped and none overtakes. */
async function handleUntilDone(
  handle: () => Promise<void>,
  stopped: AbortSignal,
  log: (error: unknown) => void,
): Promise<boolean> {
  let logged = '';
  for (let pauseMs = 100; !stopped.aborted; pauseMs = Math.min(pauseMs * 2, RETRY_PAUSE_LIMIT_MS)) {
    try {
      await handle();
      return true;
    } catch (error) {
      if (error instanceof Unreadable) {
        log(error);
        return true;
      }
      // The same error again is no news.
      if (String(error) !== logged) log(error);
      logged = String(error);
      await sleep(pauseMs);
    }
  }
  return false;
}
