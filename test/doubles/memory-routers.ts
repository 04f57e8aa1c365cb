import { canonicalAddress } from '../../src/domain/bgp/address.ts';
import type { SessionState } from '../../src/domain/zebos/printed-values.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** The rack routers that TMM pods peer with; one that nobody spoke of answers. */
export interface MemoryRouters {
  /** A flapping router answers and falls silent in turns of `everyMs`. */
  set(address: string, state: 'up' | 'down' | { readonly flapsEveryMs: number }): void;
  /** How many prefixes this router tells a TMM, and how many it is told; 2 and 3 unless set. */
  setPrefixes(address: string, prefixes: Prefixes): void;
  /** The session of a TMM that has been asking for this router since `sinceMs` (`monotonicMs`). */
  session(address: string, sinceMs: number): PeerSession;
}

export interface Prefixes {
  readonly accepted: number;
  readonly announced: number;
}

/** One BGP session as it is at this moment. */
export interface PeerSession extends Prefixes {
  readonly state: SessionState;
  /** How long it has been Established, or since its last reset; undefined when it never was. */
  readonly forMs?: number;
  readonly resets: number;
}

export function memoryRouters(clock: Clock, establishedAfterMs: () => number): MemoryRouters {
  const routers = new Map<
    string,
    { readonly state: Parameters<MemoryRouters['set']>[1]; readonly sinceMs: number }
  >();
  const prefixes = new Map<string, Prefixes>();

  const keys = new Map<string, string>();
  const keyOf = (address: string): string => {
    const key = keys.get(address) ?? canonical(address);
    keys.set(address, key);
    return key;
  };
  const established = (address: string, forMs: number, resets = 0): PeerSession => ({
    state: 'Established',
    forMs,
    resets,
    ...(prefixes.get(address) ?? { accepted: 2, announced: 3 }),
  });
  const down = (state: SessionState, resets: number, forMs?: number): PeerSession => ({
    state,
    resets,
    accepted: 0,
    announced: 0,
    ...(forMs === undefined ? {} : { forMs }),
  });

  return {
    set: (address, state) => void routers.set(keyOf(address), { state, sinceMs: clock.monotonicMs() }),
    setPrefixes: (address, counts) => void prefixes.set(keyOf(address), counts),
    session(address, sinceMs) {
      const key = keyOf(address);
      const { state, sinceMs: changedMs } = routers.get(key) ?? {
        state: 'up',
        sinceMs: Number.NEGATIVE_INFINITY,
      };
      const nowMs = clock.monotonicMs();
      const bothMs = nowMs - Math.max(sinceMs, changedMs);
      if (state === 'down') {
        const wasUp = changedMs - sinceMs >= establishedAfterMs();
        return wasUp ? down('Active', 1, nowMs - changedMs) : down('Connect', 0);
      }
      if (state === 'up') {
        const upForMs = bothMs - establishedAfterMs();
        return upForMs >= 0 ? established(key, upForMs) : down('OpenSent', 0);
      }
      const turns = Math.floor(bothMs / state.flapsEveryMs);
      const turnForMs = bothMs % state.flapsEveryMs;
      const resets = Math.ceil(turns / 2);
      return turns % 2 === 0 ? established(key, turnForMs, resets) : down('Active', resets, turnForMs);
    },
  };
}

function canonical(address: string): string {
  const key = canonicalAddress(address);
  if (key === undefined) throw new Error(`setting a router: ${address} is no address`);
  return key;
}
