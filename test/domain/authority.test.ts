import { expect, test } from '@jest/globals';
import { denyHopeless } from '../../src/domain/authority.ts';
import type { Rule } from '../../src/domain/policy.ts';

const rule: Rule = {
  name: 'changes',
  commands: ['rotate'],
  targets: ['*'],
  ask: ['engineers'],
  quorum: [{ groups: ['leads'], count: 2 }],
  breakGlass: [],
  approveByMs: 1,
  executeByMs: 1,
  waiveRollback: false,
};

test('lesson 7: what too few present people could approve is refused, and says whom it lacks', () => {
  expect(denyHopeless(rule, [['leads'], ['leads']])).toBeUndefined();
  expect(denyHopeless(rule, [['leads']])).toMatchObject({
    reasonCode: 'nobody_can_approve',
    next: 'Have more people put into leads.',
  });
  expect(denyHopeless(rule, undefined)).toMatchObject({ reasonCode: 'people_unreachable' });
});

test('a rule that names no approvers approves no change by itself', () => {
  expect(denyHopeless({ ...rule, quorum: [] }, [['leads']])).toMatchObject({
    reasonCode: 'nobody_can_approve',
  });
});

test('seats that every full member may take need nobody in particular', () => {
  expect(denyHopeless({ ...rule, quorum: [{ groups: ['*'], count: 1 }] }, [])).toBeUndefined();
});
