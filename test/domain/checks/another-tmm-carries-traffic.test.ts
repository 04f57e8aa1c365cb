import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { anotherTmmCarriesTraffic } from '../../../src/domain/checks/another-tmm-carries-traffic.ts';
import { anInspection, aPod, config, neighbors, summary, told, UNREADABLE } from './an-inspection.ts';

const OWN = aPod('own', 'worker1');
const OTHER = aPod('other', 'worker2');
const UP: PodPages = { summary: summary({ '10.20.2.1': 'Established' }) };
const DOWN: PodPages = {
  summary: summary({ '10.20.2.1': 'Connect' }),
  config: config(['10.20.2.1']),
  neighbors: neighbors({}),
};
const SILENT: PodPages = { summary: UNREADABLE, config: UNREADABLE, neighbors: UNREADABLE };
const OWN_UP: PodPages = { summary: summary({ '10.20.1.1': 'Established' }) };
const OWN_DOWN: PodPages = {
  summary: summary({ '10.20.1.1': 'Active' }),
  config: config(['10.20.1.1']),
  neighbors: neighbors({}),
};

test.each<[string, readonly TmmPod[], Record<string, PodPages>, string]>([
  ['the other one is asked first, for its summary alone', [OWN, OTHER], {}, 'read summary of other'],
  ['another one with a session is enough; the pod itself is not asked', [OWN, OTHER], { other: UP }, 'pass'],
  [
    'a Ready one is asked before one that is not',
    [OWN, aPod('unready', 'worker2', { ready: false }), OTHER],
    {},
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
    { other: { summary: summary({ '10.20.2.1': 'Connect' }) } },
    'read config, neighbors of other',
  ],
  ['a pod that carries no traffic itself may go', [OWN, OTHER], { other: DOWN, own: OWN_DOWN }, 'pass'],
  [
    'the last one with a session stays',
    [OWN, OTHER],
    { other: DOWN, own: OWN_UP },
    'fail last_carrying_tmm: Besides own on worker1, no TMM pod has an Established session.',
  ],
  [
    'where another one cannot be asked, it waits',
    [OWN, OTHER],
    { other: SILENT, own: OWN_UP },
    'wait last_carrying_tmm: Besides own on worker1, no TMM pod shows an Established session (the sessions of other cannot be read)',
  ],
  [
    'where the pod itself cannot be asked and no other carries traffic, it waits',
    [OWN, OTHER],
    { other: DOWN, own: SILENT },
    'wait last_carrying_tmm: Besides own on worker1, no TMM pod shows an Established session (the sessions of own cannot be read)',
  ],
  [
    'a session with a peer that nothing maps counts',
    [OWN, OTHER],
    {
      other: {
        summary: summary({ '10.20.2.1': 'Connect' }),
        config: config(['10.20.2.1', '10.20.2.7']),
        neighbors: neighbors({ '10.20.2.7': { state: 'Established' } }),
      },
    },
    'pass',
  ],
  ['a pod that is gone may be evicted again', [OTHER], {}, 'pass'],
  [
    'a pod that is ending may be evicted again',
    [aPod('own', 'worker1', { terminating: true }), OTHER],
    {},
    'pass',
  ],
])('%s', (_, pods, pages, expected) => {
  expect(told(anotherTmmCarriesTraffic(anInspection(pods, { pages }), 'own'))).toBe(expected);
});

test('a pod with IPv6 peers is asked for its IPv6 summary when the first shows no session', () => {
  const mapping6 = { worker2: '2001:db8::1' };
  const asked = { other: { summary: summary({ '10.20.2.1': 'Connect' }) } };
  const judged = (pages: Record<string, PodPages>) =>
    told(anotherTmmCarriesTraffic(anInspection([OWN, OTHER], { mapping6, pages }), 'own'));
  expect(judged(asked)).toBe('read ipv6Summary of other');
  const ipv6Summary = summary({ '2001:db8::1': 'Established' });
  expect(judged({ other: { ...asked.other, ipv6Summary } })).toBe('pass');
});

test('a halt says what it means for traffic, and what to do', () => {
  const judged = anotherTmmCarriesTraffic(anInspection([OWN], { pages: { own: OWN_UP } }), 'own');
  expect(judged).toMatchObject({
    traffic: 'Without own, no TMM is known to carry traffic.',
    next: expect.stringContaining('--allow-outage'),
  });
});
