import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { anotherTmmCarries } from '../../../src/domain/checks/another-tmm-carries.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { anInspection, aPod, config, neighbors, summary, told, UNREADABLE } from './an-inspection.ts';

const OWN = aPod('own', 'worker1');
const OTHER = aPod('other', 'worker2');
const THIRD = aPod('third', 'worker3');
const ONE_UP = summary({ '10.20.2.1': 'Established' });
const UP: PodPages = {
  summary: ONE_UP,
  neighbors: neighbors({ '10.20.2.1': { state: 'Established', announcedPrefixes: 3 } }),
};
const DOWN: PodPages = {
  summary: summary({ '10.20.2.1': 'Connect' }),
  config: config(['10.20.2.1']),
  neighbors: neighbors({}),
};
const WITHOUT_POLICY = readSummary(`Neighbor V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd PfxSnt
10.20.2.1 4 3535 9 9 0 0 0 01:00:00 (Policy) (Policy)

Total number of neighbors 1
`);
const ANNOUNCES_ONLY = readSummary(`Neighbor V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd PfxSnt
10.20.1.1 4 3535 9 9 0 0 0 01:00:00 (Policy) 7

Total number of neighbors 1
`);
const SILENT: PodPages = { summary: UNREADABLE, config: UNREADABLE, neighbors: UNREADABLE };
const OWN_UP: PodPages = {
  summary: summary({ '10.20.1.1': 'Established' }),
  neighbors: neighbors({ '10.20.1.1': { state: 'Established' } }),
};
const announces = (pages: PodPages, peer: string, announcedPrefixes: number): PodPages => ({
  ...pages,
  neighbors: neighbors({ [peer]: { state: 'Established', announcedPrefixes } }),
});
const OWN_DOWN: PodPages = {
  summary: summary({ '10.20.1.1': 'Active' }),
  config: config(['10.20.1.1']),
  neighbors: neighbors({}),
};

/** Whose kubelet says nothing of it any more. */
const LOST = { ...OWN, phase: 'Unknown' };

const HOLD_MS = 10_000;
const judged = (pods: readonly TmmPod[], pages: Record<string, PodPages>) =>
  told(anotherTmmCarries(anInspection(pods, { pages }), 'own', HOLD_MS));

