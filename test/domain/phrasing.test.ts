import { expect, test } from '@jest/globals';
import { asClause, capitalized, counted } from '../../src/domain/phrasing.ts';
import { readSummary } from '../../src/domain/zebos/read-summary.ts';

test.each([
  ['no answer within 10 s.', 'no answer within 10 s'],
  ['no answer within 10 s', 'no answer within 10 s'],
  ['please wait...', 'please wait...'],
  ['please wait…', 'please wait…'],
  ['it is gone. ', 'it is gone'],
  ['', ''],
])('of "%s", a sentence takes "%s" and ends with one full stop', (words, clause) => {
  expect(asClause(words)).toBe(clause);
});

test('what a router says of itself brings no full stop into the sentence that quotes it', () => {
  const reading = readSummary('% BGP is not enabled.\n');
  expect(reading.readable ? '' : reading.why).toBe('the router answers: % BGP is not enabled');
});

test.each<[string, Parameters<typeof counted>]>([
  ['1 TMM pod', [1, 'TMM pod']],
  ['0 TMM pods', [0, 'TMM pod']],
  ['2 TMM pods', [2, 'TMM pod']],
  ['1 prefix', [1, 'prefix', 'prefixes']],
  ['12 prefixes', [12, 'prefix', 'prefixes']],
])('counts %s', (words, of) => {
  expect(counted(...of)).toBe(words);
});

test('words begin a sentence with a capital letter', () => {
  expect(capitalized('its session is down')).toBe('Its session is down');
  expect(capitalized('')).toBe('');
});
