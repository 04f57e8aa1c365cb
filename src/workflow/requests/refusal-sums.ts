import type { Refusals } from '../../ports/budgets.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

const EVERY_MS = 5_000;

/** Writes one record for the refusals of a kind that got none of their own, once their minute is over. */
export function startRefusalSums(
  { refusals, store, clock }: { refusals: Refusals; store: Pick<Store, 'append'>; clock: Clock },
  warn: (error: unknown, what: string) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await recordSums(refusals, store, clock).catch((error: unknown) => warn(error, 'recording refusals'));
      await clock.sleep(EVERY_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}

/** A process that dies between the two steps leaves a sum that is recorded again: counted twice rather than not at all. */
async function recordSums(
  refusals: Refusals,
  store: Pick<Store, 'append'>,
  clock: Pick<Clock, 'now'>,
): Promise<void> {
  for (const sum of await refusals.dueSums()) {
    const { draft, times } = sum;
    await store.append({ record: { ...draft, atMs: clock.now(), data: { ...draft.data, times } } });
    await refusals.settled(sum);
  }
}
