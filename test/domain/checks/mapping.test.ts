import { expect, test } from '@jest/globals';
import {
  lookupWritable,
  mappedForReplacement,
  mappingWritten,
  nodeMapped,
  planHolds,
} from '../../../src/domain/checks/mapping.ts';
import { anInspection, told } from './an-inspection.ts';

const DIFFERENCE = { lookup: 'tor', asn: 3535, node: 'worker1', createsLookup: false };
const ROTATE = { ...DIFFERENCE, before: '10.20.1.1', after: '10.20.1.9' };
const CLUSTER = {
  uid: 'a cluster',
  tmm: { namespace: 'spk-tmm', selector: 'app=f5-tmm' },
  lookups: { tor: 'tor' },
};
const planned = (
  ...differences: (typeof ROTATE | (typeof DIFFERENCE & { before: null; after: string }))[]
) => ({
  differences,
  cluster: CLUSTER,
});
const nothing = () => false;
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
  expect(told(planHolds(inspected(value), planned(ROTATE), nothing))).toBe(expected);
});

test.each<[string, string | undefined, string]>([
  ['the new value passes', '10.20.1.9', 'pass'],
  [
    'the old one does not',
    '10.20.1.1',
    'fail mapping_moved: tor holds "10.20.1.1" for worker1, written by somebody else; this change wrote "10.20.1.9".',
  ],
])('after the write: %s', (_, value, expected) => {
  expect(told(mappingWritten(inspected(value), ROTATE))).toBe(expected);
});

test('a key is added where there is none, even where the lookup is not there yet, and removed to nothing', () => {
  const add = { ...DIFFERENCE, lookup: 'none', before: null, after: '10.20.1.9', createsLookup: true };
  expect(told(planHolds(inspected(undefined), planned(add), nothing))).toBe('pass');
  expect(told(mappingWritten(inspected(undefined), { ...ROTATE, after: null }))).toBe('pass');
});

test('lesson 37: a key that this change wrote and somebody moved names who, what is there, and what was written', () => {
  const { lookups, ...rest } = inspected('10.20.1.1');
  const tor = lookups.get('tor');
  if (tor === undefined) throw new Error('the inspection has the lookup');
  const writers = { worker1: { manager: 'kubectl-edit', at: '2026-11-23T10:00:00.000Z' } };
  const moved = { ...rest, lookups: new Map([['tor', { ...tor, writers }]]) };
  expect(told(planHolds(moved, planned(ROTATE), () => true))).toBe(
    'fail mapping_moved: tor holds "10.20.1.1" for worker1, written by kubectl-edit at 2026-11-23T10:00:00.000Z; this change wrote "10.20.1.9".',
  );
  expect(told(planHolds(inspected('10.20.1.9'), planned(ROTATE), () => true))).toBe('pass');
});

test('a ConfigMap that is gone, or was created again, is not the one that was approved', () => {
  const other = { ...CLUSTER, lookups: { tor: 'an earlier one' } };
  expect(told(planHolds(inspected('10.20.1.1'), { differences: [ROTATE], cluster: other }, nothing))).toBe(
    'fail mapping_moved: ConfigMap tor was deleted and created again since the plan was made.',
  );
  const { lookups: _, ...rest } = inspected('10.20.1.1');
  expect(told(planHolds({ ...rest, lookups: new Map() }, planned(ROTATE), nothing))).toBe(
    'fail mapping_moved: ConfigMap tor is gone.',
  );
});

test('a ConfigMap that became immutable is not written', () => {
  const { lookups, ...rest } = inspected('10.20.1.1');
  const tor = lookups.get('tor');
  if (tor === undefined) throw new Error('the inspection has the lookup');
  const immutable = { ...rest, lookups: new Map([['tor', { ...tor, immutable: true }]]) };
  expect(told(lookupWritable(immutable, ROTATE))).toBe('fail lookup_immutable: ConfigMap tor is immutable.');
  expect(told(lookupWritable(inspected('10.20.1.1'), ROTATE))).toBe('pass');
});

test('a pod is taken only where a lookup maps its node by a value that can be read', () => {
  const pod = { name: 'f5-tmm-1', node: 'worker1' };
  expect(mappedForReplacement(anInspection([]), pod, false)).toEqual({ kind: 'pass' });
  const unmapped = anInspection([], { mapping: {} });
  expect(mappedForReplacement(unmapped, pod, true)).toEqual({ kind: 'pass' });
  const refused = mappedForReplacement(unmapped, pod, false);
  expect(told(refused)).toBe(
    'fail replacement_unmapped: f5-tmm-1 runs on worker1, which no lookup maps. f5-tmm-1 was left alone.',
  );
  // It was not taken: that it carries nothing would be the wrong words.
  expect(refused).not.toHaveProperty('traffic');
  expect(nodeMapped(unmapped, pod, false)).toHaveProperty('traffic');
  const garbled = mappedForReplacement(anInspection([], { mapping: { worker1: 'later' } }), pod, true);
  expect(told(garbled)).toMatch(/^fail mapping_unreadable: .* f5-tmm-1 was left alone\.$/);
});
