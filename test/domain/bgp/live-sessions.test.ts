import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import { liveSessionsOf, roughly, worstFirst } from '../../../src/domain/bgp/live-sessions.ts';
import { anInspection, aPod, config, neighbors, summary, UNREADABLE } from '../checks/an-inspection.ts';

const POD = aPod('tmm', 'worker1');

function told(pages: PodPages, mapped = ''): readonly string[] {
  const inspection = anInspection([POD], { mapping: { worker1: mapped }, pages: { tmm: pages } });
  return liveSessionsOf(inspection, POD).map(({ peer, state, words }) => `${peer} ${state}: ${words}`);
}

test('the sessions of a pod stand the worst first, and those that are alike by peer, as people count', () => {
  const pages = {
    config: config(['10.0.0.5', '10.0.0.10', '10.0.0.9']),
    summary: summary({
      '10.0.0.10': 'Established',
      '10.0.0.9': 'Established',
      '10.0.0.3': 'Idle',
      '10.0.0.20': 'Connect',
    }),
  };
  expect(told(pages, '10.0.0.7')).toEqual([
    '10.0.0.3 down: Idle',
    '10.0.0.20 down: Connect',
    '10.0.0.5 unknown: unknown: 10.0.0.5 is configured, but the summary does not list it',
    '10.0.0.7 absent: absent: not configured in the pod',
    '10.0.0.9 established: Established 1 h, 0 prefixes',
    '10.0.0.10 established: Established 1 h, 0 prefixes',
  ]);
});

test('for how long a session is up is told where the summary tells it, and of no other session', () => {
  const page = neighbors({
    '10.0.0.1': { state: 'Established', acceptedPrefixes: 1, printedUptime: '00:09:11' },
  });
  expect(told({ summary: UNREADABLE, neighbors: page }, '10.0.0.1')).toEqual([
    '10.0.0.1 established: Established, 1 prefix',
  ]);
  const listed = summary({ '10.0.0.1': 'Established', '10.0.0.2': 'Active' }, '00:09:11');
  expect(told({ summary: listed })).toEqual([
    '10.0.0.2 down: Active',
    '10.0.0.1 established: Established 9 min, 0 prefixes',
  ]);
});

test.each([
  ['down', 'unknown'],
  ['unknown', 'absent'],
  ['absent', 'established'],
] as const)('%s is worse than %s, whichever peer it is', (worse, better) => {
  const [one, other] = [
    { peer: 'b', state: worse },
    { peer: 'a', state: better },
  ];
  expect(worstFirst(one, other)).toBeLessThan(0);
  expect(worstFirst(other, one)).toBeGreaterThan(0);
  expect(worstFirst(one, one)).toBe(0);
});

test.each([
  ['00:00:00', '0 s'],
  ['00:00:07', '7 s'],
  ['00:01:00', '1 min'],
  ['00:09:11', '9 min'],
  ['01:00:00', '1 h'],
  ['23:59:59', '23 h'],
  ['1d02h54m', '1 d'],
  ['03w6d21h', '27 d'],
  ['1y02w', '379 d'],
  ['2y01w3d', '740 d'],
  ['05h12m', '5 h'],
  ['09:11', '09:11'],
  ['never', 'never'],
])('an elapsed time as routers print it is told in one unit: %s is %s', (printed, told) => {
  expect(roughly(printed)).toBe(told);
});
