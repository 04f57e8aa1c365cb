import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { baselineOf } from '../../../src/domain/checks/baseline.ts';
import { replacementsOf } from '../../../src/domain/checks/replacements.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { owned, withWorkload } from './a-workload.ts';
import { anInspection, aPod, neighbors, summary, UNREADABLE } from './an-inspection.ts';

const OLD = aPod('old', 'worker1');
const NEW = aPod('new', 'worker1');
const OTHER = aPod('other', 'worker2');
const EVICTED = [{ uid: 'old', node: 'worker1' }];

test('the baseline needs the neighbors of the pods that go, and of no other', () => {
  const read = baselineOf(anInspection([OLD, OTHER]), EVICTED);
  expect(read).toMatchObject({ kind: 'unread', pod: { name: 'old' }, pages: ['neighbors'] });
});

test('the baseline is all pods that have a node, and what is announced to each Established peer', () => {
  const pages = {
    old: {
      neighbors: neighbors({
        '10.20.1.1': { state: 'Established', announcedPrefixes: 2 },
        '10.20.1.3': { state: 'Active', announcedPrefixes: 9 },
        '2001:db8::1': { state: 'Established', announcedPrefixes: 1 },
      }),
    },
  };
  const { node: _, ...unscheduled } = aPod('waits', 'nowhere', { phase: 'Pending' });
  expect(baselineOf(anInspection([OLD, OTHER, unscheduled], { pages }), EVICTED)).toEqual({
    announced: { worker1: { '10.20.1.1': 2, '2001:db8::1': 1 } },
    pods: ['old', 'other'],
  });
});

test('the baseline names the controllers of the pods that go: the workload, or else the owner', () => {
  const before = (pods: readonly TmmPod[]) => {
    const baseline = baselineOf(withWorkload(pods), [{ uid: 'old', node: 'worker1' }]);
    return 'kind' in baseline ? undefined : baseline.controllers;
  };
  const pending = aPod('old', 'worker1', { phase: 'Pending' });
  const foreign = { kind: 'Rollout', name: 'f5-tmm', uid: 'rollout' };
  expect(before([owned(pending), owned(OTHER, foreign)])).toEqual(['deployment']);
  expect(before([owned(pending, foreign), owned(OTHER)])).toEqual(['rollout']);
  expect(before([pending, owned(OTHER)])).toBeUndefined();
});

test('of two pods on a node the one that announces more counts', () => {
  const announcing = (counts: Record<string, number>) => ({
    neighbors: neighbors(
      Object.fromEntries(
        Object.entries(counts).map(([peer, count]) => [
          peer,
          { state: 'Established' as const, announcedPrefixes: count },
        ]),
      ),
    ),
  });
  const pages = { old: announcing({ a: 1, b: 5 }), twin: announcing({ a: 3, c: 2 }) };
  const evicted = [...EVICTED, { uid: 'twin', node: 'worker1' }];
  expect(baselineOf(anInspection([OLD, aPod('twin', 'worker1')], { pages }), evicted)).toMatchObject({
    announced: { worker1: { a: 3, b: 5, c: 2 } },
  });
});

test.each([
  ['cannot be read', UNREADABLE],
  ['does not say how many', neighbors({ '10.20.1.1': { state: 'Established' } })],
])('what is announced is not known when the page %s', (_, page) => {
  const pages = { old: { neighbors: page, summary: summary({ '10.20.1.1': 'Established' }) } };
  expect(baselineOf(anInspection([OLD], { pages }), EVICTED)).toEqual({
    announced: { worker1: null },
    pods: ['old'],
  });
});

test('FRR tells what is announced in its summary alone, which is read where the pages do not tell', () => {
  const page = neighbors({ '10.20.1.1': { state: 'Established', acceptedPrefixes: 1 } });
  const asked = (pages: PodPages) => baselineOf(anInspection([OLD], { pages: { old: pages } }), EVICTED);
  expect(asked({ neighbors: page })).toMatchObject({ kind: 'unread', pages: ['summary'] });
  const told = readSummary(`Neighbor V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd PfxSnt Desc
10.20.1.1 4 3535 12 14 0 0 0 00:07:22 1 3 N/A
`);
  expect(asked({ neighbors: page, summary: told })).toMatchObject({
    announced: { worker1: { '10.20.1.1': 3 } },
  });
});

test('a pod that cannot be asked has no baseline of prefixes', () => {
  const inspection = anInspection([aPod('old', 'worker1', { phase: 'Pending' })]);
  expect(baselineOf(inspection, EVICTED)).toEqual({ announced: { worker1: null }, pods: ['old'] });
});

test.each<[string, readonly TmmPod[]]>([
  ['is gone', []],
  ['has ended, and is left over', [aPod('old', 'worker1', { phase: 'Failed' })]],
  ['is ending', [aPod('old', 'worker1', { terminating: true, phase: 'Pending' })]],
])('where the evicted pod %s already, what runs on its node may be its replacement', (_, old) => {
  const before = baselineOf(anInspection([...old, NEW, OTHER]), EVICTED);
  expect(before).toEqual({ announced: { worker1: null }, pods: ['other'] });
  if ('kind' in before) throw new Error('nothing has to be read');
  expect(replacementsOf(anInspection([...old, NEW, OTHER]), EVICTED, before)).toEqual([NEW]);
});
