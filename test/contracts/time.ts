import { setTimeout as realSleep } from 'node:timers/promises';
import { type FakeClock, settled } from '../doubles/fake-clock.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';

/** Time as a contract needs it: it passes by itself, or with the clock of the doubles. */
export interface TimeUnderTest {
  nowMs(): number;
  /** Resolves after so long; whatever is under test goes on meanwhile. */
  pass(ms: number): Promise<void>;
  /** Waits without making time pass: for use inside a handler. */
  sleep(ms: number): Promise<void>;
  /** Repeats an expectation until it holds. */
  until<T>(expectation: () => T | Promise<T>): Promise<T>;
}

export const realTime: TimeUnderTest = {
  nowMs: () => performance.now(),
  pass: (ms) => realSleep(ms),
  sleep: (ms) => realSleep(ms),
  until: (expectation) => eventually(expectation),
};

const STEP_MS = 50;
const MAX_STEPS = 1_000;

/** `step` does the next thing that the doubles have to do at this moment; false when there is none. */
export function fakeTime(clock: FakeClock, step: () => Promise<boolean> = async () => false): TimeUnderTest {
  const doAll = async (): Promise<void> => {
    while (await step());
    await settled();
  };
  const pass = async (ms: number): Promise<void> => {
    for (let leftMs = ms; leftMs > 0; leftMs -= STEP_MS) {
      await doAll();
      await clock.advance(Math.min(leftMs, STEP_MS));
    }
    await doAll();
  };
  return {
    nowMs: () => clock.monotonicMs(),
    pass,
    sleep: (ms) => clock.sleep(ms),
    async until(expectation) {
      for (let steps = 0; ; steps += 1) {
        try {
          return await expectation();
        } catch (error) {
          if (steps >= MAX_STEPS) throw error;
        }
        if (!(await step())) await clock.advance(STEP_MS);
      }
    },
  };
}
