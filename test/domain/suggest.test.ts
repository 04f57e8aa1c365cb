import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { suggest } from '../../src/domain/suggest.ts';

const VERBS = ['add', 'approve', 'changes', 'config', 'help', 'history', 'nodes', 'rotate', 'show', 'status'];

describe('what was mistyped gets the nearest name suggested', () => {
  test.each([
    ['two letters swapped at the end', 'shwo', 'show'],
    ['two letters swapped in the middle', 'sohw', 'show'],
    ['two letters swapped in a word of four', 'hepl', 'help'],
    ['two letters swapped at the beginning', 'hsow', 'show'],
    ['two letters swapped in a longer word', 'sttaus', 'status'],
    ['a letter left out', 'rotte', 'rotate'],
    ['a letter too many', 'shhow', 'show'],
    ['another letter', 'helo', 'help'],
    ['capitals', 'SHWO', 'show'],
    ['a beginning that only one has', 'conf', 'config'],
  ])('%s: %s', (_, typed, meant) => {
    expect(suggest(typed, VERBS)).toBe(meant);
  });

  test.each([
    ['nothing at all', ''],
    ['too far from all of them', 'frobnicate'],
    ['two swaps in a word of four', 'hswo'],
    ['the reverse', 'wohs'],
  ])('no name for %s', (_, typed) => {
    expect(suggest(typed, VERBS)).toBeUndefined();
  });

  test('the nearest of several, and the first of equally near ones', () => {
    expect(suggest('worker12', ['worker1', 'worker123', 'worker21'])).toBe('worker123');
    expect(suggest('worker9', ['worker1', 'worker2'])).toBe('worker1');
    expect(suggest('target-bb', ['target-x', 'target-b'])).toBe('target-b');
  });
});

test('any swap of two neighbouring letters is undone, wherever it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{4,20}$/), fc.nat(), (name, place) => {
      const at = place % (name.length - 1);
      const swapped = `${name.slice(0, at)}${name[at + 1]}${name[at]}${name.slice(at + 2)}`;
      expect(suggest(swapped, ['zzzz-zzzz-zzzz', name])).toBe(name);
    }),
  );
});
