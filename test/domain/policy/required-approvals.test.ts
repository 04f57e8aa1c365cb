import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  countSatisfied,
  describeRequiredApprovals,
  type RequiredApproval,
  unsatisfied,
  wanted,
} from '../../../src/domain/policy/required-approvals.ts';

const group = fc.constantFrom('network', 'platform', 'security', '*');
const requiredApprovals = fc.array(
  fc.record({
    groups: fc.uniqueArray(group, { minLength: 1, maxLength: 3 }),
    count: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);
const approvers = fc.array(
  fc.uniqueArray(fc.constantFrom('network', 'platform', 'security'), { maxLength: 3 }),
  {
    maxLength: 6,
  },
);

describe('a quorum', () => {
  const both: readonly RequiredApproval[] = [
    { groups: ['network'], count: 1 },
    { groups: ['platform'], count: 1 },
  ];

  test('one of network and one of platform, in any order', () => {
    expect(countSatisfied(both, [['network'], ['platform']])).toBe(2);
    expect(countSatisfied(both, [['platform'], ['network']])).toBe(2);
    expect(countSatisfied(both, [['network'], ['network']])).toBe(1);
    expect(unsatisfied(both, [['network'], ['network']])).toEqual([{ groups: ['platform'], count: 1 }]);
  });

  test('somebody of both groups takes one seat, and moves over for somebody who fits only one', () => {
    expect(countSatisfied(both, [['network', 'platform']])).toBe(1);
    expect(countSatisfied(both, [['network', 'platform'], ['network']])).toBe(2);
    expect(countSatisfied(both, [['network'], ['network', 'platform']])).toBe(2);
  });

  test('says itself in words', () => {
    expect(describeRequiredApprovals(both)).toBe('1 of network, and 1 of platform');
    expect(describeRequiredApprovals([{ groups: ['leads', 'network'], count: 2 }])).toBe(
      '2 of leads or network',
    );
  });

  test('seats as many as any way of seating could', () => {
    fc.assert(
      fc.property(requiredApprovals, approvers, (seats, people) => {
        const single = seats.flatMap(({ groups, count }) => Array.from({ length: count }, () => groups));
        expect(countSatisfied(seats, people)).toBe(best(single, people));
      }),
    );
  });

  test('has as many empty seats as are wanted and not filled, and the order of approvals changes nothing', () => {
    fc.assert(
      fc.property(requiredApprovals, approvers, (seats, people) => {
        expect(wanted(unsatisfied(seats, people))).toBe(wanted(seats) - countSatisfied(seats, people));
        expect(countSatisfied(seats, [...people].reverse())).toBe(countSatisfied(seats, people));
      }),
    );
  });
});

/** By trying every way. */
function best(seats: readonly (readonly string[])[], people: readonly (readonly string[])[]): number {
  const [person, ...others] = people;
  if (person === undefined) return 0;
  const without = best(seats, others);
  return seats.reduce((most, groups, at) => {
    const fits = groups.some((one) => one === '*' || person.includes(one));
    return fits ? Math.max(most, 1 + best(seats.toSpliced(at, 1), others)) : most;
  }, without);
}
