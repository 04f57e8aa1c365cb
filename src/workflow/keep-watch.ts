import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../domain/target.ts';
import type { Lease } from '../ports/store.ts';
import { lookAround, type Watcher } from './look-around.ts';

export interface Watch {
  /** Resolves when the look in hand is done. */
  stop(): Promise<void>;
}

/** Looks at every target now and then, in one replica at a time. `onTrouble` hears of looks that failed. */
export function keepWatch(watcher: Watcher, onTrouble: (error: unknown, what: string) => void): Watch {
  const stopping = new AbortController();
  const watches = watcher.policy.targets.map((target) =>
    watchOver(target, watcher, stopping.signal, (error) => onTrouble(error, `watch over ${target.name}`)),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all(watches);
    },
  };
}

async function watchOver(
  target: Target,
  watcher: Watcher,
  stopped: AbortSignal,
  onTrouble: (error: unknown) => void,
): Promise<void> {
  let lease: Lease | undefined;
  while (!stopped.aborted) {
    await pause(target.watchEveryMs, stopped);
    if (stopped.aborted) break;
    try {
      if (lease?.lost.aborted) lease = undefined;
      lease ??= await watcher.leases.acquire(`watch of ${target.name}`, 'watch');
      if (lease !== undefined) await lookAround(target, lease.fence, watcher);
    } catch (error) {
      onTrouble(error);
    }
  }
  await lease?.release();
}

async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopped }).catch(() => undefined);
}
