import { expect, test } from '@jest/globals';
import { duration, utcMinute, utcSecond } from '../../src/domain/times.ts';

test.each([
  [-5_000, '0 s'],
  [0, '0 s'],
  [1_499, '1 s'],
  [1_500, '2 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [61_000, '1 min 1 s'],
  [150_000, '2 min 30 s'],
  [3_599_000, '59 min 59 s'],
  [3_600_000, '1 h'],
  [4_320_000, '1 h 12 min'],
])('%i ms are told as %s', (forMs, words) => {
  expect(duration(forMs)).toBe(words);
});

test('a moment is told in UTC, to the minute or the second', () => {
  const atMs = Date.parse('2026-11-03T14:05:09.870Z');
  expect(utcMinute(atMs)).toBe('2026-11-03 14:05');
  expect(utcSecond(atMs)).toBe('2026-11-03 14:05:09');
});
