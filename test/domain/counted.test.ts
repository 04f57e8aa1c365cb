import { expect, test } from '@jest/globals';
import { counted } from '../../src/domain/counted.ts';

test.each<[string, Parameters<typeof counted>]>([
  ['1 TMM pod', [1, 'TMM pod']],
  ['0 TMM pods', [0, 'TMM pod']],
  ['2 TMM pods', [2, 'TMM pod']],
  ['1 prefix', [1, 'prefix', 'prefixes']],
  ['12 prefixes', [12, 'prefix', 'prefixes']],
])('counts %s', (words, of) => {
  expect(counted(...of)).toBe(words);
});
