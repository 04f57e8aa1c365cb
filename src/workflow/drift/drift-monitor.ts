import type { Target } from '../../domain/bgp/target.ts';
import type { Lease } from '../../ports/store.ts';
import { type DriftDependencies, detectDrift } from './detect-drift.ts';

export interface DriftMonitor {
  /** Resolves when the checks that have begun are done. */
  stop(): Promise<void>;
}

/** Checks every target each `driftCheckEveryMs`, in one replica at a time. `onError` is given what a failed check threw. */
export function startDriftMonitor(
  bot: DriftDependencies,
  onError: (error: unknown, what: string) => void,
): DriftMonitor {
  const stopping = new AbortController();
  const monitors = bot.policy.targets.map((target) =>
    monitor(target, bot, stopping.signal, (error) => onError(error, `drift check of ${target.name}`)),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all(monitors);
    },
  };
}

async function monitor(
  target: Target,
  bot: DriftDependencies,
  stopped: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let lease: Lease | undefined;
  for (;;) {
    await bot.clock.sleep(target.driftCheckEveryMs, stopped);
    if (stopped.aborted) break;
    try {
      if (lease?.lost.aborted) lease = undefined;
      lease ??= await bot.leases.acquire(`drift of ${target.name}`, 'drift monitor');
      if (lease !== undefined) await detectDrift(target, lease.fence, bot);
    } catch (error) {
      onError(error);
    }
  }
  await lease?.release();
}
