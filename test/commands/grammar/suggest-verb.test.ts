import { expect, test } from '@jest/globals';
import { OTHER_WORDS, suggestVerb } from '../../../src/commands/grammar/suggest-verb.ts';
import { loadRegistry } from '../../../src/commands/registry.ts';

const VERBS = (await loadRegistry()).commands.map(({ verb }) => verb);

test.each([
  ['stop', 'cancel'],
  ['STOP!!!', 'cancel'],
  ['undo', 'rollback'],
  ['reboot', 'restart'],
  ['delete', 'remove'],
  ['replace', 'rotate'],
  ['retry', 'resume'],
  ['?', 'help'],
  ['shwo', 'show'],
  ['state', 'status'],
  ['pending', 'changes'],
])('who types %s is offered %s', (typed, verb) => {
  expect(suggestVerb(typed, VERBS)).toBe(verb);
});

test('every word leads to a verb that there is, is none itself, and means one thing', () => {
  expect(Object.keys(OTHER_WORDS).filter((verb) => !VERBS.includes(verb))).toEqual([]);
  const words = Object.values(OTHER_WORDS).flat();
  expect(words.filter((word) => VERBS.includes(word))).toEqual([]);
  expect(new Set(words).size).toBe(words.length);
});

test('nothing that passes over a review is offered for a word of everyday use', () => {
  for (const word of ['force', 'override', 'now', 'urgent'])
    expect(suggestVerb(word, VERBS)).not.toBe('break-glass');
});
