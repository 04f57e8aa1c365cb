import { expect, test } from '@jest/globals';
import type { Command } from '../../../src/commands/grammar/declaration.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { chooseTarget, findCommand } from '../../../src/workflow/requests/find-command.ts';
import { RACK, samplePolicy } from '../../doubles/sample-policy.ts';

const rotate: Command = {
  kind: 'freeze',
  does: 'declare',
  verb: 'rotate',
  summary: '',
  forms: [],
  flags: [],
  examples: [],
  rights: [],
};
const registry = { commands: [rotate], find: (verb: string) => (verb === 'rotate' ? rotate : undefined) };

const named = (name: string) => ({ ...RACK, name });
const policyOf = (...names: readonly string[]) => {
  const [first = RACK, ...others] = names.map(named);
  return samplePolicy({ targets: [first, ...others] });
};

test('a verb that is mistyped gets the nearest one, one that is like none gets the way to help', () => {
  expect(findCommand('rotate', registry)).toBe(rotate);
  expect(findCommand('rotat', registry)).toEqual({
    kind: 'refusal',
    reasonCode: 'unknown_verb',
    sentence: 'There is no command "rotat".',
    next: 'Did you mean rotate? Type help to see all commands.',
    meant: { typed: 'rotat', name: 'rotate' },
  });
  const unlike = findCommand('x'.repeat(200), registry);
  expect(unlike).toEqual({
    kind: 'refusal',
    reasonCode: 'unknown_verb',
    sentence: `There is no command "${'x'.repeat(60)}".`,
    next: 'Type help to see all commands.',
  });
});

test.each([
  ['142', 'status BGP-142'],
  ['bgp-142', 'status BGP-142'],
  ['10.20.1.9', 'peers 10.20.1.9'],
  ['worker1.rack.example.com', 'show worker1.rack.example.com'],
])('%s alone is no command, and leads to a query about it', (typed, name) => {
  expect(findCommand(typed, registry)).toMatchObject({ reasonCode: 'unknown_verb', meant: { typed, name } });
});

test('a target is found with a full stop behind it, and by its whole name first', () => {
  expect(chooseTarget(policyOf('east', 'west'), 'west.')).toMatchObject({ name: 'west' });
  expect(chooseTarget(policyOf('east', 'east.'), 'east.')).toMatchObject({ name: 'east.' });
});

test('the only target need not be named; of several one has to be', () => {
  expect(chooseTarget(policyOf('east'), undefined)).toMatchObject({ name: 'east' });
  expect(chooseTarget(policyOf('east', 'west'), undefined)).toMatchObject({
    reasonCode: 'target_ambiguous',
    sentence: 'There are 2 targets: east, west.',
    next: 'Add --target east or --target west.',
  });
});

test('a target is found by its name in any case, also the only one', () => {
  expect(chooseTarget(policyOf('East', 'west'), 'eAST')).toMatchObject({ name: 'East' });
  expect(chooseTarget(policyOf('east', 'west'), 'west')).toMatchObject({ name: 'west' });
  expect(isRefusal(chooseTarget(policyOf('east'), 'west'))).toBe(true);
});

test('a target that is mistyped gets the nearest one, one that is like none the list', () => {
  expect(chooseTarget(policyOf('east', 'west'), 'eastt')).toEqual({
    kind: 'refusal',
    reasonCode: 'unknown_target',
    sentence: 'There is no target eastt.',
    next: 'Did you mean east? The policy has east, west.',
    meant: { typed: 'eastt', name: 'east' },
  });
  expect(chooseTarget(policyOf('east', 'west'), 'y'.repeat(200))).toEqual({
    kind: 'refusal',
    reasonCode: 'unknown_target',
    sentence: `There is no target ${'y'.repeat(60)}.`,
    next: 'The policy has east, west.',
  });
});
