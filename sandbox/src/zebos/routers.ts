import { canonicalAddress } from './canonical-address.ts';

/** The simulated rack routers of one network, seen from every TMM alike. */
export interface Routers {
  /** Whether a router answers BGP at this address (any spelling of it). */
  isUp(address: string): boolean;
  /** Breaks a router, or brings it (back) to life. */
  set(address: string, up: boolean): void;
  /** Whether a router runs BFD. */
  runsBfd(address: string): boolean;
  setBfd(address: string, runs: boolean): void;
  /** Whether somebody shut this neighbor down in the TMMs. */
  isShutDown(address: string): boolean;
  setShutDown(address: string, shutDown: boolean): void;
  /** Calls back with the canonical address after each change; returns the way to stop that. */
  onChange(listener: (address: string, up: boolean) => void): () => void;
  /** The addresses that were set by hand, with what they were set to. */
  changed(): ReadonlyMap<string, boolean>;
  close(): void;
}

/** `answering` says which routers are there as long as nobody called `set` for them. */
export function createRouters(answering: (address: string) => boolean = answersInTheRacks): Routers {
  const setByHand = new Map<string, boolean>();
  const withoutBfd = new Set<string>();
  const shutDown = new Set<string>();
  const listeners = new Set<(address: string, up: boolean) => void>();
  const isUp = (address: string): boolean => {
    const canonical = canonicalAddress(address);
    return canonical !== undefined && (setByHand.get(canonical) ?? answering(canonical));
  };
  const tell = (canonical: string): void => {
    for (const listener of [...listeners]) listener(canonical, isUp(canonical));
  };
  return {
    isUp,
    set(address, up) {
      const canonical = keyOf(address);
      if (isUp(canonical) === up) return;
      setByHand.set(canonical, up);
      tell(canonical);
    },
    runsBfd: (address) => !withoutBfd.has(keyOf(address)),
    setBfd(address, runs) {
      if (runs) withoutBfd.delete(keyOf(address));
      else withoutBfd.add(keyOf(address));
    },
    isShutDown: (address) => shutDown.has(keyOf(address)),
    setShutDown(address, isShut) {
      if (isShut) shutDown.add(keyOf(address));
      else shutDown.delete(keyOf(address));
      tell(keyOf(address));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    changed: () => new Map(setByHand),
    close: () => listeners.clear(),
  };
}

function keyOf(address: string): string {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) throw new RangeError(`setting a router: ${address} is no IP address`);
  return canonical;
}

/** The sandbox's racks: 10.20.N.1, .2 and .9, and 2001:db8:20:N::1 and ::9. */
function answersInTheRacks(address: string): boolean {
  const canonical = canonicalAddress(address) ?? '';
  return /^10\.20\.\d+\.[129]$/.test(canonical) || /^2001:db8:20:[0-9a-f]+::[19]$/.test(canonical);
}
