import { expect, test } from '@jest/globals';
import { asClause } from '../../src/domain/clause.ts';
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
