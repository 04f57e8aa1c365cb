import type { CallKind, Fate } from './caller.ts';
import type { Prng } from './prng.ts';
import type { Trace } from './trace.ts';

/** How often calls to the outside go wrong in a run; each is a probability per call. */
export interface FaultRates {
  readonly delay: number;
  /** Long enough to outlast a lease or a lock; effects are never that long on their way. */
  readonly slow: number;
  readonly fail: number;
  readonly die: number;
}

export interface Faults {
  fate(kind: CallKind): Fate | undefined;
  /** From now on nothing goes wrong any more. */
  end(): void;
}

/** Calls to the outside end within their time-out, as the adapters see to. */
const SLOWEST_MS = 15_000;
const EFFECT_SLOWEST_MS = 1_500;

export function openFaults(rates: FaultRates, prng: Prng, trace: Trace): Faults {
  let ended = false;
  const delayed = (slowestMs: number): Fate => {
    const ms = prng.between(1, slowestMs);
    const before = prng.chance(0.5);
    return { beforeMs: before ? ms : 0, afterMs: before ? 0 : ms, fails: undefined, dies: undefined };
  };
  return {
    fate({ name, manner }) {
      if (ended || manner === 'wait') return undefined;
      const drawn = prng.next();
      const met = (what: string): void => trace.count('fault', `${what} ${name}`);
      const when = prng.next() < 0.5 ? 'before' : 'after';
      const none: Fate = { beforeMs: 0, afterMs: 0, fails: undefined, dies: undefined };
      if (drawn < rates.die) {
        met(`dies ${when}`);
        return { ...none, dies: when };
      }
      if (drawn < rates.die + rates.fail) {
        met(`fails ${when}`);
        return { ...none, fails: when, afterMs: prng.chance(0.2) ? prng.between(1, 2_000) : 0 };
      }
      if (drawn < rates.die + rates.fail + rates.slow) {
        met('slow');
        return delayed(manner === 'effect' ? EFFECT_SLOWEST_MS : SLOWEST_MS);
      }
      return drawn < rates.die + rates.fail + rates.slow + rates.delay ? delayed(200) : undefined;
    },
    end() {
      ended = true;
    },
  };
}
