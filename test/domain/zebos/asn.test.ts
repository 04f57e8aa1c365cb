import { expect, test } from '@jest/globals';
import { parseAsn } from '../../../src/domain/zebos/printed-values.ts';

test.each([
  ['1', 1],
  ['64443', 64443],
  ['4294967295', 4294967295],
  ['1.10', 65546],
  ['0.1', 1],
  ['65535.65535', 4294967295],
])('the AS number %s is read as %i', (text, asn) => {
  expect(parseAsn(text)).toBe(asn);
});

test.each([
  '',
  '0',
  '0.0',
  '4294967296',
  '65536.1',
  '1.65536',
  '1.2.3',
  '-1',
  '1e3',
  ' 1',
  '1.',
  '.1',
  'AS1',
  '٣',
])('“%s” is not taken for an AS number', (text) => {
  expect(parseAsn(text)).toBeUndefined();
});
