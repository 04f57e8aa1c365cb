import { setTimeout as sleep } from 'node:timers/promises';
import type { Holder, Retention } from '../../domain/audit/retention.ts';
import { type RetentionDependencies, removeOldRecords } from './remove-old-records.ts';

const EVERY_MS = 60 * 60 * 1_000;

export interface RetentionJob {
  /** Resolves when the round in hand is done. */
  stop(): Promise<void>;
}

/**
 * Removes what the retention lets go, at start and every `everyMs`, in one replica at a time. `onTrouble` hears of rounds
 * that failed, and once of each who holds up the removal.
 */
export function startRetention(
  retention: Retention,
  keeper: RetentionDependencies,
  onError: (trouble: unknown, what: string) => void,
  everyMs: number = EVERY_MS,
): RetentionJob {
  const stopping = new AbortController();
  const forever = retention.keepMs === undefined && retention.keepRecords === undefined;
  const rounds = forever ? Promise.resolve() : goRound(retention, keeper, onError, everyMs, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await rounds;
    },
  };
}

async function goRound(
  retention: Retention,
  keeper: RetentionDependencies,
  onError: (trouble: unknown, what: string) => void,
  everyMs: number,
  stopped: AbortSignal,
): Promise<void> {
  let told = '';
  while (!stopped.aborted) {
    try {
      const words = wordsOf(await oneRound(retention, keeper));
      if (words !== told && words !== '') onError(words, 'audit retention');
      told = words;
    } catch (error) {
      onError(error, 'audit retention');
    }
    await sleep(everyMs, undefined, { signal: stopped }).catch(() => undefined);
  }
}

async function oneRound(retention: Retention, keeper: RetentionDependencies): Promise<Holder | undefined> {
  const lease = await keeper.leases.acquire('audit retention', 'retention');
  if (lease === undefined) return undefined;
  try {
    return await removeOldRecords(retention, lease.fence, keeper);
  } finally {
    await lease.release();
  }
}

function wordsOf(holder: Holder | undefined): string {
  switch (holder?.kind) {
    case undefined:
      return '';
    case 'group':
      return `records stay from #${holder.seq} on: the group ${holder.group} of the feed has not handled it; one that nobody follows any more has to be removed (docs/keeping-the-trail.md)`;
    case 'change':
      return `records stay from the first one of ${holder.change} on, which is not at its end`;
  }
}
