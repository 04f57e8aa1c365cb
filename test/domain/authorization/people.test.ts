import { expect, test } from '@jest/globals';
import { refuseAccount, refuseUnsatisfiable } from '../../../src/domain/authorization/people.ts';
import type { AccountStatus } from '../../../src/domain/person.ts';
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

const MEMBER: AccountStatus = { deactivated: false, bot: false, guest: false, teamId: 'T01RACK' };

test.each<[string, AccountStatus | undefined, string | undefined]>([
  ['a full member of this workspace', MEMBER, undefined],
  ['somebody of whom Slack says nothing', undefined, 'people_unreachable'],
  ['a bot', { ...MEMBER, bot: true }, 'bot'],
  ['a bot of another workspace', { ...MEMBER, bot: true, teamId: 'T99' }, 'bot'],
  ['somebody of another workspace', { ...MEMBER, teamId: 'T99' }, 'other_workspace'],
  ['somebody whom Slack knows in no workspace', { ...MEMBER, teamId: null }, 'other_workspace'],
  ['a deactivated account', { ...MEMBER, deactivated: true }, 'deactivated'],
  ['a guest', { ...MEMBER, guest: true }, 'guest'],
])('%s: the account alone decides whether the policy is asked at all', (_, status, reasonCode) => {
  expect(refuseAccount(status, 'T01RACK')?.reasonCode).toBe(reasonCode);
});

test('lesson 7: what too few present people could approve is refused, and says whom it lacks', () => {
  expect(refuseUnsatisfiable(rule, [['leads'], ['leads']])).toBeUndefined();
  expect(refuseUnsatisfiable(rule, [['leads']])).toMatchObject({
    reasonCode: 'nobody_can_approve',
    next: 'Have more people added to leads.',
    sentence: expect.stringContaining('too few people are available: 1 of leads could never approve'),
  });
  expect(refuseUnsatisfiable(rule, [])).toMatchObject({
    reasonCode: 'nobody_can_approve',
    sentence: expect.stringContaining('nobody is available to give one'),
  });
  expect(refuseUnsatisfiable(rule, undefined)).toMatchObject({
    reasonCode: 'people_unreachable',
    sentence: 'Slack could not be asked who could approve, so the answer is no.',
  });
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
  expect(
    refuseUnsatisfiable({ ...rule, requiredApprovals: [{ groups: ['leads', '*'], count: 1 }] }, []),
  ).toBeUndefined();
});
