import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const TEST = fileURLToPath(new URL('..', import.meta.url));
const DOCS = join(TEST, '..', 'docs');
const NUMBERS = Array.from({ length: 72 }, (_, index) => String(index + 1));
/** Lesson 3 holds for each of these, so that each has to be named in a test of it. */
const WAYS_IN = ['command', 'button', 'job', 'modal'];

const titles = readdirSync(TEST, { recursive: true })
  .map(String)
  .filter((file) => /\.(test|system)\.ts$/.test(file) && !file.endsWith('every-promise.test.ts'))
  .flatMap((file) =>
    [...readFileSync(join(TEST, file), 'utf8').matchAll(/['"`]lesson (\d+): ([^\n]*)/g)].map(
      ([, number = '', words = '']) => ({ file, number, words }),
    ),
  );
const lines = new Map(
  [...readFileSync(join(DOCS, 'promises.md'), 'utf8').matchAll(/^\| (\d+) \| (.*)$/gm)].map(
    ([, number = '', line = '']) => [number, line],
  ),
);

describe('every promise', () => {
  test('has a test that is named after it', () => {
    const named = new Set(titles.map(({ number }) => number));
    const lacking = NUMBERS.filter((number) => !named.has(number));
    const ways = WAYS_IN.filter(
      (way) => !titles.some(({ number, words }) => number === '3' && words.includes(way)),
    );
    expect([...ways.map((way) => `3 by ${way}`), ...lacking]).toEqual([]);
    expect(titles.filter(({ number }) => !NUMBERS.includes(number))).toEqual([]);
  });

  test.each(NUMBERS)('stands in docs/promises.md with the test that keeps it: %s', (number) => {
    const line = lines.get(number) ?? '';
    const linked = [...line.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => resolve(DOCS, path));
    for (const path of linked) expect([path, existsSync(path)]).toEqual([path, true]);
    const keepers = titles.filter((title) => title.number === number).map(({ file }) => join(TEST, file));
    expect(keepers.some((keeper) => linked.includes(keeper))).toBe(true);
  });
});
