import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { Baseline } from '../../../src/domain/change/change.ts';
import { prefixesAsBefore } from '../../../src/domain/checks/prefixes-as-before.ts';
import { readNeighbors } from '../../../src/domain/zebos/read-neighbors.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { anInspection, aPod, neighbors, summary, told, UNREADABLE } from './an-inspection.ts';

const POD = aPod('tmm', 'worker1');
const MAPPING = { worker1: '10.20.1.1, 10.20.1.2' };
const BOTH_UP = summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' });

const inspected = (pages: PodPages, mapping: Record<string, string> = MAPPING, mapping6 = {}) =>
  anInspection([POD], { mapping, mapping6, pages: { tmm: pages } });

const BEFORE: Baseline = {
  announced: { worker1: { '10.20.1.1': 3, '10.20.1.7': 2, '2001:db8::1': 5 } },
  pods: [],
};
const ANNOUNCES = (first: number, second: number) => ({
  neighbors: neighbors({
    '10.20.1.1': { state: 'Established', announcedPrefixes: first },
    '10.20.1.2': { state: 'Established', announcedPrefixes: second },
  }),
});

test('case 32: of two peers that were told the same, one is told less, and the change waits for it', () => {
  const page = new URL('../zebos/cases/neighbors/32-one-peer-announces-less.txt', import.meta.url);
  const pod = aPod('tmm', 'worker3');
  const inspection = anInspection([pod], {
    mapping: { worker3: '10.20.3.1,10.20.3.2' },
    pages: { tmm: { neighbors: readNeighbors(readFileSync(page, 'utf8')) } },
  });
  const before = { announced: { worker3: { '10.20.3.1': 3, '10.20.3.2': 3 } }, pods: [] };
  expect(told(prefixesAsBefore(inspection, pod, before))).toBe(
    'wait prefixes_missing: tmm on worker3 announces 0 of 3 prefixes to 10.20.3.2',
  );
});

const UNKNOWN_BEFORE: Baseline = { announced: { worker1: null }, pods: [] };
const RESUMED = (first: number, second: number): Baseline => ({
  announced: { worker1: { '10.20.1.1': first, '10.20.1.2': second } },
  beforeResume: true,
  pods: [],
});
const WITHOUT_POLICY = readSummary(`Neighbor V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd PfxSnt
10.20.1.1 4 3535 9 9 0 0 0 01:00:00 3 3
10.20.1.2 4 3535 9 9 0 0 0 01:00:00 (Policy) (Policy)

Total number of neighbors 2
`);

