import { expect, test } from '@jest/globals';
import { refuseDecision } from '../../../src/domain/authorization/decide.ts';
import type { Policy, Rule } from '../../../src/domain/policy/policy.ts';
import { RACK, samplePolicy } from '../../doubles/sample-policy.ts';
import { aChange, alice, bob } from '../change/a-change.ts';

const SAMPLE = samplePolicy();
const ELSEWHERE = { ...RACK, name: 'attic' };
/** The target of the change is gone; rules for all targets still stand. */
const WITHOUT_TARGET = samplePolicy({ targets: [ELSEWHERE] });
const WITHOUT_APPROVERS = { requiredApprovals: [] } satisfies Partial<Rule>;

/** The sample, in which only the rule for changes is left, with these differences. */
function onlyChanges(changes: Partial<Rule>): Policy {
  return samplePolicy({ rules: SAMPLE.rules.slice(0, 1).map((rule) => ({ ...rule, ...changes })) });
}

test.each<[string, Policy, readonly string[], boolean]>([
  ['a rule names approvers: an approver', SAMPLE, ['leads'], true],
  ['a rule names approvers: no other engineer', SAMPLE, ['engineers'], false],
  [
    'a rule names approvers: whoever may break the glass has no right to end it',
    onlyChanges({ breakGlass: ['sre'] }),
    ['sre'],
    false,
  ],
  [
    'a rule names approvers, and there are other targets: no other engineer',
    samplePolicy({ targets: [RACK, ELSEWHERE] }),
    ['engineers'],
    false,
  ],
  [
    'its rule names no approvers, and there are other targets: no approver of another rule',
    samplePolicy({ targets: [RACK, ELSEWHERE], changes: { requiredApprovals: [], breakGlass: ['sre'] } }),
    ['leads'],
    false,
  ],
  ['its target is gone: an approver of any rule', WITHOUT_TARGET, ['leads'], true],
  ['its target is gone: nobody who may only ask', WITHOUT_TARGET, ['engineers'], false],
  [
    'its target is gone: whoever may break the glass by any rule',
    samplePolicy({ targets: [ELSEWHERE], changes: { breakGlass: ['sre'] } }),
    ['sre'],
    true,
  ],
  [
    'no rule speaks of its verb: an approver of another rule',
    onlyChanges({ commands: ['add'] }),
    ['leads'],
    true,
  ],
  ['no rule speaks of its verb: nobody else', onlyChanges({ commands: ['add'] }), ['engineers'], false],
  [
    'its rule names no approvers: whoever may break the glass',
    onlyChanges(WITHOUT_APPROVERS),
    ['leads'],
    true,
  ],
  [
    'its rule names no approvers: nobody who may only ask, as long as somebody may break the glass',
    onlyChanges(WITHOUT_APPROVERS),
    ['engineers'],
    false,
  ],
  [
    'its rule names no approvers: no approver of another rule',
    samplePolicy({ changes: { requiredApprovals: [], breakGlass: ['sre'] } }),
    ['leads'],
    false,
  ],
  [
    'its rule names neither approvers nor break-glass: whoever may ask',
    onlyChanges({ requiredApprovals: [], breakGlass: [], ask: ['engineers'] }),
    ['engineers'],
    true,
  ],
  [
    'its rule names neither: nobody who may not ask',
    onlyChanges({ requiredApprovals: [], breakGlass: [], ask: ['engineers'] }),
    ['leads'],
    false,
  ],
  [
    'everybody may ask: that is nobody in particular',
    onlyChanges({ requiredApprovals: [], breakGlass: [], ask: ['*'] }),
    ['engineers'],
    false,
  ],
  ['the policy has no rule at all: nobody but the requester', samplePolicy({ rules: [] }), ['leads'], false],
])('who may end a change of somebody else: %s', (_, policy, groups, may) => {
  const change = aChange();
  const refused = refuseDecision('cancel', policy, change, bob, new Set(groups));
  expect(refused?.reasonCode).toBe(may ? undefined : 'not_an_approver');
  // What starts something, or lets it go on, takes an approver all the same.
  const approving = refuseDecision('approve', policy, change, bob, new Set(['sre']));
  expect(approving?.reasonCode).toBe('not_an_approver');
  expect(refuseDecision('cancel', policy, change, alice, new Set())).toBeUndefined();
});
