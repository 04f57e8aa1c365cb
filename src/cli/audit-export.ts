import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connectRedis } from '../adapters/redis/connect.ts';
import { redisKeys } from '../adapters/redis/keys.ts';
import { redisStore } from '../adapters/redis/store.ts';
import { loadRegistry } from '../commands/registry.ts';
import { loadConfig } from '../config/load.ts';
import type { AuditRecord } from '../domain/audit/record.ts';
import type { Store } from '../ports/store.ts';
import { type Progress, showProgress } from './progress.ts';

const CONFIG_FAULT = 78;

/** What the command line says. */
interface Options {
  /** A sequence number, or the time of the first record that is wanted. */
  readonly since: number | Date;
  readonly change?: string;
}

/** Writes the trail as it is now as JSON lines, one record each, in order. */
export async function auditExport(options: Options): Promise<number> {
  const loaded = loadConfig((await loadRegistry()).commands.map(({ verb }) => verb));
  if (loaded.kind === 'faulty') {
    process.stderr.write(`${loaded.report}\n`);
    return CONFIG_FAULT;
  }
  const redis = await connectRedis(loaded.environment.redisUrl, () => undefined);
  const progress = showProgress();
  try {
    const store = redisStore(redis.prompt, redisKeys());
    await pipeline(Readable.from(lines(store, options, progress)), process.stdout, { end: false });
    progress.end();
    return 0;
  } catch (error) {
    progress.stop();
    // Whoever reads has enough, as `head` does.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
    throw error;
  } finally {
    await redis.close();
  }
}

async function* lines(store: Store, { since, change }: Options, progress: Progress): AsyncGenerator<string> {
  const head = await headOf(store);
  const wanted = wantedSince(since);
  for await (const record of store.records(typeof since === 'number' ? since : 1)) {
    if (record.seq > head) return;
    progress.read(record.seq, head);
    if (!wanted(record) || (change !== undefined && record.change !== change)) continue;
    progress.wrote();
    yield `${JSON.stringify(record)}\n`;
  }
}

/** Every record from the first one of that time on; replicas' clocks may differ, the order of the trail does not. */
function wantedSince(since: number | Date): (record: AuditRecord) => boolean {
  const from = since instanceof Date ? since.toISOString() : '';
  let begun = false;
  return ({ at }) => {
    begun ||= at >= from;
    return begun;
  };
}

async function headOf(store: Store): Promise<number> {
  for await (const { seq } of store.latestRecords()) return seq;
  return 0;
}
