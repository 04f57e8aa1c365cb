import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../ports/clock.ts';

/** The clock of this machine, for what is posted: a wait keeps no process alive that has nothing else to do. */
export const postingClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    // An abort only ends the wait early; whoever waits looks at the signal.
    await sleep(ms, undefined, { ref: false, signal }).catch(() => undefined);
  },
};
