import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves on by `ms`: what falls due is woken in the order of its time, and has come to rest before the next one is. */
  advance(ms: number): Promise<void>;
  /** Moves on to the next moment for which somebody waits; false when nobody does. */
  advanceToNext(): Promise<boolean>;
  /** Sets the clock on the wall, as an administrator or NTP may; what takes how long stays as it is. */
  setWallClock(nowMs: number): void;
  /** Calls `wake` once, after so many milliseconds; returns how to call it off. */
  after(ms: number, wake: () => void): () => void;
  /** How long until somebody is woken; infinite when nobody waits. */
  nextInMs(): number;
  /** How many wait for a moment to come. */
  waiting(): number;
}

/** Resolves when everything that can go on without time passing has done so: nothing here waits for a real timer. */
export function settled(): Promise<void> {
  // Node runs this once no promise has anything left to do; a turn of the event loop takes many times as long.
  return new Promise((resolve) => process.nextTick(resolve));
}

interface Alarm {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** 2026-11-23 10:00 UTC, a Monday. */
export const MONDAY_MORNING_MS = Date.UTC(2026, 10, 23, 10, 0);

export function fakeClock(startMs: number = MONDAY_MORNING_MS): FakeClock {
  let passedMs = 0;
  let wallStartMs = startMs;
  const alarms = new Set<Alarm>();
  const after = (ms: number, wake: () => void): (() => void) => {
    const alarm = { dueMs: passedMs + Math.max(0, ms), wake };
    if (Number.isFinite(alarm.dueMs)) alarms.add(alarm);
    return () => void alarms.delete(alarm);
  };
  const nextAlarm = (): Alarm | undefined => {
    let next: Alarm | undefined;
    // Of two for the same moment the one that was set first comes first.
    for (const alarm of alarms) if (next === undefined || alarm.dueMs < next.dueMs) next = alarm;
    return next;
  };
  const ring = async (alarm: Alarm): Promise<void> => {
    alarms.delete(alarm);
    passedMs = Math.max(passedMs, alarm.dueMs);
    alarm.wake();
    await settled();
  };
  return {
    now: () => wallStartMs + passedMs,
    monotonicMs: () => passedMs,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const cancel = after(ms, () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        });
        const stop = (): void => {
          cancel();
          resolve();
        };
        signal?.addEventListener('abort', stop, { once: true });
      });
    },
    async advance(ms) {
      await settled();
      const endMs = passedMs + ms;
      for (let next = nextAlarm(); next !== undefined && next.dueMs <= endMs; next = nextAlarm())
        await ring(next);
      passedMs = endMs;
    },
    async advanceToNext() {
      await settled();
      const next = nextAlarm();
      if (next !== undefined) await ring(next);
      return next !== undefined;
    },
    setWallClock(nowMs) {
      wallStartMs = nowMs - passedMs;
    },
    after,
    nextInMs: () => (nextAlarm()?.dueMs ?? Infinity) - passedMs,
    waiting: () => alarms.size,
  };
}
