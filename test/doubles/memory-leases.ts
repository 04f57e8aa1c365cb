import type { Fence, Lease, Leases } from '../../src/ports/store.ts';
import type { FakeClock } from './fake-clock.ts';

/** Leases of any number of replicas, which end when the clock says so. */
export interface MemoryLeases extends Leases {
  /** Whether this is still the newest lease on its scope, and has not run out. */
  holds(fence: Fence): boolean;
  /** Who holds the scope now, as they called themselves. */
  holder(scope: string): string | undefined;
  /** Whoever holds the scope cannot renew any more, because it died or lost the way to the store. */
  stopRenewing(scope: string): void;
  /** The same for one lease, for as long as its holder stands still or does not reach the store. */
  setRenewing(fence: Fence, renews: boolean): void;
  /** Gives the scope to another, whatever its holder believes; the holder finds out when it renews. */
  seize(scope: string, holder: string): Fence;
}

interface Held {
  readonly token: number;
  readonly owner: string;
  readonly holder: string;
  goodUntilMs: number;
  renews: boolean;
}

const TTL_MS = 6_000;

export function memoryLeases(clock: FakeClock, ttlMs: number = TTL_MS): MemoryLeases {
  const held = new Map<string, Held>();
  const tokens = new Map<string, number>();
  let owners = 0;

  const current = (scope: string): Held | undefined => {
    const found = held.get(scope);
    return found !== undefined && clock.monotonicMs() < found.goodUntilMs ? found : undefined;
  };
  const take = (scope: string, holder: string): Held => {
    const token = (tokens.get(scope) ?? 0) + 1;
    tokens.set(scope, token);
    owners += 1;
    const taken = {
      token,
      owner: `${holder} ${owners}`,
      holder,
      goodUntilMs: clock.monotonicMs() + ttlMs,
      renews: true,
    };
    held.set(scope, taken);
    return taken;
  };

  const isOf = (found: Held | undefined, { token, owner }: Fence): found is Held =>
    found?.token === token && found.owner === owner;
  const fenceOf = (scope: string, { token, owner }: Held): Fence => ({ scope, token, owner });
  const renewing = (scope: string, own: Held): Lease => {
    const lost = new AbortController();
    // What the holder knows: when its own last renewal was, and what the store said to it.
    let knownGoodUntilMs = own.goodUntilMs;
    let cancel = (): void => undefined;
    const renew = (): void => {
      if (own.renews && current(scope) === own) {
        own.goodUntilMs = clock.monotonicMs() + ttlMs;
        knownGoodUntilMs = own.goodUntilMs;
      }
      const taken = own.renews && current(scope) !== own;
      if (taken) lost.abort(new Error(`the lease on ${scope} is held by another`));
      else if (clock.monotonicMs() >= knownGoodUntilMs)
        lost.abort(new Error(`the lease on ${scope} ran out`));
      else cancel = clock.after(ttlMs / 3, renew);
    };
    cancel = clock.after(ttlMs / 3, renew);
    return {
      fence: fenceOf(scope, own),
      lost: lost.signal,
      held: () => !lost.signal.aborted && clock.monotonicMs() < knownGoodUntilMs,
      async release() {
        cancel();
        if (held.get(scope) === own) held.delete(scope);
      },
    };
  };

  return {
    async acquire(scope, holder) {
      return current(scope) === undefined ? renewing(scope, take(scope, holder)) : undefined;
    },
    holds: (fence) => isOf(current(fence.scope), fence),
    holder: (scope) => current(scope)?.holder,
    stopRenewing(scope) {
      const found = held.get(scope);
      if (found !== undefined) found.renews = false;
    },
    setRenewing(fence, renews) {
      const found = held.get(fence.scope);
      if (isOf(found, fence)) found.renews = renews;
    },
    seize(scope, holder) {
      return fenceOf(scope, take(scope, holder));
    },
  };
}
