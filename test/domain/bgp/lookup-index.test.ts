import { expect, test } from '@jest/globals';
import { lookupIndexOf } from '../../../src/domain/bgp/lookup-index.ts';

test('a lookup is found by peer and by first label, and its families are counted', () => {
  const before = lookupIndexOf({ 'w1.a': '10.0.0.1, 2001:DB8::1', 'w1.b': '10.0.0.1', w2: 'router1' });
  expect(before.nodesByPeer.get('10.0.0.1')).toEqual(['w1.a', 'w1.b']);
  expect(before.nodesByPeer.get('2001:db8::1')).toEqual(['w1.a']);
  expect(before.nodesByLabel.get('w1')).toEqual(['w1.a', 'w1.b']);
  expect(before.nodesByLabel.get('w2')).toEqual(['w2']);
  expect(before.families).toEqual({ IPv4: 2, IPv6: 1 });
  const after = lookupIndexOf({ 'w1.b': '10.0.0.1' }, before);
  expect(after.nodesByPeer.keys()).toEqual(['10.0.0.1']);
  expect(after.nodesByLabel.keys()).toEqual(['w1']);
  expect(after.families).toEqual({ IPv4: 1, IPv6: 0 });
});