test.each<[string, PodPages, Baseline, string]>([
  ['with nothing to compare with the summary is read', {}, UNKNOWN_BEFORE, 'read summary of tmm'],
  ['and sessions do', { summary: BOTH_UP }, UNKNOWN_BEFORE, 'pass'],
  ['after a resume too', { summary: BOTH_UP }, RESUMED(3, 3), 'pass'],
  [
    'after a resume a session does that never had a policy',
    { summary: WITHOUT_POLICY },
    RESUMED(3, 0),
    'pass',
  ],
  [
    'and one does not that had',
    { summary: WITHOUT_POLICY },
    RESUMED(3, 3),
    'wait prefixes_missing: tmm on worker1 exchanges no routes with 10.20.1.2 (Established, 0 prefixes (Policy)), and did before',
  ],
  [
    'a session without a policy is not back where nobody knows whether it had one',
    { summary: WITHOUT_POLICY },
    UNKNOWN_BEFORE,
    'wait prefixes_missing: tmm on worker1 exchanges no routes with 10.20.1.2 (Established, 0 prefixes (Policy)), and whether it did before could not be read',
  ],
  [
    'where it was the same before, it does',
    { summary: WITHOUT_POLICY, neighbors: neighbors({ '10.20.1.2': { state: 'Established' } }) },
    { announced: { worker1: { '10.20.1.2': 0 } }, pods: [] },
    'pass',
  ],
  ['the neighbors are read', {}, BEFORE, 'read neighbors of tmm'],
  ['as many as before pass; a family without a peer does not count', ANNOUNCES(3, 2), BEFORE, 'pass'],
  ['more pass', ANNOUNCES(4, 9), BEFORE, 'pass'],
  [
    'fewer to an unchanged peer wait, whatever another one is told',
    ANNOUNCES(2, 9),
    BEFORE,
    'wait prefixes_missing: tmm on worker1 announces 2 of 3 prefixes to 10.20.1.1',
  ],
  [
    'a changed peer is told as much as the one that it replaces',
    ANNOUNCES(3, 0),
    BEFORE,
    'wait prefixes_missing: tmm on worker1 announces 0 of 2 prefixes to 10.20.1.2',
  ],
  [
    'one in addition is told as much as another of its family was',
    ANNOUNCES(3, 2),
    { announced: { worker1: { '10.20.1.1': 3 } }, pods: [] },
    'wait prefixes_missing: tmm on worker1 announces 2 of 3 prefixes to 10.20.1.2',
  ],
  [
    'a replacement on another node is compared with the pod that went',
    ANNOUNCES(3, 1),
    { announced: { worker9: { '10.20.9.1': 2 } }, pods: [] },
    'wait prefixes_missing: tmm on worker1 announces 1 of 2 prefixes to 10.20.1.2',
  ],
  [
    'of several pods that went, the one of its own node is what a replacement is compared with',
    ANNOUNCES(3, 1),
    { announced: { worker1: { '10.20.1.1': 3, '10.20.1.2': 2 }, worker9: { '10.20.9.1': 9 } }, pods: [] },
    'wait prefixes_missing: tmm on worker1 announces 1 of 2 prefixes to 10.20.1.2',
  ],
  [
    'on another node than all of several that went, there is nothing to compare it with',
    ANNOUNCES(0, 0),
    { announced: { worker8: { '10.20.8.1': 2 }, worker9: { '10.20.9.1': 9 } }, pods: [] },
    'read summary of tmm',
  ],
  [
    'what neither page nor summary tells waits, and nothing is said of why',
    {
      neighbors: neighbors({ '10.20.1.1': { state: 'Established' }, '10.20.1.2': { state: 'Established' } }),
      summary: BOTH_UP,
    },
    BEFORE,
    'wait prefixes_missing: What tmm on worker1 announces to its peers cannot be read',
  ],
  [
    'unreadable waits',
    { neighbors: UNREADABLE },
    BEFORE,
    'wait prefixes_missing: What tmm on worker1 announces to its peers cannot be read (the output is empty)',
  ],
])('prefixes as before: %s', (_, pages, before, expected) => {
  expect(told(prefixesAsBefore(inspected(pages), POD, before))).toBe(expected);
});

test('a pod that should have no peer is not judged by what it announces', () => {
  expect(told(prefixesAsBefore(inspected({}, {}), POD, BEFORE))).toBe('pass');
});

test('the families are compared each for itself, and each peer that went counts for one that came', () => {
  const judged = (mapping: string, announced: Record<string, number>, before: Record<string, number>) => {
    const pages = Object.entries(announced).map(([peer, announcedPrefixes]) => [
      peer,
      { state: 'Established' as const, announcedPrefixes },
    ]);
    const inspection = inspected(
      { neighbors: neighbors(Object.fromEntries(pages)) },
      { worker1: mapping },
      { worker1: '2001:db8::2' },
    );
    return told(prefixesAsBefore(inspection, POD, { announced: { worker1: before }, pods: [] }));
  };
  const before = { '10.20.1.1': 3, '10.20.1.2': 1, '2001:db8::1': 5 };
  const came = '10.20.1.8, 10.20.1.9';
  expect(judged(came, { '10.20.1.8': 3, '10.20.1.9': 1, '2001:db8::2': 5 }, before)).toBe('pass');
  expect(judged(came, { '10.20.1.8': 2, '10.20.1.9': 0, '2001:db8::2': 4 }, before)).toBe(
    'wait prefixes_missing: tmm on worker1 announces 2 of 3 prefixes to 10.20.1.8, 0 of 1 prefixes to 10.20.1.9, 4 of 5 prefixes to 2001:db8::2',
  );
  // The third one comes in addition: the fewest that any of its family was told is enough.
  const more = `${came}, 10.20.1.10`;
  expect(judged(more, { '10.20.1.8': 3, '10.20.1.9': 1, '10.20.1.10': 1, '2001:db8::2': 5 }, before)).toBe(
    'pass',
  );
  expect(judged(more, { '10.20.1.8': 3, '10.20.1.9': 1, '2001:db8::2': 5 }, before)).toBe(
    'wait prefixes_missing: tmm on worker1 announces 0 of 1 prefixes to 10.20.1.10',
  );
});
