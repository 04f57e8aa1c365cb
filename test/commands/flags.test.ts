import { expect, test } from '@jest/globals';
import { FLAGS } from '../../src/commands/grammar/flags.ts';
import { loadRegistry } from '../../src/commands/registry.ts';

test('every flag is one that some command takes', async () => {
  const { commands } = await loadRegistry();
  const taken = new Set<string>(commands.flatMap(({ flags }) => [...flags]));
  expect(Object.keys(FLAGS).filter((flag) => !taken.has(flag))).toEqual([]);
});

test('every query but whoami, which is about one person, can be answered in the channel; nothing else can', async () => {
  const { commands } = await loadRegistry();
  const answerable = commands.filter(({ kind, verb }) => /query$/.test(kind) && verb !== 'whoami');
  expect(commands.filter(({ flags }) => flags.includes('public'))).toEqual(answerable);
});
