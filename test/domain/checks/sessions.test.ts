import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { Baseline } from '../../../src/domain/change/change.ts';
import { peersAsConfigured } from '../../../src/domain/checks/peers-as-configured.ts';
import { prefixesAsBefore } from '../../../src/domain/checks/prefixes-as-before.ts';
import { sessionsEstablished } from '../../../src/domain/checks/sessions-established.ts';
import { readNeighbors } from '../../../src/domain/zebos/read-neighbors.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { anInspection, aPod, config, neighbors, summary, told, UNREADABLE } from './an-inspection.ts';

const POD = aPod('tmm', 'worker1');
const MAPPING = { worker1: '10.20.1.1, 10.20.1.2' };
const HOLD_MS = 10_000;
const BOTH = ['10.20.1.1', '10.20.1.2'];

const inspected = (pages: PodPages, mapping: Record<string, string> = MAPPING, mapping6 = {}) =>
  anInspection([POD], { mapping, mapping6, pages: { tmm: pages } });

test.each<[string, PodPages, Record<string, string>, string]>([
  ['the configuration is read, and nothing else', {}, MAPPING, 'read config of tmm'],
  ['exactly the peers of the node pass', { config: config(BOTH) }, MAPPING, 'pass'],
  [
    'a node without mapping fails at once, unread',
    {},
    {},
    'fail replacement_unmapped: tmm runs on worker1, which no lookup maps.',
  ],
  [
    'a mapping that is no address fails at once, unread',
    {},
    { worker1: 'router-1' },
    'fail mapping_unreadable: The mapping of worker1 cannot be read: tor: "router-1" is not an address.',
  ],
  [
    'a configuration that cannot be read waits',
    { config: UNREADABLE },
    MAPPING,
    'wait session_unknown: The running-config of tmm on worker1 cannot be read (the output is empty)',
  ],
  [
    'a peer that the pod did not read waits',
    { config: config(['10.20.1.1']) },
    MAPPING,
    'wait wrong_peers: The running-config of tmm on worker1 is not what its node asks for (10.20.1.2 is mapped in tor, but not configured in this pod: it started before that, and reads it when it is restarted)',
  ],
  [
    'a peer too many waits',
    { config: config([...BOTH, '10.20.1.9']) },
    MAPPING,
    'wait wrong_peers: The running-config of tmm on worker1 is not what its node asks for (10.20.1.9 is configured in this pod, but nothing maps it to this node)',
  ],
  [
    'another AS waits',
    { config: config(BOTH, { remoteAs: 1 }) },
    { worker1: '10.20.1.1' },
    'wait wrong_peers: The running-config of tmm on worker1 is not what its node asks for (10.20.1.1 has remote-as 1 in the pod; it should be 3535; 10.20.1.2 is configured in this pod, but nothing maps it to this node)',
  ],
  [
    'what only deserves a look passes',
    { config: config(BOTH, { softReconfInbound: true }) },
    MAPPING,
    'pass',
  ],
  [
    'a peer that may have been cut off is unknown, not wrong',
    { config: { ...config(['10.20.1.1']), complete: false } },
    MAPPING,
    'wait session_unknown: The running-config of tmm on worker1 is not what its node asks for (10.20.1.2 is not in what could be read of the running-config, which may be cut off)',
  ],
])('peers as configured: %s', (_, pages, mapping, expected) => {
  expect(told(peersAsConfigured(inspected(pages, mapping), POD, false))).toBe(expected);
});

const UP_AND = (state: 'Connect' | 'Active' | 'Established') =>
  summary({ '10.20.1.1': 'Established', '10.20.1.2': state });

test.each<[string, PodPages, string]>([
  ['the summary is read first', {}, 'read summary of tmm'],
  ['all Established pass, and nothing else is read', { summary: UP_AND('Established') }, 'pass'],
  [
    'one that is down waits, and nothing else is read',
    { summary: UP_AND('Connect') },
    'wait session_down: worker1 → 10.20.1.2 is Connect (no answer on TCP 179)',
  ],
  [
    'what the summary leaves open is looked up in configuration and neighbors',
    { summary: UNREADABLE },
    'read config, neighbors of tmm',
  ],
  [
    'the neighbors may tell what the summary does not',
    {
      summary: UNREADABLE,
      config: config(BOTH),
      neighbors: neighbors({
        '10.20.1.1': { state: 'Established', upFor: '00:01:00' },
        '10.20.1.2': { state: 'Established', upFor: '00:01:00' },
      }),
    },
    'pass',
  ],
  [
    'unknown is not down, and does not pass',
    { summary: UNREADABLE, config: config(BOTH), neighbors: UNREADABLE },
    'wait session_unknown: worker1 → 10.20.1.1 is unknown (the summary could not be read: the output is empty); worker1 → 10.20.1.2 is unknown (the summary could not be read: the output is empty)',
  ],
  [
    'a peer that is not configured is neither',
    {
      summary: summary({ '10.20.1.1': 'Established' }),
      config: config(['10.20.1.1']),
      neighbors: neighbors({}),
    },
    'wait session_down: worker1 → 10.20.1.2 is not configured in tmm',
  ],
])('sessions Established: %s', (_, pages, expected) => {
  expect(told(sessionsEstablished(inspected(pages), POD, HOLD_MS))).toBe(expected);
});

