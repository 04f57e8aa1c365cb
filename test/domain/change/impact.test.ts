import { expect, test } from '@jest/globals';
import { podImpactOf } from '../../../src/domain/change/impact.ts';
import { anInspection, aPod, summary } from '../checks/an-inspection.ts';
import { restartOf } from './an-impact.ts';

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
