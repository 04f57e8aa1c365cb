import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import { anotherTmmCarries } from '../../../src/domain/checks/another-tmm-carries.ts';
import { anInspection, aPod, config, neighbors, summary, told, UNREADABLE } from './an-inspection.ts';

const OWN_UP: PodPages = {
  summary: summary({ '10.20.1.1': 'Established' }),
  neighbors: neighbors({ '10.20.1.1': { state: 'Established' } }),
};

/** Where only the other TMM, which answers so, could carry the traffic. */
function judged(other: PodPages): string {
  const pods = [aPod('own', 'worker1'), aPod('other', 'worker2')];
  return told(anotherTmmCarries(anInspection(pods, { pages: { own: OWN_UP, other } }), 'own', 10_000));
}

const BESIDES = 'No TMM pod other than own on worker1 has an Established IPv4 session';

test.each<[string, PodPages, string]>([
  [
    'every peer that it is configured with is down',
    { summary: summary({ '10.20.2.1': 'Idle' }), config: config(['10.20.2.1']), neighbors: neighbors({}) },
    `fail last_carrying_tmm: ${BESIDES}.`,
  ],
  [
    'a peer that it is configured with is not in the summary',
    {
      summary: summary({ '10.20.2.1': 'Idle' }),
      config: config(['10.20.2.1', '10.20.2.2']),
      neighbors: neighbors({}),
    },
    `wait last_carrying_tmm: ${BESIDES} that is known to have lasted the hold time (the sessions of other cannot be read)`,
  ],
  [
    'all of which the neighbors tell is down, and the summary cannot be read',
    {
      summary: UNREADABLE,
      config: config(['10.20.2.1']),
      neighbors: neighbors({ '10.20.2.1': { state: 'Idle' } }),
    },
    `wait last_carrying_tmm: ${BESIDES} that is known to have lasted the hold time (the sessions of other cannot be read: the output is empty)`,
  ],
])('that another TMM carries nothing is known only from all that it says: %s', (_, other, expected) => {
  expect(judged(other)).toBe(expected);
});

test('a summary that tells how much is announced is enough: no other page is read', () => {
  const listed = summary({ '10.20.2.1': 'Established' });
  const sessions = [...listed.sessions].map(
    ([peer, session]) => [peer, { ...session, prefixesSent: 3 }] as const,
  );
  expect(judged({ summary: listed })).toBe('read neighbors of other');
  expect(judged({ summary: { ...listed, sessions: new Map(sessions) } })).toBe('pass');
});
