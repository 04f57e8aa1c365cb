import { expect, test } from '@jest/globals';
import {
  type Capability,
  capabilities,
  type Operation,
} from '../../../src/domain/authorization/capabilities.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { RACK, samplePolicy } from '../../doubles/sample-policy.ts';
import { alice } from '../change/a-change.ts';

const POLICY = samplePolicy();
const ROTATE: Operation = { kind: 'change', verb: 'rotate' };
const ROLLBACK: Operation = { kind: 'change', verb: 'rollback', undoes: true };
const SHOW: Operation = { kind: 'query', verb: 'show' };
const FREEZE: Operation = { kind: 'freeze', verb: 'freeze' };
const HELP: Operation = { kind: 'local query', verb: 'help', audience: 'members' };
const CHANGES: Operation = { kind: 'local query', verb: 'changes', audience: 'requesters' };
const NOTHING = { use: false, approve: false, breakGlass: false };
const USE = { ...NOTHING, use: true };

test.each<[string, Operation, Pick<Capability, 'use' | 'approve' | 'breakGlass'>, string | undefined]>([
  ['engineers', ROTATE, USE, 'changes'],
  ['leads', ROTATE, { use: true, approve: true, breakGlass: true }, 'changes'],
  ['strangers', ROTATE, NOTHING, 'changes'],
  ['engineers', SHOW, USE, 'questions'],
  ['strangers', SHOW, NOTHING, 'questions'],
  ['leads', { kind: 'query', verb: 'config' }, { ...USE, approve: true }, 'configurations'],
  ['leads', FREEZE, USE, 'freezes'],
  ['engineers', FREEZE, NOTHING, 'freezes'],
  ['strangers', HELP, USE, 'questions'],
  ['engineers', CHANGES, USE, 'questions'],
  ['strangers', CHANGES, NOTHING, 'questions'],
])('%s may do with %j: %j, by the rule %s', (group, operation, may, rule) => {
  const capability = of(group, operation);
  expect(capability).toMatchObject({ ...operationIn(operation), ...may, dependsOnUndone: false });
  expect(capability.rule?.name).toBe(rule);
});

test.each<[string, string]>([
  ['engineers', 'cancel resume close'],
  ['leads', 'approve reject cancel resume close break-glass review'],
  ['strangers', ''],
])('%s may decide: %s', (group, verbs) => {
  const decisions = ['approve', 'reject', 'cancel', 'resume', 'close', 'break-glass', 'review'] as const;
  const may = decisions.filter((verb) => of(group, { kind: 'decision', verb, decides: verb }).use);
  expect(may.join(' ')).toBe(verbs);
});

test('a decision is neither approved nor decided by break-glass itself, and has no rule of its own', () => {
  expect(of('leads', { kind: 'decision', verb: 'approve', decides: 'approve' })).toMatchObject({
    approve: false,
    breakGlass: false,
    rule: undefined,
    dependsOnUndone: false,
  });
});

test('whether somebody may undo depends on what is undone, unless a rule names the undoing', () => {
  expect(of('engineers', ROLLBACK)).toMatchObject({ ...USE, rule: undefined, dependsOnUndone: true });
  expect(of('strangers', ROLLBACK)).toMatchObject({ ...NOTHING, rule: undefined, dependsOnUndone: true });
  const [changes] = POLICY.rules;
  if (changes === undefined) throw new Error('the sample has no rule');
  const undoing = { ...changes, name: 'undoing', commands: ['rollback'], ask: ['leads'] };
  const policy = samplePolicy({ rules: [undoing, ...POLICY.rules] });
  expect(of('engineers', ROLLBACK, policy)).toMatchObject({
    ...NOTHING,
    rule: undoing,
    dependsOnUndone: false,
  });
  expect(of('leads', ROLLBACK, policy)).toMatchObject({ ...USE, approve: true, breakGlass: true });
});

test('a rule for all verbs says nothing of a freeze', () => {
  const policy = samplePolicy({ rules: POLICY.rules.filter(({ name }) => name !== 'freezes') });
  expect(of('leads', FREEZE, policy)).toMatchObject({ use: false, rule: undefined });
});

test('a query is never done by break-glass, even under a rule that gives this right for changes', () => {
  const [changes] = POLICY.rules;
  if (changes === undefined) throw new Error('the sample has no rule');
  const policy = samplePolicy({ rules: [{ ...changes, commands: ['*'] }] });
  expect(of('leads', SHOW, policy)).toMatchObject({ use: true, breakGlass: false });
  expect(of('leads', ROTATE, policy)).toMatchObject({ use: true, breakGlass: true });
});

test('each command is told for each target', () => {
  const policy = samplePolicy({
    targets: [{ ...RACK, name: 'attic' }, RACK],
    changes: { targets: ['rack'] },
  });
  const told = capabilities(policy, alice, new Set(['leads']), [ROTATE, SHOW]);
  expect(told.map(({ verb, target, approve }) => `${verb} ${target} ${approve}`)).toEqual([
    'rotate attic false',
    'rotate rack true',
    'show attic false',
    'show rack false',
  ]);
});

/** What somebody in this group may do on the one target. */
function of(group: string, operation: Operation, policy: Policy = POLICY): Capability {
  const [capability] = capabilities(policy, alice, new Set([group]), [operation]);
  if (capability === undefined) throw new Error('the policy has no target');
  return capability;
}

function operationIn({ kind, verb }: Operation) {
  return { kind, verb, target: 'rack' };
}