test.each<[string, readonly TmmPod[], Record<string, PodPages>, string]>([
  [
    'a pod in phase Unknown may carry traffic, so that another one has to',
    [LOST, OTHER],
    { own: { ...SILENT, ipv6Summary: UNREADABLE }, other: DOWN },
    'wait last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session that is known to have lasted the hold time (the sessions of own cannot be read: the output is empty)',
  ],
  [
    'where another one does, the other family is asked about',
    [LOST, OTHER],
    { own: SILENT, other: UP },
    'read ipv6Summary of own',
  ],
  ['what the pod itself carries is read first', [OWN, OTHER], {}, 'read summary, neighbors of own'],
  ['then the other one, for its summary alone', [OWN, OTHER], { own: OWN_UP }, 'read summary of other'],
  [
    'where that does not tell what it announces, for its neighbors too',
    [OWN, OTHER],
    { own: OWN_UP, other: { summary: ONE_UP } },
    'read neighbors of other',
  ],
  [
    'another one that only receives draws no traffic',
    [OWN, OTHER],
    {
      own: announces(OWN_UP, '10.20.1.1', 3),
      other: { ...announces(UP, '10.20.2.1', 0), config: config(['10.20.2.1']) },
    },
    'fail last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session over which it announces anything (other announces nothing).',
  ],
  [
    'another one whose session just came up has not told its prefixes yet: it is waited for',
    [OWN, OTHER],
    {
      own: announces(OWN_UP, '10.20.1.1', 3),
      other: {
        ...announces(UP, '10.20.2.1', 0),
        summary: summary({ '10.20.2.1': 'Established' }, '00:00:02'),
        config: config(['10.20.2.1']),
      },
    },
    'wait last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session that is known to have lasted the hold time (other has had one for less than the hold time)',
  ],
  [
    'one that has told nothing after the hold time will tell nothing',
    [OWN, OTHER],
    {
      own: announces(OWN_UP, '10.20.1.1', 3),
      other: {
        ...announces(UP, '10.20.2.1', 0),
        summary: summary({ '10.20.2.1': 'Established' }, '00:00:10'),
        config: config(['10.20.2.1']),
      },
    },
    'fail last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session over which it announces anything (other announces nothing).',
  ],
  [
    'where the pod announces nothing itself, another session is enough',
    [OWN, OTHER],
    { own: announces(OWN_UP, '10.20.1.1', 0), other: announces(UP, '10.20.2.1', 0) },
    'pass',
  ],
  [
    'where nothing tells what another one announces, its session is enough',
    [OWN, OTHER],
    { own: OWN_UP, other: { summary: ONE_UP, neighbors: UNREADABLE } },
    'pass',
  ],
  ['another one with a session is enough', [OWN, OTHER, THIRD], { own: OWN_UP, other: UP }, 'pass'],
  [
    'a Ready one is asked before one that is not',
    [OWN, aPod('unready', 'worker2', { ready: false }), OTHER],
    { own: OWN_UP },
    'read summary of other',
  ],
  [
    'one that is not Running is not asked',
    [OWN, aPod('pending', 'worker2', { phase: 'Pending' })],
    { own: OWN_UP },
    'fail last_carrying_tmm: own on worker1 is the only TMM pod that is Running.',
  ],
  [
    '"no" takes the configuration and the neighbors too, for a peer may have been removed from the mapping',
    [OWN, OTHER],
    { own: OWN_UP, other: { summary: summary({ '10.20.2.1': 'Connect' }) } },
    'read config, neighbors of other',
  ],
  ['a pod that carries no traffic itself may go', [OWN, OTHER], { other: DOWN, own: OWN_DOWN }, 'pass'],
  [
    'the last one with a session stays',
    [OWN, OTHER],
    { other: DOWN, own: OWN_UP },
    'fail last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session.',
  ],
  [
    'the last one that announces stays, also where no policy lets a route come in',
    [OWN, OTHER],
    { other: DOWN, own: { ...OWN_UP, summary: ANNOUNCES_ONLY } },
    'fail last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session.',
  ],
  [
    'one whose session came up just now may lose it again: it waits',
    [OWN, OTHER],
    {
      own: OWN_UP,
      other: { ...DOWN, summary: summary({ '10.20.2.1': 'Established' }, '00:00:09') },
    },
    'wait last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session that is known to have lasted the hold time (other has had one for less than the hold time)',
  ],
  [
    'where nothing tells for how long, it waits',
    [OWN, OTHER],
    { own: OWN_UP, other: { ...DOWN, summary: summary({ '10.20.2.1': 'Established' }, '') } },
    'wait last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session that is known to have lasted the hold time (the sessions of other cannot be read)',
  ],
  [
    'where another one cannot be asked, it waits',
    [OWN, OTHER],
    { other: SILENT, own: OWN_UP },
    'wait last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session that is known to have lasted the hold time (the sessions of other cannot be read: the output is empty)',
  ],
  [
    'where the pod itself cannot be asked and no other carries traffic, it waits',
    [OWN, OTHER],
    { other: DOWN, own: { ...SILENT, ipv6Summary: UNREADABLE } },
    'wait last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session that is known to have lasted the hold time (the sessions of own cannot be read: the output is empty)',
  ],
  [
    'a session with a peer that nothing maps counts',
    [OWN, OTHER],
    {
      own: OWN_UP,
      other: {
        summary: summary({ '10.20.2.1': 'Connect' }),
        config: config(['10.20.2.1', '10.20.2.7']),
        neighbors: neighbors({ '10.20.2.7': { state: 'Established', printedUptime: '00:01:00' } }),
      },
    },
    'pass',
  ],
  [
    'a session over which no route passes, for want of a policy, carries nothing',
    [OWN, OTHER],
    { own: OWN_UP, other: { ...DOWN, summary: WITHOUT_POLICY } },
    'fail last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session over which it announces anything (other announces nothing).',
  ],
  [
    'and needs no look at what it announces',
    [OWN, OTHER],
    { own: announces(OWN_UP, '10.20.1.1', 0), other: { summary: ONE_UP } },
    'pass',
  ],
  [
    'a pod that announces something to one of its peers needs another one that announces',
    [OWN, OTHER],
    {
      own: {
        summary: summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }),
        neighbors: neighbors({
          '10.20.1.1': { state: 'Established', announcedPrefixes: 0 },
          '10.20.1.2': { state: 'Established', announcedPrefixes: 3 },
        }),
      },
      other: { ...announces(UP, '10.20.2.1', 0), config: config(['10.20.2.1']) },
    },
    'fail last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session over which it announces anything (other announces nothing).',
  ],
  [
    'a session that has lasted exactly the hold time is enough',
    [OWN, OTHER],
    { own: OWN_UP, other: { ...UP, summary: summary({ '10.20.2.1': 'Established' }, '00:00:10') } },
    'pass',
  ],
  [
    'a session of the pod itself counts where nothing tells for how long it is up',
    [OWN, OTHER],
    { own: { ...OWN_UP, summary: summary({ '10.20.1.1': 'Established' }, '') }, other: DOWN },
    'fail last_carrying_tmm: No TMM pod other than own on worker1 has an Established IPv4 session.',
  ],
  ['a pod that does not run yet carries nothing', [aPod('own', 'worker1', { phase: 'Pending' })], {}, 'pass'],
  ['nor does one without routing', [{ ...LOST, routing: false }, OTHER], {}, 'pass'],
  ['a pod that is gone may be evicted again', [OTHER], {}, 'pass'],
  [
    'a pod that is ending may be evicted again',
    [aPod('own', 'worker1', { terminating: true }), OTHER],
    {},
    'pass',
  ],
])('%s', (_, pods, pages, expected) => {
  expect(judged(pods, pages)).toBe(expected);
});

test('a halt says what it means for traffic, and what to do', () => {
  const halt = anotherTmmCarries(anInspection([OWN], { pages: { own: OWN_UP } }), 'own', HOLD_MS);
  expect(halt).toMatchObject({
    traffic: 'Without own, no TMM is known to carry IPv4 traffic.',
    next: expect.stringContaining('--allow-outage'),
  });
});
