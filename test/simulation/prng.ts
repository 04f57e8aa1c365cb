/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Prng {
  /** At least 0 and less than 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<One>(from: readonly One[]): One;
  /** One of the entries, each as likely as its weight; undefined when none has any. */
  weighted<One extends { readonly weight: number }>(from: readonly One[]): One | undefined;
  /** A duration that is short more often than long, as of things that happen by themselves. */
  pauseMs(meanMs: number): number;
}

/** Mulberry32 by Tommy Ettinger: 32 bits of state, which are more seeds than anybody runs. */
export function prng(seed: number): Prng {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick(from) {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new Error('picking one of nothing');
      return picked;
    },
    weighted(from) {
      const total = from.reduce((sum, { weight }) => sum + weight, 0);
      let left = next() * total;
      return from.find(({ weight }) => {
        left -= weight;
        return weight > 0 && left < 0;
      });
    },
    pauseMs: (meanMs) => Math.ceil(-Math.log(1 - next()) * meanMs),
  };
}
