import { expect, test } from '@jest/globals';
import {
  announcedBy,
  announcedTo,
  carryingPeersOf,
  expectedPeersOf,
  expectsIpv6,
  hintFacts,
  lastResetOf,
  type PodPages,
  routingOf,
  sessionsOf,
} from '../../../src/domain/bgp/inspection.ts';
import { readSummary, type SummaryReading } from '../../../src/domain/zebos/read-summary.ts';
import {
  anInspection,
  aPod,
  config,
  neighbors,
  summary,
  TARGET,
  UNREADABLE,
} from '../checks/an-inspection.ts';

const POD = aPod('tmm', 'worker1');
const inspected = (pages: PodPages, mapping: Readonly<Record<string, string>> = {}) =>
  anInspection([POD], { mapping, pages: { tmm: pages } });
const routing = (pages: PodPages) => routingOf(inspected(pages), POD);

test('what was not asked for is unread, and says which command would tell', () => {
  const { config: read, summary: listed, neighbors: pages } = routing({});
  expect(read).toEqual({ readable: false, why: 'show running-config was not asked for' });
  expect(listed).toEqual({ readable: false, why: 'show bgp summary was not asked for' });
  expect(pages).toEqual({ readable: false, why: 'show bgp neighbors was not asked for' });
});

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
});

test.each<[string, PodPages['neighbors'] & object, object]>([
  ['its own page does', neighbors({ a: { state: 'Established', upFor: '00:01:00' } }), { forMs: 60_000 }],
  ['its own page shows it down', neighbors({ a: { state: 'Active', upFor: '00:01:00' } }), {}],
  ['neither does', neighbors({ a: { state: 'Established' } }), {}],
])('where the summary does not tell for how long a session is up: %s', (_, page, more) => {
  const pages = { summary: summary({ a: 'Established' }, ''), neighbors: page };
  expect(sessionsOf(inspected(pages), POD).get('a')).toEqual({ kind: 'established', prefixes: 0, ...more });
});

test('for how long the summary says that a session is up is not overruled by its own page', () => {
  const pages = {
    summary: summary({ a: 'Established' }, '00:00:05'),
    neighbors: neighbors({ a: { state: 'Established', upFor: '00:01:00' } }),
  };
  expect(sessionsOf(inspected(pages), POD).get('a')).toMatchObject({ forMs: 5_000 });
});

test('a session over which nothing is announced draws no traffic, whatever it receives', () => {
  expect(carryingPeersOf(inspected({ summary: FRR('3', '(Policy)') }), POD)).toEqual([]);
  expect(carryingPeersOf(inspected({ summary: FRR('3', '0') }), POD)).toEqual([]);
  expect(carryingPeersOf(inspected({ summary: FRR('(Policy)', '7') }), POD)).toEqual(['10.20.1.1']);
});

test('the page of a neighbor tells why it is Idle where the summary does not, and why it was reset', () => {
  const page = {
    detail: 'administratively shut down',
    lastReset: { ago: '00:01:00', reason: 'User reset.' },
  };
  const pages: PodPages = {
    summary: summary({ '10.20.1.1': 'Idle', '10.20.1.2': 'Active' }),
    neighbors: neighbors({
      '10.20.1.1': { state: 'Idle', ...page },
      '10.20.1.2': { state: 'Idle', ...page, notification: 'Cease' },
    }),
  };
  expect(Object.fromEntries(sessionsOf(inspected(pages), POD))).toEqual({
    '10.20.1.1': { kind: 'down', state: 'Idle', detail: '(administratively shut down)' },
    '10.20.1.2': { kind: 'down', state: 'Active' },
  });
  expect(lastResetOf('10.20.1.1', routing(pages))).toBe('User reset');
  expect(lastResetOf('10.20.1.2', routing(pages))).toBeUndefined();
});

test('the sessions are those with all peers that are mapped, configured or listed', () => {
  const pages = {
    config: config(['10.20.1.1', '10.20.1.2']),
    summary: summary({ '10.20.1.1': 'Established', '10.20.1.3': 'Active' }),
  };
  expect(Object.fromEntries(sessionsOf(inspected(pages, { worker1: '10.20.1.4' }), POD))).toEqual({
    '10.20.1.1': { kind: 'established', prefixes: 0, forMs: 3_600_000 },
    '10.20.1.2': { kind: 'unknown', why: '10.20.1.2 is configured, but the summary does not list it' },
    '10.20.1.3': { kind: 'down', state: 'Active' },
    '10.20.1.4': { kind: 'absent' },
  });
});

