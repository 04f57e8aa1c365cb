import { describe, expect, test } from '@jest/globals';
import type { Argument, ChangeCommand } from '../../../src/commands/grammar/declaration.ts';
import { type ReasonCode, refuse } from '../../../src/domain/refusal.ts';
import { fieldOf } from '../../../src/workflow/requests/field-of-refusal.ts';
import {
  type FormField,
  formFields,
  isArgument,
  missingField,
  readForm,
  wayOf,
} from '../../../src/workflow/requests/form-fields.ts';

const node = (need: Argument['need'] = 'required'): Argument => ({ name: 'NODE', kind: 'node', need });
const IP: Argument = { name: 'IP', kind: 'addresses', need: 'required' };
const PAIR: Argument = { name: 'OLD=NEW', kind: 'pair', need: 'repeated' };
const CHANGE: Argument = { name: 'ID', kind: 'change', need: 'required' };
const WORDS: Argument = { name: 'WHY', kind: 'words', need: 'optional' };

type Command = Pick<ChangeCommand, 'verb' | 'forms' | 'flags'>;
const command = (forms: Command['forms'], flags: Command['flags'] = []): Command => ({
  verb: 'rotate',
  forms,
  flags,
});
const NOTHING = { target: [], lookup: [] };
const names = (...values: readonly string[]) => values.map((value) => ({ value, label: value }));
const entered = (values: Readonly<Record<string, readonly string[]>>) => new Map(Object.entries(values));

describe('the fields of a form', () => {
  test.each<[string, Argument, Partial<FormField>]>([
    ['one node', node(), { input: 'node', label: 'Node', required: true }],
    ['several nodes', node('repeated'), { input: 'nodes', label: 'Nodes', required: true }],
    ['a node that may be left out', node('optional'), { input: 'node', label: 'Node', required: false }],
    [
      'addresses',
      IP,
      {
        input: 'line',
        label: 'Addresses of the peers',
        hint: 'All peers that the node will have, such as 10.20.1.9, 2001:db8:20:1::9',
      },
    ],
    [
      'a pair',
      PAIR,
      { input: 'line', label: 'Old and new address', hint: 'OLD=NEW, such as 10.20.1.1=10.20.1.9' },
    ],
    ['a change', CHANGE, { input: 'change', label: 'Change', required: true }],
    ['words', WORDS, { input: 'line', label: 'WHY', required: false }],
    ['a verb', { ...WORDS, kind: 'verb', name: 'VERB' }, { input: 'line', label: 'VERB', required: false }],
  ])('an argument that is %s', (_, argument, field) => {
    const fields = formFields(command([[argument]]), NOTHING);
    expect(fields).toMatchObject([{ id: 'argument 0.0', ...field }]);
    expect(fields[0]?.hint).toBe(field.hint);
  });

  test('what may be ticked in place of arguments makes them optional, and the hint says so behind its own words', () => {
    const [field] = formFields(command([[IP], []]), NOTHING);
    expect(field).toMatchObject({
      required: false,
      hint: 'All peers that the node will have, such as 10.20.1.9, 2001:db8:20:1::9 Needed, unless you tick below which ones.',
    });
  });

  test('one way to say it is not asked for; of several each is named by its first argument', () => {
    expect(formFields(command([[node(), IP], []]), NOTHING).map(({ input }) => input)).toEqual([
      'node',
      'line',
    ]);
    const [way] = formFields(command([[CHANGE], [IP], [PAIR]]), NOTHING, 1);
    expect(way).toEqual({
      id: 'way',
      label: 'Which peers',
      required: true,
      input: 'way',
      options: [
        { value: '0', label: 'Change' },
        { value: '1', label: 'Addresses of the peers' },
        { value: '2', label: 'A router, wherever it is mapped' },
      ],
      initial: { value: '1', label: 'Addresses of the peers' },
    });
  });

  test('flags stand behind the arguments, in words that begin with a capital, and those that say nothing there are left out', () => {
    const flags = ['dry-run', 'public', 'at-once', 'all', 'reason', 'lookup', 'target'] as const;
    const choices = { target: names('east'), lookup: names('tor', 'tor-v6') };
    const fields = formFields(command([[]], flags), choices);
    expect(fields).toMatchObject([
      { id: 'target', label: 'Target', required: true, input: 'choice', options: [{ value: 'east' }] },
      {
        id: 'lookup',
        label: 'Lookup',
        hint: 'Which lookup (ConfigMap), where several would fit',
        required: false,
        input: 'choice',
        options: [{ value: 'tor' }, { value: 'tor-v6' }],
      },
      { id: 'reason', label: 'Reason', required: false, input: 'text' },
      {
        id: 'switches',
        label: 'Also',
        required: false,
        input: 'switches',
        options: [
          {
            value: 'at-once',
            label: 'At once',
            description: 'Delete all these TMM pods at the same time: an outage',
          },
          { value: 'all', label: 'All', description: 'Every node with a TMM pod' },
        ],
      },
    ]);
  });

  test('a lookup is not asked for where there is one, nor a flag that the command does not have', () => {
    const choices = { target: names('east', 'west'), lookup: names('tor') };
    expect(formFields(command([[]], ['lookup']), choices)).toEqual([]);
    expect(formFields(command([[]], ['target', 'dry-run']), choices).map(({ id }) => id)).toEqual(['target']);
  });
});

