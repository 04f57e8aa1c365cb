import { canonicalAddress } from '../zebos/canonical-address.ts';
import type { Routers } from '../zebos/routers.ts';

/** Routers that go down and come up again and again. */
export interface Flaps {
  has(address: string): boolean;
  /** Begins with down; without flaps the router is up again. */
  set(address: string, flapping: boolean): void;
  stop(): void;
}

const EVERY_MS = 2_000;

/** `everyMs` is how long a flapping router stays down, and then up. */
export function openFlaps(routers: Routers, everyMs = EVERY_MS): Flaps {
  const timers = new Map<string, NodeJS.Timeout>();
  const end = (address: string): void => {
    clearInterval(timers.get(address));
    timers.delete(address);
  };
  return {
    has: (address) => timers.has(address),
    set(given, flapping) {
      const address = canonicalAddress(given) ?? given;
      if (flapping === timers.has(address)) return;
      end(address);
      routers.set(address, !flapping);
      if (!flapping) return;
      const timer = setInterval(() => routers.set(address, !routers.isUp(address)), everyMs);
      timers.set(address, timer.unref());
    },
    stop() {
      for (const address of [...timers.keys()]) end(address);
    },
  };
}
