import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Presets, SingleBar } from 'cli-progress';
import { redisKeys } from '../adapters/redis/keys.ts';
import { describeOutage } from '../adapters/redis/outage.ts';
import { redisStore } from '../adapters/redis/store.ts';
import type { AuditRecord } from '../domain/audit/record.ts';
import { counted } from '../domain/phrasing.ts';
import type { Store } from '../ports/store.ts';
import { latestSeq } from '../workflow/audit/retention.ts';
import { connectOrReport } from './connect-or-report.ts';
import { wordsOf } from './error-message.ts';
import { CONFIG_FAULT, OK, UNREACHABLE } from './exit-codes.ts';
import { loadSettings } from './load-settings.ts';

/** Options of the command line. */
interface Options {
  /** A sequence number, or the time of the first record to export. */
  readonly since: number | Date;
  readonly change?: string;
}

/** Writes the present trail as JSON lines, one record each, in order. UNREACHABLE: Redis does not answer, or not any more. */
export async function auditExport(options: Options): Promise<number> {
  const settings = await loadSettings();
  if (settings === undefined) return CONFIG_FAULT;
  const redis = await connectOrReport(settings.environment.redisUrl);
  if (redis === undefined) return UNREACHABLE;
  const progress = showProgress();
  try {
    const store = redisStore(redis.prompt, redisKeys(settings.environment.redisKeyPrefix));
    await pipeline(Readable.from(lines(store, options, progress)), process.stdout, { end: false });
    progress.end();
    return OK;
  } catch (error) {
    progress.stop();
    // The reader has closed the pipe, as `head` does.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return OK;
    if (describeOutage(error) === undefined) throw error;
    process.stderr.write(`Redis: ${wordsOf(error)}. The export is not complete.\n`);
    return UNREACHABLE;
  } finally {
    await redis.close();
  }
}

async function* lines(store: Store, { since, change }: Options, progress: Progress): AsyncGenerator<string> {
  const head = await latestSeq(store);
  const wanted = wantedSince(since);
  for await (const record of store.records(typeof since === 'number' ? since : 1)) {
    if (record.seq > head) return;
    progress.read(record.seq, head);
    if (!wanted(record) || (change !== undefined && record.change !== change)) continue;
    progress.wrote();
    yield `${JSON.stringify(record)}\n`;
  }
}

/** Every record from the first one of that time on: the clocks of replicas differ, and the order of the trail decides. */
function wantedSince(since: number | Date): (record: AuditRecord) => boolean {
  const from = since instanceof Date ? since.toISOString() : '';
  let begun = false;
  return ({ at }) => {
    begun ||= at >= from;
    return begun;
  };
}

interface Progress {
  /** Call for each record; `head` is the number of the last one. */
  read(seq: number, head: number): void;
  wrote(): void;
  /** Ends with one line that says how many records were written. */
  end(): void;
  /** Ends without that line. */
  stop(): void;
}

/** On standard error: a progress bar on a terminal, and one line at the end. */
function showProgress(stderr = process.stderr): Progress {
  const bar = new SingleBar(
    {
      format: 'exporting {bar} {percentage}% · record {value} of {total} · {eta_formatted} left',
      stream: stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  // If standard output is the same terminal, records and bar would mix.
  const showsBar = stderr.isTTY && !process.stdout.isTTY;
  let first = 0;
  let written = 0;
  const stop = (): void => {
    if (showsBar && first > 0) bar.stop();
  };
  return {
    read(seq, head) {
      if (first === 0) {
        first = seq;
        if (showsBar) bar.start(head - first + 1, 0);
      }
      if (showsBar) bar.update(seq - first + 1);
    },
    wrote() {
      written += 1;
    },
    end() {
      stop();
      stderr.write(`${counted(written, 'record')}\n`);
    },
    stop,
  };
}
