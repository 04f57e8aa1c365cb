import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats an expectation until it holds; after `patienceMs` its last failure is the test's. Idle, nothing here takes longer
 * than 20 s; the rest is for a machine that is busy with something else.
 */
export async function eventually<T>(expectation: () => T | Promise<T>, patienceMs = 45_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
