import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { anotherTmmCarries } from '../../../src/domain/checks/another-tmm-carries.ts';
import { anInspection, aPod, config, neighbors, summary, told } from './an-inspection.ts';

const OWN = aPod('own', 'worker1');
const OTHER = aPod('other', 'worker2');
const THIRD = aPod('third', 'worker3');
const UP: PodPages = {
  summary: summary({ '10.20.2.1': 'Established' }),
  neighbors: neighbors({ '10.20.2.1': { state: 'Established', announcedPrefixes: 3 } }),
};
const judged = (pods: readonly TmmPod[], pages: Record<string, PodPages>, mapping6 = {}) =>
  told(anotherTmmCarries(anInspection(pods, { pages, mapping6 }), 'own', 10_000));

const BOTH_FAMILIES: PodPages = {
  summary: summary({ '10.20.1.1': 'Established' }),
  ipv6Summary: summary({ '2001:db8::1': 'Established' }),
  neighbors: neighbors({
    '10.20.1.1': { state: 'Established' },
    '2001:db8::1': { state: 'Established' },
  }),
};

test('each address family that the pod carries needs another TMM of its own', () => {
  expect(judged([OWN, OTHER], { own: BOTH_FAMILIES, other: UP })).toBe('read ipv6Summary of other');
  const ipv4Only = {
    ...UP,
    config: config(['10.20.2.1']),
    ipv6Summary: summary({}),
  };
  expect(judged([OWN, OTHER], { own: BOTH_FAMILIES, other: ipv4Only })).toBe(
    'fail last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv6 session.',
  );
  const ipv6 = { ...ipv4Only, ipv6Summary: summary({ '2001:db8::9': 'Established' }) };
  expect(judged([OWN, OTHER], { own: BOTH_FAMILIES, other: ipv6 })).toBe('pass');
  expect(judged([OWN, OTHER, THIRD], { own: BOTH_FAMILIES, other: ipv4Only, third: ipv6 })).toBe('pass');
});

test('a family that the lookups do not name any more counts as long as the pod carries it', () => {
  const { ipv6Summary: _, ...unasked } = BOTH_FAMILIES;
  expect(judged([OWN, OTHER], { own: unasked, other: UP })).toBe('read ipv6Summary of own');
});

test('a family that the lookups give the pod is asked about, whatever the neighbors show', () => {
  const own = { summary: summary({ '10.20.1.1': 'Active' }), config: config([]), neighbors: neighbors({}) };
  expect(judged([OWN, OTHER], { own })).toBe('pass');
  expect(judged([OWN, OTHER], { own }, { worker1: '2001:db8::1' })).toBe('read ipv6Summary of own');
  expect(
    judged([OWN, OTHER], { own: { ...own, ipv6Summary: summary({}) } }, { worker1: '2001:db8::1' }),
  ).toBe('pass');
});
