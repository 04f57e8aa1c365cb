import { expect, test } from '@jest/globals';
import { isRackLabel, rackOf } from '../../../src/domain/bgp/rack-labels.ts';

test.each([
  ['rack', true],
  ['topology.kubernetes.io/rack', true],
  ['site-rack', true],
  ['topology.kubernetes.io/zone', false],
  ['rack-unit', false],
  ['track', false],
])('a label %s names a rack: %s', (key, names) => {
  expect(isRackLabel(key)).toBe(names);
});

test('the rack of a node is the first label of a rack that is not empty', () => {
  const labels = { zone: 'z1', 'a/rack': '', 'b/rack': 'r7', rack: 'r8' };
  const node = { name: 'worker1', labels, ready: true, cordoned: false };
  expect(rackOf(node)).toBe('r7');
  expect(rackOf({ ...node, labels: { zone: 'z1' } })).toBeUndefined();
  expect(rackOf(undefined)).toBeUndefined();
});
