import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareNames, firstNames } from '../../src/domain/natural-order.ts';

test('names stand as people count', () => {
  const names = ['worker10.rack', 'worker2.rack', 'worker1.rack', 'edge-12', 'edge-9'];
  expect(names.sort(compareNames)).toEqual([
    'edge-9',
    'edge-12',
    'worker1.rack',
    'worker2.rack',
    'worker10.rack',
  ]);
});

test('the first few of many names are the first few of all of them sorted', () => {
  const name = fc.stringMatching(/^[a-z]{0,2}[0-9]{0,3}$/);
  fc.assert(
    fc.property(fc.array(name), fc.nat(8), (names, count) => {
      expect(firstNames(names, count)).toEqual([...names].sort(compareNames).slice(0, count));
    }),
  );
});

test('two names that count alike have an order all the same', () => {
  expect(compareNames('worker01', 'worker1')).toBe(-1);
  expect(compareNames('worker1', 'worker01')).toBe(1);
  expect(compareNames('worker1', 'worker1')).toBe(0);
});
