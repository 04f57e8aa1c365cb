import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    // An abort only ends the wait early; whoever waits looks at the signal.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  },
};
