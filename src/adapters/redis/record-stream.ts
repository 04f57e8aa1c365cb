import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { AuditRecord } from '../../domain/audit/record.ts';
import type { RecordStream } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';
import { readStoredRecord } from './stored-values.ts';

const DEAD_AFTER_MS = 60_000;
const CLAIM_EVERY_MS = 10_000;
const BLOCK_FOR_MS = 2_000;
const RETRY_PAUSE_LIMIT_MS = 5_000;
/** More than one read and one claim return together. */
const HANDED_OVER_LIMIT = 1_000;

type Entry = readonly [id: string, fields: readonly string[]];
const entry = z.tuple([z.string(), z.array(z.string()).nullable()]);
const readReply = z.array(z.tuple([z.string(), z.array(entry)])).nullable();
const pendingReply = z.array(z.tuple([z.string()], z.unknown()));
const claimReply = z.tuple([z.string(), z.array(entry.nullable())], z.unknown());

/** The stream of records by consumer groups. `open` returns a connection for each group, because reading blocks it; `prompt` acknowledges. */
export function redisRecordStream(
  open: () => Redis,
  prompt: Redis,
  keys: Keys,
  log: (error: unknown, what: string) => void,
): RecordStream {
  return {
    follow(group, handle, { atOnce = 1, deadAfterMs = DEAD_AFTER_MS } = {}) {
      const stopping = new AbortController();
      const redis = open();
      const reading: Reading = {
        redis,
        prompt,
        stream: keys.records,
        group,
        consumer: randomUUID(),
        handle,
        atOnce,
        deadAfterMs,
        stopped: stopping.signal,
        log,
      };
      const done = read(reading);
      return {
        group,
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
  readonly atOnce: number;
  readonly deadAfterMs: number;
  readonly stopped: AbortSignal;
  readonly log: (error: unknown, what: string) => void;
}

async function read(reading: Reading): Promise<void> {
  const { redis, stream, group, deadAfterMs, stopped, log } = reading;
  const claimEveryMs = Math.min(deadAfterMs / 2, CLAIM_EVERY_MS);
  const running = new Map<string, Promise<void>>();
  let claimAtMs = Date.now();
  let created = false;
  for (let pauseMs = 100; !stopped.aborted; ) {
    try {
      created = created || (await createGroup(redis, stream, group));
      const due = Date.now() >= claimAtMs;
      if (due) claimAtMs = Date.now() + claimEveryMs;
      const entries = due ? await claimDead(reading) : await readNew(reading);
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
  const { prompt, stream, group, handle, atOnce, stopped, log } = reading;
  while (running.size >= atOnce) await Promise.race(running.values());
  // A record that takes long is claimed by this same process after a while.
  if (stopped.aborted || running.has(id)) return;
  const work = handleUntilDone(entry, handle, stopped, (error) => log(error, `${group}: record ${id}`))
    .then(async (done) => {
      if (done) await prompt.xack(stream, group, id);
    })
    .catch((error: unknown) => log(error, `${group}: acknowledging record ${id}`))
    .finally(() => running.delete(id));
  running.set(id, work);
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

async function claimDead({
  redis,
  stream,
  group,
  consumer,
  deadAfterMs,
}: Reading): Promise<readonly Entry[]> {
  const reply: unknown = await redis.xautoclaim(stream, group, consumer, deadAfterMs, '0', 'COUNT', 100);
  return claimReply
    .parse(reply)[1]
    .flatMap((one) => (one === null || one[1] === null ? [] : [[one[0], one[1]] as const]));
}

/**
 * Leaves what was read and not handled to whoever claims next. Without it each orderly restart would hold these records
 * back for as long as those of a dead replica.
 */
async function handOver({ prompt, stream, group, consumer, deadAfterMs }: Reading): Promise<void> {
  const reply: unknown = await prompt.xpending(stream, group, '-', '+', HANDED_OVER_LIMIT, consumer);
  const ids = pendingReply.parse(reply).map(([id]) => id);
  if (ids.length === 0) return;
  await prompt.call('XCLAIM', [stream, group, consumer, 0, ...ids, 'IDLE', deadAfterMs, 'JUSTID']);
}

/** Retries the same record until its handler succeeds, so that none is skipped and none overtakes. */
async function handleUntilDone(
  [, fields]: Entry,
  handle: (record: AuditRecord) => Promise<void>,
  stopped: AbortSignal,
  log: (error: unknown) => void,
): Promise<boolean> {
  const record = readStoredRecord(fields);
  let logged = '';
  for (let pauseMs = 100; !stopped.aborted; pauseMs = Math.min(pauseMs * 2, RETRY_PAUSE_LIMIT_MS)) {
    try {
      await handle(record);
      return true;
    } catch (error) {
      // The same error again is no news.
      if (String(error) !== logged) log(error);
      logged = String(error);
      await sleep(pauseMs);
    }
  }
  return false;
}
