import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommand } from '../../../src/commands/grammar/parse-command.ts';
import type { ParsedCommand } from '../../../src/domain/change/change.ts';
import { commandText, meantCommand } from '../../../src/domain/change/command-text.ts';

const anyWord = fc.stringMatching(/^[a-z0-9.:=,/-]{1,30}$/);
const anyWords = fc
  .stringMatching(/^[a-z0-9][a-zA-Z0-9 .:'-]{0,40}[a-z0-9]$/)
  .map((text) => text.replace(/ +/g, ' '));
const anyCommand: fc.Arbitrary<ParsedCommand> = fc.record({
  verb: fc.constantFrom('rotate', 'show', 'add'),
  args: fc.array(anyWord, { maxLength: 5 }),
  flags: fc
    .record(
      { reason: anyWords, lookup: anyWord, 'dry-run': fc.constant(true as const) },
      { requiredKeys: [] },
    )
    .map((flags) => ({ ...flags })),
});

test('a command that is written down and read again is the same command', () => {
  fc.assert(
    fc.property(anyCommand, (command) => {
      expect(parseCommand(commandText(command), { command: '/bgp', commands: [] })).toEqual(command);
    }),
  );
});

test.each(['🔥', ':fire:', '🇩🇪', 'leaf1🔥'])(
  'an emoji that is meant as a word stands in quotes: %s',
  (word) => {
    const command = { verb: 'rotate', args: ['worker1', word], flags: {} };
    expect(parseCommand(commandText(command), { command: '/bgp', commands: [] })).toEqual(command);
  },
);

test('what planning found out about --stale is not written down: it cannot be typed', () => {
  const flags = { stale: 'unknown on worker3', 'dry-run': true } as const;
  expect(commandText({ verb: 'restart', args: ['worker1'], flags })).toBe(
    'restart worker1 --stale --dry-run',
  );
});

test.each<[string, { typed: string; name: string }, string | undefined]>([
  ['shwo worker1', { typed: 'shwo', name: 'show' }, 'show worker1'],
  ['SHWO worker1', { typed: 'shwo', name: 'show' }, 'show worker1'],
  ['rotate worker1 10.20.1.9', { typed: 'worker1', name: 'worker1.rack' }, 'rotate worker1.rack 10.20.1.9'],
  [
    'add worker9 1.2.3.4 --resaon x',
    { typed: '--resaon', name: '--reason' },
    'add worker9 1.2.3.4 --reason x',
  ],
  [
    'restart worker11.rack worker1',
    { typed: 'worker1', name: 'worker1.rack' },
    'restart worker11.rack worker1.rack',
  ],
  ['rotate rot 10.20.1.9', { typed: 'rot', name: 'rot.rack' }, 'rotate rot.rack 10.20.1.9'],
  ['show `worker1`', { typed: 'worker1', name: 'worker1.rack' }, 'show `worker1.rack`'],
  ['show', { typed: 'worker1', name: 'worker2' }, undefined],
  ['show', { typed: '', name: 'worker2' }, undefined],
])('of "%s", what was meant is put where it was mistyped', (text, meant, command) => {
  expect(meantCommand(text, meant)).toBe(command);
});
