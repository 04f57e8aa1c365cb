import { expect, test } from '@jest/globals';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { baselineOf, replacementsIn } from '../../../src/domain/checks/baseline.ts';
import {
  evictedPodsGone,
  replacementExists,
  replacementReady,
} from '../../../src/domain/checks/pod-replaced.ts';
import { anInspection, aPod, neighbors, told, UNREADABLE } from './an-inspection.ts';

const OLD = aPod('old', 'worker1');
const NEW = aPod('new', 'worker1');
const OTHER = aPod('other', 'worker2');
const BEFORE = { announced: null, pods: ['old', 'other'] };

test.each<[string, readonly TmmPod[], number, string]>([
  [
    'a pod that was there before is no replacement',
    [OTHER],
    1,
    'wait replacement_missing: There is no new TMM pod',
  ],
  ['a new pod is one, wherever it runs', [OTHER, aPod('new', 'worker9')], 1, 'pass'],
  [
    'one that is ending is none',
    [aPod('new', 'worker1', { terminating: true })],
    1,
    'wait replacement_missing: There is no new TMM pod',
  ],
  ['as many are needed as were evicted', [NEW], 2, 'wait replacement_missing: There are 1 of 2 new TMM pods'],
])('replacement exists: %s', (_, pods, evicted, expected) => {
  expect(told(replacementExists(anInspection(pods), evicted, BEFORE))).toBe(expected);
});

test('what a missing replacement means for traffic is counted', () => {
  expect(replacementExists(anInspection([]), 1, BEFORE)).toMatchObject({
    traffic: 'Until then there is 1 TMM pod fewer to carry traffic.',
  });
  expect(replacementExists(anInspection([NEW]), 3, BEFORE)).toMatchObject({
    traffic: 'Until then there are 2 TMM pods fewer to carry traffic.',
  });
});

test.each<[string, readonly TmmPod[], string]>([
  ['where there is none yet, another check says so', [OTHER], 'pass'],
  ['a Ready one passes', [OTHER, NEW], 'pass'],
  ['a pod of before need not be Ready', [aPod('other', 'worker2', { ready: false }), NEW], 'pass'],
  [
    'the words of Kubernetes say why it is not',
    [aPod('new', 'worker1', { ready: false, trouble: 'CrashLoopBackOff' })],
    'wait replacement_not_ready: new on worker1 is not Ready (CrashLoopBackOff)',
  ],
  [
    'one Ready of two is not enough',
    [NEW, aPod('next', 'worker2', { ready: false, phase: 'Pending' })],
    'wait replacement_not_ready: next on worker2 is not Ready (Pending)',
  ],
])('replacement Ready: %s', (_, pods, expected) => {
  expect(told(replacementReady(anInspection(pods), BEFORE))).toBe(expected);
});

test('a replacement that is not Ready in another way is news', () => {
  const about = (more: Partial<TmmPod>) => {
    const pods = [aPod('new', 'worker1', { ready: false, ...more })];
    const judged = replacementReady(anInspection(pods), BEFORE);
    return judged.kind === 'wait' ? judged.about : '';
  };
  expect(about({ phase: 'Pending' })).toBe(about({ phase: 'Pending' }));
  expect(about({ phase: 'Pending' })).not.toBe(about({ phase: 'Running' }));
  expect(about({ trouble: 'CrashLoopBackOff' })).not.toBe(about({}));
});

test('evicted pods have to be gone, not only ending', () => {
  const ending = aPod('old', 'worker1', { terminating: true });
  expect(told(evictedPodsGone(anInspection([ending, NEW]), ['old']))).toBe(
    'wait eviction_slow: old on worker1 is still ending',
  );
  expect(told(evictedPodsGone(anInspection([OTHER, NEW]), ['old']))).toBe('pass');
});

test('the baseline needs the neighbors of the pods that go, and of no other', () => {
  const read = baselineOf(anInspection([OLD, OTHER]), ['old']);
  expect(read).toMatchObject({ kind: 'unread', pod: { name: 'old' }, pages: ['neighbors'] });
});

test('the baseline is all pods, and the most announced to one Established peer of each family', () => {
  const pages = {
    old: {
      neighbors: neighbors({
        '10.20.1.1': { state: 'Established', announcedPrefixes: 2 },
        '10.20.1.2': { state: 'Established', announcedPrefixes: 3 },
        '10.20.1.3': { state: 'Active', announcedPrefixes: 9 },
        '2001:db8::1': { state: 'Established', announcedPrefixes: 1 },
      }),
    },
  };
  expect(baselineOf(anInspection([OLD, OTHER], { pages }), ['old'])).toEqual({
    announced: { IPv4: 3, IPv6: 1 },
    pods: ['old', 'other'],
  });
});

test.each([
  ['cannot be read', UNREADABLE],
  ['does not say how many', neighbors({ '10.20.1.1': { state: 'Established' } })],
])('what is announced is not known when the page %s', (_, page) => {
  const inspection = anInspection([OLD], { pages: { old: { neighbors: page } } });
  expect(baselineOf(inspection, ['old'])).toEqual({ announced: null, pods: ['old'] });
});

test('a pod that cannot be asked has no baseline of prefixes', () => {
  const inspection = anInspection([aPod('old', 'worker1', { phase: 'Pending' })]);
  expect(baselineOf(inspection, ['old'])).toEqual({ announced: null, pods: ['old'] });
  expect(replacementsIn(anInspection([OLD, NEW]), BEFORE)).toEqual([NEW]);
});
