import { expect, test } from '@jest/globals';
import { type LookupIndex, lookupIndexOf } from '../../../src/domain/bgp/lookup-index.ts';

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

test('keys whose value cannot be read, or names an address twice or none, are known, with the newest reason', () => {
  const told = ({ unreadable, irregular }: LookupIndex) => ({
    unreadable: unreadable.keys().map((key) => `${key}: ${unreadable.get(key)}`),
    irregular: irregular.keys(),
  });
  const before = lookupIndexOf({ a: 'leaf', b: '10.0.0.1,10.0.0.1', c: '', d: '10.0.0.1', e: 'leaf' });
  expect(told(before)).toEqual({
    unreadable: ['a: "leaf" is not an address', 'e: "leaf" is not an address'],
    irregular: ['b', 'c'],
  });
  const data = { a: 'spine', b: '10.0.0.1', d: '10.0.0.1', e: '10.0.0.1', f: 'leaf', g: '10.0.0.2 10.0.0.2' };
  expect(told(lookupIndexOf(data, before))).toEqual({
    unreadable: ['a: "spine" is not an address', 'f: "leaf" is not an address'],
    irregular: ['g'],
  });
  expect(told(lookupIndexOf(data, before))).toEqual(told(lookupIndexOf(data)));
});

test('what a new value does not concern is shared with the index before', () => {
  const before = lookupIndexOf({ a: 'leaf', b: '', c: '10.0.0.1' });
  const after = lookupIndexOf({ a: 'leaf', b: '', c: '10.0.0.2' }, before);
  expect(after.unreadable).toBe(before.unreadable);
  expect(after.irregular).toBe(before.irregular);
  expect(after.nodesByLabel).toBe(before.nodesByLabel);
});

test('styles are counted, and forgotten with their last value', () => {
  const counts = ({ styles }: LookupIndex) =>
    [...styles.values()].map(({ style, count }) => `${style.between} ${count}`);
  const before = lookupIndexOf({ a: '10.0.0.1,10.0.0.2', b: '10.0.0.3,10.0.0.4', c: '10.0.0.5;10.0.0.6' });
  expect(counts(before)).toEqual([', 2', '; 1']);
  expect(counts(lookupIndexOf({ a: '10.0.0.1,10.0.0.2', b: 'leaf', c: '10.0.0.5' }, before))).toEqual([
    ', 1',
  ]);
});
