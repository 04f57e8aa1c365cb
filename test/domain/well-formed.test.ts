import { expect, test } from '@jest/globals';
import { clipWellFormed, shortened, wellFormed } from '../../src/domain/well-formed.ts';

test('a text that is cut never ends with half a character', () => {
  expect(clipWellFormed('ab😀', 4)).toBe('ab😀');
  expect(clipWellFormed('ab😀', 3)).toBe('ab\u{fffd}');
  expect(clipWellFormed('ab😀', 2)).toBe('ab');
});

test('what is shortened ends with a mark, and is no longer than the limit', () => {
  expect(shortened('abcd', 4)).toBe('abcd');
  expect(shortened('abcde', 4)).toBe('abc…');
});

test('every half of a character is shown as one that is unknown, and whole ones stay', () => {
  expect(wellFormed('\ud83dx\ude00😀')).toBe('\u{fffd}x\u{fffd}😀');
});
