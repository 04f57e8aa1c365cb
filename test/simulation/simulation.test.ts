import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { prng } from './prng.ts';
import { runSeed } from './run-seed.ts';

const KEPT: readonly { readonly seed: number; readonly name: string; readonly why: string }[] = JSON.parse(
  readFileSync(new URL('seeds.json', import.meta.url), 'utf8'),
);
const MENDS: readonly { readonly name: string; readonly edits: readonly Edit[] }[] = JSON.parse(
  readFileSync(new URL('without/mends.json', import.meta.url), 'utf8'),
);
interface Edit {
  readonly file: string;
  readonly find: string;
}
const NEW_SEEDS = 60;

describe('whatever happens while changes run', () => {
  // The same ones each time: a failure is then of the change that is tested. `npm run simulate` draws new ones.
  const from = 1_433_403_469;

  test(`nothing that must never happen does, from seed ${from}`, async () => {
    const met = new Map<string, number>();
    for (let seed = from; seed < from + NEW_SEEDS; seed += 1) {
      const { violations, counts } = await runSeed(seed, { traced: false });
      expect({ seed, violations }).toEqual({ seed, violations: [] });
      for (const [what, times] of counts.effect) met.set(what, (met.get(what) ?? 0) + times);
    }
    // Where nothing was done, nothing is proved.
    expect(met.get('evict')).toBeGreaterThan(10);
    expect(met.get('write')).toBeGreaterThan(10);
  });

  test('every seed that once showed something wrong', async () => {
    for (const { seed, name } of KEPT)
      expect({ name, violations: (await runSeed(seed, { traced: false })).violations }).toEqual({
        name,
        violations: [],
      });
  });

  test('a seed is the same run every time, traced or not', async () => {
    for (const seed of [7, 11, 23]) {
      const [one, other, untraced] = [
        await runSeed(seed, { traced: true }),
        await runSeed(seed, { traced: true }),
        await runSeed(seed, { traced: false }),
      ];
      expect(one.trace.length).toBeGreaterThan(20);
      expect(other.trace).toEqual(one.trace);
      expect([...untraced.counts.effect]).toEqual([...one.counts.effect]);
    }
  });
});

test('numbers of a seed are spread evenly, and others for another seed', () => {
  const drawn = Array.from({ length: 3_000 }, (_, seed) => prng(seed).between(0, 2));
  for (const one of [0, 1, 2]) expect(drawn.filter((number) => number === one).length).toBeGreaterThan(900);
});

test.each(MENDS)('the sources still have the mend that `--without $name` takes out', ({ edits }) => {
  for (const { file, find } of edits)
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toContain(find);
});
