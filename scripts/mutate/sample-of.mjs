/** Some of the items at random, in their order; the same ones for the same seed. All of them when there are no more. */
export function sampleOf(items, { size, seed }) {
  if (size >= items.length) return items;
  const random = randomNumbers(seed);
  const keyed = items.map((item, index) => ({ item, index, key: random() }));
  return keyed
    .sort((one, other) => one.key - other.key)
    .slice(0, size)
    .sort((one, other) => one.index - other.index)
    .map(({ item }) => item);
}

/** Mulberry32: numbers from 0 to 1. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
