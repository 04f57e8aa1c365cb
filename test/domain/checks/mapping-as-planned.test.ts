import { expect, test } from '@jest/globals';
import { mappingAsPlanned, mappingWritten } from '../../../src/domain/checks/mapping-as-planned.ts';
import { anInspection, told } from './an-inspection.ts';

const DIFFERENCE = { lookup: 'tor', asn: 3535, node: 'worker1', createsLookup: false };
const ROTATE = { ...DIFFERENCE, before: '10.20.1.1', after: '10.20.1.9' };
const inspected = (value: string | undefined) =>
  anInspection([], { mapping: value === undefined ? {} : { worker1: value } });

test.each<[string, string | undefined, string]>([
  ['the value that was approved passes', '10.20.1.1', 'pass'],
  ['the new value passes: it was written already', '10.20.1.9', 'pass'],
  [
    'another value is left alone',
    '10.20.1.5',
    'fail mapping_changed_meanwhile: tor holds "10.20.1.5" for worker1; the plan was made from "10.20.1.1". It was left alone.',
  ],
  [
    'so is a key that is gone',
    undefined,
    'fail mapping_changed_meanwhile: tor holds nothing for worker1; the plan was made from "10.20.1.1". It was left alone.',
  ],
])('before the write: %s', (_, value, expected) => {
  expect(told(mappingAsPlanned(inspected(value), ROTATE))).toBe(expected);
});

test.each<[string, string | undefined, string]>([
  ['the new value passes', '10.20.1.9', 'pass'],
  [
    'the old one does not',
    '10.20.1.1',
    'fail mapping_changed_meanwhile: tor holds "10.20.1.1" for worker1, not "10.20.1.9", which this change wrote.',
  ],
])('after the write: %s', (_, value, expected) => {
  expect(told(mappingWritten(inspected(value), ROTATE))).toBe(expected);
});

test('a key is added where there is none, even where the lookup is not there yet, and removed to nothing', () => {
  const add = { ...DIFFERENCE, lookup: 'none', before: null, after: '10.20.1.9', createsLookup: true };
  expect(told(mappingAsPlanned(inspected(undefined), add))).toBe('pass');
  expect(told(mappingWritten(inspected(undefined), { ...ROTATE, after: null }))).toBe('pass');
});