test('before it is told as a halt, everything that its hint can use is read', () => {
  const pages = { summary: UP_AND('Active') };
  const waiting = sessionsEstablished(inspected(pages), POD, HOLD_MS);
  expect(waiting).toMatchObject({ tellWith: { pages: ['config', 'neighbors'] } });
  expect(waiting).toMatchObject({ hint: expect.not.stringContaining('notification') });
  const full = (neighbor: object) =>
    sessionsEstablished(
      inspected({
        ...pages,
        config: config(BOTH, { passwordSet: true }),
        neighbors: neighbors({ '10.20.1.2': { state: 'Active', ...neighbor } }),
      }),
      POD,
      HOLD_MS,
    );
  expect(full({})).toMatchObject({
    traffic: 'tmm carries traffic over 10.20.1.1.',
    hint: expect.stringContaining('no notification was seen; a password is set here'),
  });
  expect(full({})).not.toHaveProperty('tellWith');
  expect(full({ notification: 'OPEN/Bad Peer AS.' })).toMatchObject({
    hint: expect.stringContaining('“OPEN/Bad Peer AS”'),
  });
  const reset = { lastReset: { ago: '00:00:05', reason: 'Hold Timer Expired.' } };
  expect(full(reset)).toMatchObject({
    sentence:
      'worker1 → 10.20.1.2 is Active (the peer refuses the connection), last reset: Hold Timer Expired',
  });
  expect(full({ ...reset, notification: 'Cease' })).toMatchObject({
    sentence: 'worker1 → 10.20.1.2 is Active (the peer refuses the connection)',
  });
});

test.each<[PodPages['neighbors'] & object, string]>([
  [neighbors({}), 'tmm carries no traffic.'],
  [UNREADABLE, 'Whether tmm carries traffic is unknown.'],
])('without a session it says that no traffic is carried only where all are known', (page, traffic) => {
  const pages = { summary: summary({ '10.20.1.1': 'Idle' }), config: config(BOTH), neighbors: page };
  const listed = page.readable ? summary({ '10.20.1.1': 'Idle', '10.20.1.2': 'Idle' }) : pages.summary;
  expect(sessionsEstablished(inspected({ ...pages, summary: listed }), POD, HOLD_MS)).toMatchObject({
    traffic,
  });
});

test('the detail that a router adds to a state says more than the state', () => {
  const listed = { peer: '10.20.1.2', state: 'Idle', detail: '(Admin)' } as const;
  const up = UP_AND('Established');
  const shown = { ...up, sessions: new Map([...up.sessions, ['10.20.1.2', listed]]) };
  expect(told(sessionsEstablished(inspected({ summary: shown }), POD, HOLD_MS))).toBe(
    'wait session_down: worker1 → 10.20.1.2 is Idle (Admin)',
  );
});

test('an IPv6 peer is not down before the IPv6 summary says so', () => {
  const mapping6 = { worker1: '2001:db8::1' };
  const listed = { ...{ '10.20.1.1': 'Established' as const }, '2001:db8::1': 'Idle' as const };
  const judged = (pages: PodPages) =>
    told(sessionsEstablished(inspected(pages, { worker1: '10.20.1.1' }, mapping6), POD, HOLD_MS));
  expect(judged({ summary: summary(listed) })).toBe('read ipv6Summary of tmm');
  const ipv6 = (state: 'Idle' | 'Established') => ({
    summary: summary(listed),
    ipv6Summary: summary({ '2001:db8::1': state }),
  });
  expect(judged(ipv6('Established'))).toBe('pass');
  expect(judged(ipv6('Idle'))).toBe(
    'wait session_down: worker1 → 2001:db8::1 is Idle (shut down, or no route to the peer)',
  );
});

test('a session that changes its state is news', () => {
  const about = (state: 'Connect' | 'Active') => {
    const judged = sessionsEstablished(inspected({ summary: UP_AND(state) }), POD, HOLD_MS);
    return judged.kind === 'wait' ? judged.about : '';
  };
  expect(about('Connect')).not.toBe(about('Active'));
});

test.each<[string, PodPages, string]>([
  [
    'one that is up for less than the hold time waits',
    { summary: summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, '00:00:04') },
    'wait session_flapping: worker1 → 10.20.1.1, 10.20.1.2 has not been Established for 10 s yet',
  ],
  [
    'exactly the hold time is enough',
    { summary: summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, '00:00:10') },
    'pass',
  ],
  [
    'for how long may stand in the page of the neighbor only',
    { summary: summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, '') },
    'read neighbors of tmm',
  ],
  [
    'where nothing tells for how long, it does not pass',
    {
      summary: summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, ''),
      neighbors: neighbors({ '10.20.1.1': { state: 'Established' } }),
    },
    'wait session_flapping: worker1 → 10.20.1.1, 10.20.1.2 has not been Established for 10 s yet',
  ],
])(
  'lesson 38: a session counts as back once it has been Established for the hold time: %s',
  (_, pages, expected) => {
    expect(told(sessionsEstablished(inspected(pages), POD, HOLD_MS))).toBe(expected);
  },
);

test('it says when it makes sense to look again', () => {
  const young = summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, '00:00:04');
  expect(sessionsEstablished(inspected({ summary: young }), POD, HOLD_MS)).toMatchObject({
    againInMs: 6_000,
  });
});

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
  ['and sessions do', { summary: UP_AND('Established') }, UNKNOWN_BEFORE, 'pass'],
  ['after a resume too', { summary: UP_AND('Established') }, RESUMED(3, 3), 'pass'],
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
    'unreadable waits',
    { neighbors: UNREADABLE },
    BEFORE,
    'wait prefixes_missing: What tmm on worker1 announces to its peers cannot be read (the output is empty)',
  ],
])('prefixes as before: %s', (_, pages, before, expected) => {
  expect(told(prefixesAsBefore(inspected(pages), POD, before))).toBe(expected);
});
