import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRecord } from '../../domain/audit/record.ts';
import { type RecordStream, Unreadable } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import {
  type Consumer,
  claim,
  createGroup,
  type Entry,
  handOver,
  readNew,
  removeDeadConsumers,
} from './consumer-group.ts';
import type { Keys } from './keys.ts';
import { readStoredRecord, whyUnreadable } from './stored-values.ts';

const DEAD_AFTER_MS = 60_000;
const CLAIM_EVERY_MS = 10_000;
const RETRY_PAUSE_LIMIT_MS = 5_000;
/** A read that has not ended by then will not: Redis does not answer. */
const READ_ENDS_WITHIN_MS = 4_000;

/**
 * The stream of records by consumer groups. `open` returns a connection for each group, because reads block it; `prompt`
 * acknowledges.
 */
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
          // A read that is cut off may still reach Redis after this consumer has left its group, and register it again.
          await Promise.race([done, sleep(READ_ENDS_WITHIN_MS, undefined, { ref: false })]);
          redis.disconnect();
          // Waits for running handlers.
          await done;
          await handOver(reading).catch((error: unknown) => log(error, `${group}: handing records over`));
        },
      };
    },
  };
}

interface Reading extends Consumer {
  readonly handle: (record: AuditRecord) => Promise<void>;
  readonly onUnreadable: (seq: number, why: string) => Promise<void>;
  readonly atOnce: number;
  readonly alone: boolean;
  readonly stopped: AbortSignal;
  readonly pulse: Pulse;
  readonly log: (error: unknown, what: string) => void;
}

/** When it last finished a read or a record, and when it started each record that it is handling. */
interface Pulse {
  movedAtMs: number;
  readonly handlingSinceMs: Map<string, number>;
}

/**
 * At the maximum number of records in progress nothing more is read: then progress is counted from the start of the oldest one.
 */
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

/** The handler for an entry of the stream. An entry that is not a record is reported and skipped, so that it blocks nobody. */
function handlingOf([id, fields]: Entry, { handle, onUnreadable, group, log }: Reading): () => Promise<void> {
  try {
    const record = readStoredRecord(fields);
    return () => handle(record);
  } catch (error) {
    const why = whyUnreadable(error);
    log(why, `${group}: record ${id} cannot be read by this release and is skipped`);
    return () => onUnreadable(Number(id.split('-')[0]), why);
  }
}

/** Retries the same record until its handler succeeds, so that none is skipped or overtaken. */
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
      // Log a repeated error once.
      if (String(error) !== logged) log(error);
      logged = String(error);
      await sleep(pauseMs);
    }
  }
  return false;
}
