import { expect, test } from '@jest/globals';
import { coverOf, podImpactOf } from '../../../src/domain/change/impact.ts';
import { anInspection, aPod, summary, UNREADABLE } from '../checks/an-inspection.ts';
import { carrying, impactOf, podOn, restartOf } from './an-impact.ts';

const DIFFERENCE = { asn: 3535, node: 'worker1', before: null, createsLookup: false };

test.each([
  ['tor', '10.20.1.9', [false, true]],
  ['tor', null, [false, true]],
  ['tor-v6', null, [true, false]],
])(
  'a change in the lookup %s, to %s, leaves the sessions of the other lookup as they are',
  (lookup, after, stays) => {
    const pod = aPod('tmm-1', 'worker1');
    const inspection = anInspection([pod], {
      mapping6: { worker1: '2001:db8::1' },
      pages: { 'tmm-1': { summary: summary({ '10.20.1.1': 'Established', '2001:db8::1': 'Established' }) } },
    });
    const plan = restartOf(['worker1'], { differences: [{ ...DIFFERENCE, lookup, after }] });
    const { sessions } = podImpactOf(inspection, pod, plan);
    expect(sessions.map((session) => [session.peer, session.mapped, session.stays])).toEqual([
      ['10.20.1.1', true, stays[0]],
      ['2001:db8::1', true, stays[1]],
    ]);
  },
);

test('of very many sessions the first are kept, and how many more there are', () => {
  const pod = aPod('tmm-1', 'worker1');
  const omitted = (count: number) => {
    const peers = Array.from({ length: count }, (_, at) => [`10.20.1.${at + 1}`, 'Established'] as const);
    const pages = { 'tmm-1': { summary: summary(Object.fromEntries(peers)) } };
    const { sessions, sessionsOmitted } = podImpactOf(
      anInspection([pod], { pages }),
      pod,
      restartOf(['worker1']),
    );
    expect(sessions).toHaveLength(Math.min(count, 32));
    return sessionsOmitted;
  };
  expect([31, 32, 35].map(omitted)).toEqual([0, 0, 3]);
});

test('why the sessions of a pod are unknown is kept, and nothing where they are known', () => {
  const pod = aPod('tmm-1', 'worker1');
  const impact = (page: typeof UNREADABLE | ReturnType<typeof summary>) =>
    podImpactOf(anInspection([pod], { pages: { 'tmm-1': { summary: page } } }), pod, restartOf(['worker1']));
  expect(impact(UNREADABLE)).toMatchObject({ unread: 'the output is empty' });
  expect(impact(summary({ '10.20.1.1': 'Established' }))).not.toHaveProperty('unread');
});

test('one that carries a family is known to, whatever else of it is unknown', () => {
  const other = podOn('w2', { carries: ['IPv4'], unread: 'the output is cut' });
  const [cover] = coverOf(restartOf(['w1']), impactOf([carrying('w1'), other]));
  expect(cover).toMatchObject({ carriers: [other], unknown: [] });
});
