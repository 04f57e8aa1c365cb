import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  countRequired,
  countSatisfied,
  describeRequiredApprovals,
  type RequiredApproval,
  unsatisfied,
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

describe('required approvals', () => {
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

  test('somebody of both groups gives one approval, the one for which there is nobody else', () => {
    expect(countSatisfied(both, [['network', 'platform']])).toBe(1);
    expect(countSatisfied(both, [['network', 'platform'], ['network']])).toBe(2);
    expect(countSatisfied(both, [['network'], ['network', 'platform']])).toBe(2);
  });

  test('are described for a card', () => {
    expect(describeRequiredApprovals(both)).toBe('1 of network, and 1 of platform');
    expect(describeRequiredApprovals([{ groups: ['leads', 'network'], count: 2 }])).toBe(
      '2 of leads or network',
    );
  });

  test('are satisfied as far as any assignment of approvers could', () => {
    fc.assert(
      fc.property(requiredApprovals, approvers, (required, people) => {
        const single = required.flatMap(({ groups, count }) => Array.from({ length: count }, () => groups));
        expect(countSatisfied(required, people)).toBe(best(single, people));
      }),
    );
  });

  test('are satisfied or missing, and the order of approvals changes nothing', () => {
    fc.assert(
      fc.property(requiredApprovals, approvers, (required, people) => {
        expect(countRequired(unsatisfied(required, people))).toBe(
          countRequired(required) - countSatisfied(required, people),
        );
        expect(countSatisfied(required, [...people].reverse())).toBe(countSatisfied(required, people));
      }),
    );
  });
});

/** By trying every way. */
function best(required: readonly (readonly string[])[], people: readonly (readonly string[])[]): number {
  const [person, ...others] = people;
  if (person === undefined) return 0;
  const without = best(required, others);
  return required.reduce((most, groups, at) => {
    const fits = groups.some((one) => one === '*' || person.includes(one));
    return fits ? Math.max(most, 1 + best(required.toSpliced(at, 1), others)) : most;
  }, without);
}
