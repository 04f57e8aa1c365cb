import { expect, test } from '@jest/globals';
import { refuseUnsatisfiable } from '../../../src/domain/authorization/people.ts';
import type { Rule } from '../../../src/domain/policy/policy.ts';

const rule: Rule = {
  name: 'changes',
  commands: ['rotate'],
  targets: ['*'],
  ask: ['engineers'],
  requiredApprovals: [{ groups: ['leads'], count: 2 }],
  breakGlass: [],
  approveByMs: 1,
  executeByMs: 1,
  waiveRollback: false,
};

test('lesson 7: what too few present people could approve is refused, and says whom it lacks', () => {
  expect(refuseUnsatisfiable(rule, [['leads'], ['leads']])).toBeUndefined();
  expect(refuseUnsatisfiable(rule, [['leads']])).toMatchObject({
    reasonCode: 'nobody_can_approve',
    next: 'Have more people put into leads.',
  });
  expect(refuseUnsatisfiable(rule, undefined)).toMatchObject({ reasonCode: 'people_unreachable' });
});

test('a rule that names no approvers approves no change by itself', () => {
  expect(refuseUnsatisfiable({ ...rule, requiredApprovals: [] }, [['leads']])).toMatchObject({
    reasonCode: 'nobody_can_approve',
  });
});

test('seats that every full member may take need nobody in particular', () => {
  expect(
    refuseUnsatisfiable({ ...rule, requiredApprovals: [{ groups: ['*'], count: 1 }] }, []),
  ).toBeUndefined();
});
