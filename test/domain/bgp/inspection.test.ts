import { expect, test } from '@jest/globals';
import {
  announcedBy,
  expectedPeersOf,
  expectsIpv6,
  hintFacts,
  lastResetOf,
  type PodPages,
  routingOf,
  sessionsOf,
} from '../../../src/domain/bgp/inspection.ts';
import type { Lookup } from '../../../src/domain/bgp/snapshot.ts';
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

test.each<[string, PodPages['neighbors'] & object, object]>([
  [
    'its own page does',
    neighbors({ a: { state: 'Established', printedUptime: '00:01:00' } }),
    { forMs: 60_000 },
  ],
  ['its own page shows it down', neighbors({ a: { state: 'Active', printedUptime: '00:01:00' } }), {}],
  ['neither does', neighbors({ a: { state: 'Established' } }), {}],
])('where the summary does not tell for how long a session is up: %s', (_, page, more) => {
  const pages = { summary: summary({ a: 'Established' }, ''), neighbors: page };
  expect(sessionsOf(inspected(pages), POD).get('a')).toEqual({ kind: 'established', prefixes: 0, ...more });
});

test('for how long the summary says that a session is up is not overruled by its own page', () => {
  const pages = {
    summary: summary({ a: 'Established' }, '00:00:05'),
    neighbors: neighbors({ a: { state: 'Established', printedUptime: '00:01:00' } }),
  };
  expect(sessionsOf(inspected(pages), POD).get('a')).toMatchObject({ forMs: 5_000 });
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

test('why a session is Idle stands in brackets once, also where the router prints them', () => {
  const pages: PodPages = {
    summary: summary({ '10.20.1.1': 'Idle' }),
    neighbors: neighbors({ '10.20.1.1': { state: 'Idle', detail: '(Admin)' } }),
  };
  expect(sessionsOf(inspected(pages), POD).get('10.20.1.1')).toEqual({
    kind: 'down',
    state: 'Idle',
    detail: '(Admin)',
  });
});

test('what the summary adds to a state is not overruled by the neighbor’s own page', () => {
  const listed = summary({ a: 'Idle' });
  const pages: PodPages = {
    summary: {
      ...listed,
      sessions: new Map([['a', { peer: 'a', state: 'Idle', detail: '(No route)' }]]),
    },
    neighbors: neighbors({ a: { state: 'Idle', detail: '(Admin)' } }),
  };
  expect(sessionsOf(inspected(pages), POD).get('a')).toEqual({
    kind: 'down',
    state: 'Idle',
    detail: '(No route)',
  });
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

test('a key in binaryData maps the node, and is told in words; what another lookup says stands', () => {
  const inspection = inspected({}, { worker2: '10.20.2.1' });
  const lookups = [...inspection.lookups].map(([name, lookup]): [string, Lookup] => [
    name,
    name === 'tor'
      ? { ...lookup, binaryKeys: ['worker1'] }
      : { ...lookup, data: { worker1: '2001:db8::1, 2001:DB8::1' } },
  ]);
  const expected = (node: string) =>
    expectedPeersOf({ ...inspection, lookups: new Map(lookups) }, aPod('tmm', node));
  expect(expected('worker1')).toMatchObject({
    peers: [{ address: '2001:db8::1', lookup: 'tor-v6' }],
    mappedBy: ['tor', 'tor-v6'],
    unreadable: ['tor: the key is in binaryData'],
  });
  expect(expected('worker2')).toMatchObject({
    peers: [{ lookup: 'tor' }],
    mappedBy: ['tor'],
    unreadable: [],
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
