import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pairWords, sayPairs } from '../../../src/commands/grammar/addresses.ts';
import { parseCommand } from '../../../src/commands/grammar/parse-command.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { anyCharacter } from '../../doubles/any-character.ts';
import { openWorld } from '../../doubles/world.ts';
import { asked } from '../asked.ts';

const PAIR = ['10.20.1.1=10.20.1.9'];

describe('OLD=NEW as people type it on phones', () => {
  test.each([
    '10.20.1.1=10.20.1.9',
    '10.20.1.1 = 10.20.1.9',
    '10.20.1.1= 10.20.1.9',
    '10.20.1.1 =10.20.1.9',
    '10.20.1.1->10.20.1.9',
    '10.20.1.1 -> 10.20.1.9',
    '10.20.1.1 -&gt; 10.20.1.9',
    '10.20.1.1 => 10.20.1.9',
    '10.20.1.1 —> 10.20.1.9',
    '10.20.1.1 --> 10.20.1.9',
    '10.20.1.1→10.20.1.9',
    '10.20.1.1 → 10.20.1.9',
    '10.20.1.1 ⇒ 10.20.1.9',
    '10.20.1.1 ➜ 10.20.1.9',
    '10.20.1.1 ➡️ 10.20.1.9',
    '10.20.1.1 :arrow_right: 10.20.1.9',
    '10.20.1.1 := 10.20.1.9',
    '`10.20.1.1` → `10.20.1.9`',
    '`10.20.1.1=10.20.1.9`',
    '*10.20.1.1* = *10.20.1.9*',
    '10.20.1.1＝10.20.1.9',
    '<http://10.20.1.1|10.20.1.1> = <http://10.20.1.9|10.20.1.9>',
  ])('means what was meant: %s', (typed) => {
    const parsed = parseCommand(`rotate ${typed} --dry-run`, { command: '/bgp', commands: [] });
    if (isRefusal(parsed)) throw new Error(parsed.sentence);
    expect(sayPairs(parsed.args)).toBe(true);
    expect(pairWords(parsed.args)).toEqual(PAIR);
    expect(parsed.flags).toEqual({ 'dry-run': true });
  });

  test('several pairs stay several, with commas or without', () => {
    const both = ['10.20.1.1=10.20.1.9', '2001:db8::1=2001:db8::9'];
    for (const typed of [
      '10.20.1.1=10.20.1.9 2001:db8::1=2001:db8::9',
      '10.20.1.1 -> 10.20.1.9, 2001:db8::1 -> 2001:db8::9',
      '10.20.1.1→10.20.1.9；2001:db8::1→2001:db8::9',
    ]) {
      const parsed = parseCommand(`rotate ${typed}`, { command: '/bgp', commands: [] });
      expect(isRefusal(parsed) ? parsed : pairWords(parsed.args)).toEqual(both);
    }
  });

  test('a node with addresses is none', () => {
    expect(sayPairs(['worker-1.rack.example.com', '10.20.1.9,', '10.20.1.2'])).toBe(false);
  });

  test('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: anyCharacter })), (words) => {
        sayPairs(words);
        for (const word of pairWords(words)) expect(word).not.toBe('');
      }),
    );
  });
});

test.each([
  'rotate 10.20.1.1 = 10.20.1.9 --dry-run',
  'rotate worker1.rack.example.com 10.20.1.9， 10.20.1.2 --dry-run',
  'rotate worker1.rack.example.com 10.20.1.9、10.20.1.2 --dry-run',
  'rotate worker1.rack.example.com → 10.20.1.9 --dry-run',
  'rotate worker1.rack.example.com = 10.20.1.9, 10.20.1.2 --dry-run',
  'rotate worker1.rack.example.com: 10.20.1.9 --dry-run',
  '/bgp rotate worker1.rack.example.com “10.20.1.9”, 10.20.1.2 –dry-run',
])('is planned: %s', async (typed) => {
  const told = await asked(await openWorld(), typed);
  expect(told).toContain('+ worker1.rack.example.com: 10.20.1.9');
});

test('a node to be mapped may be followed by an arrow', async () => {
  const world = await openWorld();
  world.cluster.tmms.setNode('worker4.rack.example.com');
  for (const typed of [
    'add worker4.rack.example.com → 10.20.4.1',
    'add worker4.rack.example.com, = 10.20.4.1.',
  ])
    expect(await asked(world, `${typed} --dry-run`)).toContain('+ worker4.rack.example.com: 10.20.4.1');
});

test('a node with one address that becomes another is not given both', async () => {
  const world = await openWorld();
  world.cluster.tmms.setNode('worker4.rack.example.com');
  for (const typed of [
    'rotate worker1.rack.example.com → 10.20.1.1 → 10.20.1.9 --dry-run',
    'rotate worker1.rack.example.com: 10.20.1.1 → 10.20.1.9 --dry-run',
    'add worker4.rack.example.com 10.20.4.1 → 10.20.4.2 --dry-run',
    'add worker4.rack.example.com = 10.20.4.1, worker1.rack.example.com = 10.20.4.2 --dry-run',
  ])
    expect(await asked(world, typed)).not.toContain('+ worker');
});

test('an old and a new address without anything between is answered with what to type', async () => {
  const world = await openWorld();
  for (const typed of ['rotate 10.20.1.1 10.20.1.9', 'rotate 10.20.1.1 to 10.20.1.9'])
    expect(await asked(world, typed)).toContain('rotate 10.20.1.1=10.20.1.9');
});
