import type { Fence, Lease, Leases } from '../../src/ports/store.ts';
import type { FakeClock } from './fake-clock.ts';

/** Leases of any number of replicas, which end when the clock says so. */
export interface MemoryLeases extends Leases {
  /** Whether this is still the newest lease on its target, and has not run out. */
  holds(fence: Fence): boolean;
  /** Who holds the target now, as they called themselves. */
  holder(target: string): string | undefined;
  /** Whoever holds the target cannot renew any more, because it died or lost the way to the store. */
  stopRenewing(target: string): void;
  /** Gives the target to another, whatever its holder believes; the holder finds out when it renews. */
  seize(target: string, holder: string): Fence;
}

interface Held {
  readonly token: number;
  readonly holder: string;
  goodUntilMs: number;
  renews: boolean;
}

const TTL_MS = 6_000;

export function memoryLeases(clock: FakeClock, ttlMs: number = TTL_MS): MemoryLeases {
  const held = new Map<string, Held>();
  const tokens = new Map<string, number>();

  const current = (target: string): Held | undefined => {
    const found = held.get(target);
    return found !== undefined && clock.monotonicMs() < found.goodUntilMs ? found : undefined;
  };
  const take = (target: string, holder: string): Held => {
    const token = (tokens.get(target) ?? 0) + 1;
    tokens.set(target, token);
    const taken = { token, holder, goodUntilMs: clock.monotonicMs() + ttlMs, renews: true };
    held.set(target, taken);
    return taken;
  };

  const renewing = (target: string, own: Held): Lease => {
    const lost = new AbortController();
    // What the holder knows: when its own last renewal was, and what the store said to it.
    let knownGoodUntilMs = own.goodUntilMs;
    let cancel = (): void => undefined;
    const renew = (): void => {
      if (own.renews && current(target) === own) {
        own.goodUntilMs = clock.monotonicMs() + ttlMs;
        knownGoodUntilMs = own.goodUntilMs;
      }
      const taken = own.renews && current(target) !== own;
      if (taken) lost.abort(new Error(`the lease on ${target} is held by another`));
      else if (clock.monotonicMs() >= knownGoodUntilMs)
        lost.abort(new Error(`the lease on ${target} ran out`));
      else cancel = clock.after(ttlMs / 3, renew);
    };
    cancel = clock.after(ttlMs / 3, renew);
    return {
      fence: { target, token: own.token },
      lost: lost.signal,
      async release() {
        cancel();
        if (held.get(target) === own) held.delete(target);
      },
    };
  };

  return {
    async acquire(target, holder) {
      return current(target) === undefined ? renewing(target, take(target, holder)) : undefined;
    },
    holds: ({ target, token }) => current(target)?.token === token,
    holder: (target) => current(target)?.holder,
    stopRenewing(target) {
      const found = held.get(target);
      if (found !== undefined) found.renews = false;
    },
    seize(target, holder) {
      return { target, token: take(target, holder).token };
    },
  };
}