test('an argument is known by its id, and that of a way by the way', () => {
  expect([isArgument('argument 1.0'), isArgument('reason')]).toEqual([true, false]);
  expect([isArgument('argument 1.0', 1), isArgument('argument 1.0', 0)]).toEqual([true, false]);
});

test.each([
  [[], 0],
  [['2'], 2],
  [['1.5'], 0],
  [['x'], 0],
])('the way that %j chooses is %i', (way, expected) => {
  expect(wayOf(new Map(way.length === 0 ? [] : [['way', way]]))).toBe(expected);
});

describe('the command that a form says', () => {
  test('has the chosen names as they are, and what was typed as the words of a command', () => {
    const values = {
      'argument 0.0': ['worker 1'],
      'argument 0.1': ['  10.20.1.9,  10.20.1.10 '],
      'argument 1.0': ['10.20.1.1=10.20.1.9'],
    };
    expect(readForm(command([[node(), IP], [PAIR]]), entered(values))).toEqual({
      verb: 'rotate',
      args: ['worker 1', '10.20.1.9,', '10.20.1.10'],
      flags: {},
    });
    expect(readForm(command([[CHANGE]]), entered({ 'argument 0.0': ['BGP 7'] })).args).toEqual(['BGP 7']);
    const blank = entered({ 'argument 0.0': ['worker1'], 'argument 0.1': [' ', 'another'] });
    expect(readForm(command([[node(), IP], [PAIR]]), blank).args).toEqual(['worker1', 'another']);
    const other = entered({ ...values, way: ['1'] });
    expect(readForm(command([[node(), IP], [PAIR]]), other).args).toEqual(['10.20.1.1=10.20.1.9']);
  });

  test('has a flag with what was entered, and a switch that was ticked; blanks alone are nothing', () => {
    const declared = command([[]], ['reason', 'lookup', 'all', 'at-once']);
    expect(
      readForm(declared, entered({ reason: [' why '], lookup: ['  '], switches: ['all'] })).flags,
    ).toEqual({
      reason: 'why',
      all: true,
    });
    expect(readForm(declared, entered({ target: ['attic'], switches: ['dry-run'] })).flags).toEqual({});
  });
});

describe('the first field that is missing', () => {
  const fault = { reasonCode: 'missing_argument', sentence: 'This field is empty.', next: 'Fill it in.' };

  test('is one that is needed and empty, of the way that is chosen', () => {
    const rotate = command([[node(), IP], [PAIR]]);
    expect(missingField(rotate, entered({}))).toMatchObject({ field: 'argument 0.0', refusal: fault });
    expect(missingField(rotate, entered({ 'argument 0.0': ['worker1'] }))).toMatchObject({
      field: 'argument 0.1',
    });
    expect(missingField(rotate, entered({ way: ['1'] }))).toMatchObject({ field: 'argument 1.0' });
    expect(missingField(rotate, entered({ way: ['1'], 'argument 1.0': ['x'] }))).toBeUndefined();
  });

  test('is none where an argument may be left out, or ticked', () => {
    expect(missingField(command([[WORDS]]), entered({}))).toBeUndefined();
    expect(missingField(command([[node('repeated')], []]), entered({}))).toBeUndefined();
  });
});

describe('the field that a refusal is about', () => {
  const field = (id: string, input: FormField['input']): FormField => ({
    id,
    input,
    label: id,
    required: true,
  });
  const FIELDS = [
    field('reason', 'text'),
    field('argument 0.0', 'node'),
    field('argument 0.1', 'line'),
    field('argument 0.2', 'line'),
    field('lookup', 'choice'),
    field('target', 'choice'),
    field('channel', 'channel'),
    field('argument 1.0', 'change'),
  ];
  test.each<[ReasonCode, string]>([
    ['unknown_node', 'argument 0.0'],
    ['no_tmm_pods', 'argument 0.0'],
    ['mapping_unreadable', 'argument 0.0'],
    ['address_duplicate', 'argument 0.1'],
    ['static_peer', 'argument 0.1'],
    ['lookup_missing', 'lookup'],
    ['target_ambiguous', 'target'],
    ['not_open', 'argument 1.0'],
    ['channel_not_listed', 'channel'],
    ['frozen', 'reason'],
  ])('%s: %s', (code, id) => {
    expect(fieldOf(refuse(code, '', ''), FIELDS, new Map())).toBe(id);
  });

  test('of two the one that was filled in; the first that was, where no field tells', () => {
    const values = entered({ 'argument 0.2': ['x'], lookup: ['tor'] });
    expect(fieldOf(refuse('not_an_address', '', ''), FIELDS, values)).toBe('argument 0.2');
    expect(fieldOf(refuse('frozen', '', ''), FIELDS, values)).toBe('argument 0.2');
    expect(fieldOf(refuse('frozen', '', ''), [], values)).toBeUndefined();
  });
});
