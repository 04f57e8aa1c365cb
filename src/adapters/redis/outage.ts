import { randomUUID } from 'node:crypto';
import { describeLost } from '../../domain/audit/lost-records.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { RecordsLost } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';
import { readLost } from './trail-end.ts';

/** An error of Redis itself, in words for the requester; undefined for any other error. */
export function describeOutage(error: unknown): Refusal | undefined {
  if (error instanceof RecordsLost)
    return refuse(
      'records_lost',
      `${error.message} Nothing was done.`,
      'An operator has to check which records are missing, then accept the loss: tor-bgp-bot audit accept-restore --reason …',
    );
  const words = error instanceof Error ? error.message : '';
  const unwritable = UNWRITABLE.find(({ code }) => code.test(words));
  if (unwritable !== undefined)
    return refuse(
      'store_unwritable',
      `Redis rejects writes: ${unwritable.why}. Nothing was done.`,
      `${unwritable.remedy} Read-only queries still work: changes, status, history, help.`,
    );
  if (!UNREACHABLE.test(words)) return undefined;
  return refuse(
    'store_unreachable',
    'Redis, which stores changes and the audit trail, does not answer.',
    'Try again in a minute; if this persists, report to the operator of the bot that Redis is down. Type status to see what was done.',
  );
}

/** Older versions of Redis put the code of an error in a script in the middle of the message. */
const UNWRITABLE = [
  {
    code: /\bREADONLY\b/,
    why: 'it is a read-only replica (READONLY)',
    remedy: 'A Redis administrator has to point REDIS_URL at the primary, or promote this one.',
  },
  {
    code: /\bOOM\b/,
    why: 'its memory is full (OOM)',
    remedy: 'A Redis administrator has to raise maxmemory or make room.',
  },
  {
    code: /\bMISCONF\b/,
    why: 'it cannot save to its disk (MISCONF)',
    remedy: 'A Redis administrator has to make room on its disk, or repair it.',
  },
  {
    code: /\bNOREPLICAS\b/,
    why: 'too few of its replicas are connected (NOREPLICAS)',
    remedy: 'A Redis administrator has to bring its replicas back.',
  },
];

/** Messages of ioredis for a connection that is gone, refused or silent, and of a Redis that is not ready. */
const UNREACHABLE =
  /\b(ECONNREFUSED|ECONNRESET|ENOENT|ETIMEDOUT|EPIPE|ENOTFOUND|LOADING|MASTERDOWN|CLUSTERDOWN)\b|Connection is closed|Command timed out|isn't writeable|max retries per request/i;

const PROBE_FOR_MS = 60_000;

export interface RedisProbe {
  /** Why nothing can be written; undefined when it can. */
  refusesWrites(): Promise<string | undefined>;
}

/** Writes a key that expires: a server that answers pings may still reject writes. */
export function redisProbe(redis: Redis, keys: Keys): RedisProbe {
  const key = keys.probe(randomUUID());
  return {
    refusesWrites: () =>
      Promise.all([redis.get(keys.lost), redis.set(key, '1', 'PX', PROBE_FOR_MS)]).then(
        ([json]) => {
          const lost = readLost(json);
          return lost && describeLost(lost);
        },
        (error: unknown) =>
          describeOutage(error)?.sentence ?? (error instanceof Error ? error.message : 'it does not answer'),
      ),
  };
}
