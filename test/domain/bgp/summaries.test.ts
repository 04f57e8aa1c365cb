import { expect, test } from '@jest/globals';
import {
  announcedTo,
  carryingPeersOf,
  type PodPages,
  routingOf,
  sessionsOf,
} from '../../../src/domain/bgp/inspection.ts';
import { readSummary, type SummaryReading } from '../../../src/domain/zebos/read-summary.ts';
import { anInspection, aPod, summary, UNREADABLE } from '../checks/an-inspection.ts';

const POD = aPod('tmm', 'worker1');
const inspected = (pages: PodPages) => anInspection([POD], { mapping: {}, pages: { tmm: pages } });
const routing = (pages: PodPages) => routingOf(inspected(pages), POD);

test.each<[string, PodPages, SummaryReading]>([
  ['the first alone', { summary: summary({ a: 'Idle' }) }, summary({ a: 'Idle' })],
  ['the second alone', { ipv6Summary: summary({ a: 'Idle' }) }, summary({ a: 'Idle' })],
  [
    'both, each with a peer of its own',
    { summary: summary({ a: 'Idle' }), ipv6Summary: summary({ b: 'Active' }) },
    summary({ a: 'Idle', b: 'Active' }),
  ],
  [
    'a peer that is up in the second only',
    { summary: summary({ a: 'Idle' }), ipv6Summary: summary({ a: 'Established' }) },
    summary({ a: 'Established' }),
  ],
  [
    'a peer that is up in the first only',
    { summary: summary({ a: 'Established' }), ipv6Summary: summary({ a: 'Idle' }) },
    summary({ a: 'Established' }),
  ],
  [
    'a peer that is down in both, as in the second',
    { summary: summary({ a: 'Idle' }), ipv6Summary: summary({ a: 'Active' }) },
    summary({ a: 'Active' }),
  ],
  [
    'the first, where the second cannot be read',
    { summary: summary({ a: 'Idle' }), ipv6Summary: UNREADABLE },
    summary({ a: 'Idle' }),
  ],
  [
    'the second, where the first cannot be read, which is not all',
    { summary: UNREADABLE, ipv6Summary: summary({ a: 'Idle' }) },
    { ...summary({ a: 'Idle' }), complete: false },
  ],
  [
    'neither, for the reason of the first',
    { summary: UNREADABLE, ipv6Summary: { readable: false, why: 'another' } },
    UNREADABLE,
  ],
  [
    'not all, where one breaks off',
    { summary: summary({ a: 'Idle' }), ipv6Summary: { ...summary({}), complete: false } },
    { ...summary({ a: 'Idle' }), complete: false },
  ],
  [
    'a peer that only one of them could not read',
    {
      summary: { ...summary({ a: 'Idle' }), unreadable: new Set(['b', 'c']) },
      ipv6Summary: { ...summary({ b: 'Idle' }), unreadable: new Set(['a', 'd']) },
    },
    { ...summary({ a: 'Idle', b: 'Idle' }), unreadable: new Set(['c', 'd']) },
  ],
])('the summaries of two families are one: %s', (_, pages, expected) => {
  expect(routing(pages).summary).toEqual(expected);
});

const FRR = (received: string, sent: string): SummaryReading =>
  readSummary(`Neighbor V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd PfxSnt Desc
10.20.1.1 4 3535 12 14 0 0 0 00:07:22 ${received} ${sent} N/A

Total number of neighbors 1
`);

test('FRR sums up all families in the first summary, and shows one of them in the second', () => {
  const pages = { summary: FRR('5', '7'), ipv6Summary: FRR('2', '3') };
  const { summary: both } = routing(pages);
  expect(both.readable && both.sessions.get('10.20.1.1')).toMatchObject({
    prefixesReceived: 5,
    prefixesSent: 7,
  });
  expect(announcedTo('10.20.1.1', routing(pages))).toBe(7);
});

test('a session exchanges nothing only if it does in no family', () => {
  const told = (pages: PodPages) => sessionsOf(inspected(pages), POD).get('10.20.1.1');
  const nothing = FRR('(Policy)', '(Policy)');
  expect(told({ summary: nothing })).toMatchObject({ kind: 'established', prefixes: 0, detail: '(Policy)' });
  expect(told({ summary: nothing, ipv6Summary: FRR('2', '3') })).toEqual({
    kind: 'established',
    prefixes: 2,
    forMs: 442_000,
  });
  expect(carryingPeersOf(inspected({ summary: nothing }), POD)).toEqual([]);
  expect(carryingPeersOf(inspected({ summary: FRR('0', '7') }), POD)).toEqual(['10.20.1.1']);
});

test('a session that exchanges nothing in either family exchanges nothing', () => {
  const nothing = FRR('(Policy)', '(Policy)');
  const pages = { summary: nothing, ipv6Summary: nothing };
  expect(sessionsOf(inspected(pages), POD).get('10.20.1.1')).toMatchObject({ detail: '(Policy)' });
  expect(carryingPeersOf(inspected(pages), POD)).toEqual([]);
  const later = { summary: FRR('5', '7'), ipv6Summary: nothing };
  expect(carryingPeersOf(inspected(later), POD)).toEqual(['10.20.1.1']);
});

test('how much is announced stays unknown where neither summary tells, and is told where one does', () => {
  const silent = summary({ '10.20.1.1': 'Established' });
  const sent = (first: SummaryReading, second: SummaryReading) =>
    announcedTo('10.20.1.1', routing({ summary: first, ipv6Summary: second }));
  expect(sent(silent, silent)).toBeUndefined();
  expect(sent(silent, FRR('0', '0'))).toBe(0);
  expect(sent(FRR('0', '0'), silent)).toBe(0);
  expect(sent(silent, FRR('0', '7'))).toBe(7);
  expect(sent(FRR('0', '3'), FRR('0', '7'))).toBe(7);
});

test('a session over which nothing is announced draws no traffic, whatever it receives', () => {
  expect(carryingPeersOf(inspected({ summary: FRR('3', '(Policy)') }), POD)).toEqual([]);
  expect(carryingPeersOf(inspected({ summary: FRR('3', '0') }), POD)).toEqual([]);
  expect(carryingPeersOf(inspected({ summary: FRR('(Policy)', '7') }), POD)).toEqual(['10.20.1.1']);
});
