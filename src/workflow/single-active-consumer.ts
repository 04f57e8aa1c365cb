import type { AuditRecord } from '../domain/audit/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { Leases, RecordStream, StreamOptions, Subscription } from '../ports/store.ts';

const ASKED_AGAIN_MS = 1_000;

/**
 * Consumes the records as the only process of the group, so that all replicas together handle them in order: it continues with
 * what its predecessor left. The others wait until its lease is free.
 */
export function consumeAlone(
  group: string,
  handle: (record: AuditRecord) => Promise<void>,
  options: StreamOptions,
  {
    records,
    leases,
    clock,
    onError,
  }: {
    readonly records: RecordStream;
    readonly leases: Leases;
    readonly clock: Pick<Clock, 'sleep'>;
    readonly onError: (error: unknown, what: string) => void;
  },
): Subscription {
  const stopping = new AbortController();
  let current: Subscription | undefined;
  const once = async (): Promise<void> => {
    const lease = await leases.acquire(`follow ${group}`, group);
    if (lease === undefined) return;
    try {
      const following = records.follow(group, handle, { ...options, alone: true });
      current = following;
      await aborted(AbortSignal.any([lease.lost, stopping.signal]));
      await following.stop();
    } finally {
      current = undefined;
      await lease.release();
    }
  };
  const repeat = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await once().catch((error: unknown) => onError(error, `${group}: following alone`));
      await clock.sleep(ASKED_AGAIN_MS, stopping.signal);
    }
  };
  const done = repeat();
  return {
    group,
    // While another process consumes, this one has no work that could stall.
    stalledForMs: () => current?.stalledForMs() ?? 0,
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}
