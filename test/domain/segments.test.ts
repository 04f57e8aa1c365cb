import { expect, test } from '@jest/globals';
import {
  before,
  oneLine,
  ours,
  plainText,
  reported,
  type Segment,
  say,
  typed,
  withoutLineBreaks,
} from '../../src/domain/segments.ts';

const ALICE: Segment = { kind: 'person', userId: 'U01ALICE' };

test('a sentence is put together from words of ours and pieces of others, each as what it is', () => {
  expect(say`${ALICE} asked: ${typed('show worker1')}${undefined} ${[ours('in '), ours('C1')]}`).toEqual([
    ALICE,
    { kind: 'ours', text: ' asked: ' },
    { kind: 'typed', text: 'show worker1' },
    { kind: 'ours', text: ' ' },
    { kind: 'ours', text: 'in ' },
    { kind: 'ours', text: 'C1' },
  ]);
});

test('what shows nothing is nothing, and takes the words before it with it', () => {
  expect(typed(' \n')).toBeUndefined();
  expect(reported('')).toBeUndefined();
  expect(before(', because ', typed(' '))).toEqual([]);
  expect(before(', because ', [])).toEqual([]);
  expect(before(', because ', typed('r1 is dead'))).toEqual([
    { kind: 'ours', text: ', because ' },
    { kind: 'typed', text: 'r1 is dead' },
  ]);
});

test('in plain text a quotation is one, and no line break of others begins a line of ours', () => {
  const words = say`${{ kind: 'person', userId: 'U1\nU2' }} said ${typed(' yes\n  *no* ')}: ${reported('a\n\nb')}\n`;
  expect(plainText(words)).toBe('U1 ⏎ U2 said “yes ⏎ *no*”: a ⏎ b\n');
});

test('an instant stands in plain text as its words, and in UTC where it has none', () => {
  const atMs = Date.UTC(2026, 10, 23, 10, 5, 59);
  expect(plainText([{ kind: 'moment', atMs }])).toBe('2026-11-23 10:05 UTC');
  expect(plainText([{ kind: 'moment', atMs, words: 'Monday 11:05' }])).toBe('Monday 11:05');
});

test('what stands on one line stays as it is, but for the blanks around it', () => {
  expect(oneLine('  a  b\t ')).toBe('a  b\t'.trim());
  expect(withoutLineBreaks('a  b \n  c', '/')).toBe('a  b/c');
});