test('the sessions that the summary lists are known without the configuration', () => {
  const pages = { config: UNREADABLE, summary: summary({ '10.20.1.3': 'Active' }) };
  expect(Object.fromEntries(sessionsOf(inspected(pages), POD))).toEqual({
    '10.20.1.3': { kind: 'down', state: 'Active' },
  });
});

test('where the summary leaves a session open, the neighbor’s own page tells', () => {
  const pages = {
    config: config(['a', 'b', 'c', 'd']),
    neighbors: neighbors({
      a: { state: 'Established', acceptedPrefixes: 5 },
      b: { state: 'Active' },
      c: {},
    }),
  };
  const unknown = {
    kind: 'unknown',
    why: 'the summary could not be read: show bgp summary was not asked for',
  };
  expect(Object.fromEntries(sessionsOf(inspected(pages), POD))).toEqual({
    a: { kind: 'established', prefixes: 5 },
    b: { kind: 'down', state: 'Active' },
    c: unknown,
    d: unknown,
  });
});

test('a static peer of the Helm values is expected on every node, besides those that are mapped', () => {
  const [tor] = TARGET.bgp.neighbors;
  if (tor === undefined) throw new Error('the target has no neighbor');
  const { nodeLookup: _, ...common } = tor;
  const bgp = { asn: 64443, neighbors: [tor, { ...common, asn: 65000, ip: '2001:DB8::9' }] };
  const inspection = { ...inspected({}, { worker1: '10.20.1.1' }), target: { ...TARGET, bgp } };
  const told = ({ name, node }: { name: string; node: string }) =>
    expectedPeersOf(inspection, aPod(name, node)).peers.map(
      ({ address, asn, lookup }) => `${address} AS${asn} ${lookup ?? 'static'}`,
    );
  expect(told({ name: 'tmm', node: 'worker1' })).toEqual([
    '10.20.1.1 AS3535 tor',
    '2001:db8::9 AS65000 static',
  ]);
  expect(told({ name: 'other', node: 'worker2' })).toEqual(['2001:db8::9 AS65000 static']);
});

test.each([
  ['10.20.1.1', false],
  ['10.20.1.1, 2001:db8::1', true],
  ['2001:db8::1', true],
])('whether %s gives a pod an IPv6 peer: %s', (value, expected) => {
  expect(expectsIpv6(inspected({}, { worker1: value }), POD)).toBe(expected);
});

test('a value that cannot be read maps the node, and is told in words', () => {
  expect(expectedPeersOf(inspected({}, { worker1: 'router-1' }), POD)).toEqual({
    peers: [],
    mappedBy: ['tor'],
    unreadable: ['tor: "router-1" is not an address'],
  });
});

test.each<[string, PodPages, ReturnType<typeof hintFacts>]>([
  ['nothing was read', {}, { announcedPrefixes: undefined, notification: undefined, passwordSet: undefined }],
  [
    'the page shows no notification',
    { neighbors: neighbors({ a: { announcedPrefixes: 3 } }), config: config(['a'], { passwordSet: true }) },
    { announcedPrefixes: 3, notification: null, passwordSet: true },
  ],
  [
    'the page shows a notification',
    { neighbors: neighbors({ a: { notification: 'Cease' } }) },
    { announcedPrefixes: undefined, notification: 'Cease', passwordSet: undefined },
  ],
])('a hint builds on what is known: %s', (_, pages, facts) => {
  expect(hintFacts('a', routing(pages))).toEqual(facts);
});

test.each<[string, PodPages, ReturnType<typeof announcedBy>]>([
  ['is unknown where the pages were not read', {}, undefined],
  [
    'is told peer by peer, of Established ones alone',
    {
      neighbors: neighbors({
        '10.20.1.1': { state: 'Established', announcedPrefixes: 3 },
        '10.20.1.2': { state: 'Established', announcedPrefixes: 2 },
        '10.20.1.3': { state: 'Idle', announcedPrefixes: 9 },
        '2001:db8::1': { state: 'Established', announcedPrefixes: 1 },
      }),
    },
    { '10.20.1.1': 3, '10.20.1.2': 2, '2001:db8::1': 1 },
  ],
  [
    'is unknown where an Established peer does not tell',
    {
      neighbors: neighbors({
        '10.20.1.1': { state: 'Established', announcedPrefixes: 3 },
        '10.20.1.2': { state: 'Established' },
      }),
    },
    undefined,
  ],
])('the number of announced prefixes %s', (_, pages, most) => {
  expect(announcedBy(routing(pages))).toEqual(most);
});
