import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../domain/bgp/target.ts';
import type { Lease } from '../../ports/store.ts';
import { type DriftMonitorDependencies, detectDrift } from './detect-drift.ts';

export interface Watch {
  /** Resolves when the look in hand is done. */
  stop(): Promise<void>;
}

/** Looks at every target now and then, in one replica at a time. `onTrouble` hears of looks that failed. */
export function startDriftMonitor(
  watcher: DriftMonitorDependencies,
  onError: (error: unknown, what: string) => void,
): Watch {
  const stopping = new AbortController();
  const watches = watcher.policy.targets.map((target) =>
    watchOver(target, watcher, stopping.signal, (error) => onError(error, `watch over ${target.name}`)),
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
  watcher: DriftMonitorDependencies,
  stopped: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let lease: Lease | undefined;
  while (!stopped.aborted) {
    await pause(target.driftCheckEveryMs, stopped);
    if (stopped.aborted) break;
    try {
      if (lease?.lost.aborted) lease = undefined;
      lease ??= await watcher.leases.acquire(`watch of ${target.name}`, 'watch');
      if (lease !== undefined) await detectDrift(target, lease.fence, watcher);
    } catch (error) {
      onError(error);
    }
  }
  await lease?.release();
}

async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopped }).catch(() => undefined);
}
