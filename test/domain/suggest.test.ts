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
    ['two letters that only one begins with', 'ro', 'rotate'],
    ['two edits of six letters', 'rtoaet', 'rotate'],
    ['two edits, by which it became shorter', 'rotxe', 'rotate'],
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

test('nothing is meant by nothing, however short a name is', () => {
  expect(suggest('', ['a'])).toBeUndefined();
});

test('a name is offered when one letter has to be edited, or a third of the longer one at most', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(word, word, (typed, name) => {
      const near = edits(typed, name) <= Math.max(1, Math.floor(Math.max(typed.length, name.length) / 3));
      const begun = typed.length >= 2 && name.startsWith(typed);
      expect(suggest(typed, [name])).toBe(near || begun ? name : undefined);
    }),
    { numRuns: 500 },
  );
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

/** Letters to be added, left out, replaced, or swapped with the next one: by trying from the end every way there is. */
function edits(one: string, other: string, known = new Map<string, number>()): number {
  if (one === '' || other === '') return one.length + other.length;
  const key = `${one} ${other}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const [shorter, otherShorter] = [one.slice(0, -1), other.slice(0, -1)];
  const ways = [
    edits(shorter, otherShorter, known) + (one.at(-1) === other.at(-1) ? 0 : 1),
    edits(shorter, other, known) + 1,
    edits(one, otherShorter, known) + 1,
  ];
  if (one.length > 1 && one.slice(-2) === [...other.slice(-2)].reverse().join(''))
    ways.push(edits(one.slice(0, -2), other.slice(0, -2), known) + 1);
  const fewest = Math.min(...ways);
  known.set(key, fewest);
  return fewest;
}
