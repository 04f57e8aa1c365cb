import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalizeText, parseCommand } from '../../../src/commands/grammar/parse-command.ts';
import { anyCharacter } from '../../doubles/any-character.ts';

describe('what people type on phones is what they meant', () => {
  const plain = {
    verb: 'rotate',
    args: ['worker1.rack.example.com', '10.20.1.9'],
    flags: { reason: 'new router' },
  };

  test.each([
    ['as it should be', 'rotate worker1.rack.example.com 10.20.1.9 --reason "new router"'],
    ['smart quotes', 'rotate worker1.rack.example.com 10.20.1.9 --reason “new router”'],
    ['low quotes', 'rotate worker1.rack.example.com 10.20.1.9 --reason „new router“'],
    ['an em dash for --', 'rotate worker1.rack.example.com 10.20.1.9 —reason new router'],
    ['an en dash for --', 'rotate worker1.rack.example.com 10.20.1.9 –reason new router'],
    ['a dash of each kind', 'rotate worker1.rack.example.com 10.20.1.9 –-reason new router'],
    ['two en dashes', 'rotate worker1.rack.example.com 10.20.1.9 ––reason new router'],
    ['no quotes', 'rotate worker1.rack.example.com 10.20.1.9 --reason new router'],
    ['= and quotes', 'rotate worker1.rack.example.com 10.20.1.9 --reason="new router"'],
    [
      'a link made by Slack',
      'rotate <http://worker1.rack.example.com|worker1.rack.example.com> 10.20.1.9 --reason new router',
    ],
    ['no-break spaces', 'rotate\u00a0worker1.rack.example.com\u00a010.20.1.9\u00a0--reason new router'],
    [
      'a zero-width space from a paste',
      'rotate worker1.rack\u200b.example.com 10.20.1.9 --reason new router',
    ],
    ['a capital first letter', 'Rotate worker1.rack.example.com 10.20.1.9 --Reason new router'],
    ['blanks around', '  rotate  worker1.rack.example.com  10.20.1.9  --reason  new router  '],
    ['code', 'rotate `worker1.rack.example.com` `10.20.1.9` --reason new router'],
    ['all of it as code', '```rotate worker1.rack.example.com 10.20.1.9 --reason new router```'],
    ['bold', 'rotate *worker1.rack.example.com* 10.20.1.9 --reason new router'],
    ['bold over several words', '*rotate worker1.rack.example.com 10.20.1.9* --reason new router'],
    ['italic', 'rotate _worker1.rack.example.com_ _10.20.1.9_ --reason new router'],
    ['struck out', 'rotate ~worker1.rack.example.com~ ~10.20.1.9~ --reason new router'],
    ['bold italic', 'rotate *_worker1.rack.example.com_* 10.20.1.9 --reason _*new router*_'],
    ['bold code', 'rotate *`worker1.rack.example.com`* 10.20.1.9 --reason new router'],
    ['full-width letters', 'ｒｏｔａｔｅ　worker1.rack.example.com　１０．２０．１．９ --reason new router'],
    ['the slash command once more', '/bgp rotate worker1.rack.example.com 10.20.1.9 --reason new router'],
    ['its name once more', 'bgp rotate worker1.rack.example.com 10.20.1.9 --reason new router'],
    ['a slash in front of the verb', '/rotate worker1.rack.example.com 10.20.1.9 --reason new router'],
    [
      'links of host names and addresses',
      'rotate <http://worker1.rack.example.com/|http://worker1.rack.example.com/> <tel:10.20.1.9|10.20.1.9> --reason new router'.replace(
        '|http://worker1.rack.example.com/',
        '',
      ),
    ],
    [
      'marks of direction from a paste',
      'rotate \u200eworker1.rack.example.com\u200e 10.20.1.9 --reason new router',
    ],
    ['the flag in front', '--reason "new router" rotate worker1.rack.example.com 10.20.1.9'],
  ])('%s', (_, text) => {
    expect(parseCommand(text)).toEqual(plain);
  });

  test('hyphens of every kind inside a word are hyphens', () => {
    expect(parseCommand('show spk\u2011worker\u20101')).toMatchObject({ args: ['spk-worker-1'] });
  });

  test('marks that are no emphasis stay', () => {
    expect(parseCommand('remove node_a_b')).toMatchObject({ args: ['node_a_b'] });
    expect(parseCommand('reject BGP-7 2 * 3 is ~6 and a_b')).toMatchObject({
      args: ['BGP-7', '2', '*', '3', 'is', '~6', 'and', 'a_b'],
    });
  });

  test('the slash command is the one of the policy', () => {
    expect(parseCommand('/tor show', '/tor')).toEqual({ verb: 'show', args: [], flags: {} });
    expect(parseCommand('/bgp', '/bgp')).toEqual({ verb: 'help', args: [], flags: {} });
  });

  test('&amp;, &lt; and &gt; are unescaped once', () => {
    expect(parseCommand('reject 7 R&amp;D &lt;b&gt; &amp;lt;')).toMatchObject({
      args: ['7', 'R&D', '<b>', '&lt;'],
    });
  });

  test('a mentioned person or channel is an id', () => {
    expect(parseCommand('whois <@U01ALICE|alice> <#C1|>')).toMatchObject({ args: ['U01ALICE', 'C1'] });
  });

  test('nothing at all, and --help, mean help', () => {
    expect(parseCommand('')).toEqual({ verb: 'help', args: [], flags: {} });
    expect(parseCommand('rotate --help')).toEqual({ verb: 'help', args: ['rotate'], flags: {} });
  });

  test('a reason may hold quotes, dashes and an apostrophe', () => {
    expect(parseCommand("reject BGP-7 it's not-ready - yet")).toEqual({
      verb: 'reject',
      args: ['BGP-7', "it's", 'not-ready', '-', 'yet'],
      flags: {},
    });
  });
});

describe('a reason stays as it was typed', () => {
  test.each([
    ['emphasis and code', 'the _old_ router, ~not the new one~, see `show bgp` and *BGP-7*'],
    ['words in quotes', 'router "r1" of rack \'a\' is replaced'],
    ['an arrow', '10.20.1.1 -> 10.20.1.9, MTU = 9000'],
  ])('%s', (_, reason) => {
    expect(parseCommand(`rotate \`10.20.1.1=10.20.1.9\` --reason ${reason} --lookup _spk_`)).toEqual({
      verb: 'rotate',
      args: ['10.20.1.1=10.20.1.9'],
      flags: { reason, lookup: 'spk' },
    });
  });

  test('what follows a word in quotes is part of it, and never another node', () => {
    expect(parseCommand('restart worker1 --reason same as "last week" worker2')).toMatchObject({
      args: ['worker1'],
      flags: { reason: 'same as "last week" worker2' },
    });
    expect(parseCommand('restart --reason "last week" worker2')).toMatchObject({ args: ['worker2'] });
  });
});

describe('what cannot be read is refused with what to type instead', () => {
  test('an unknown flag gets the nearest one', () => {
    expect(parseCommand('restart --al')).toMatchObject({
      reasonCode: 'unknown_flag',
      next: 'Did you mean --all?',
    });
  });

  test('a flag without its value', () => {
    expect(parseCommand('show --target')).toMatchObject({ reasonCode: 'missing_argument' });
    expect(parseCommand('rotate a 10.0.0.1 --lookup --dry-run')).toMatchObject({
      reasonCode: 'missing_argument',
    });
  });

  test('10,000 characters', () => {
    expect(parseCommand('x'.repeat(10_000))).toMatchObject({ reasonCode: 'text_too_long' });
  });
});

test('no input throws, and reading is settled after once', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: anyCharacter, maxLength: 400 }), fc.string({ maxLength: 400 })),
      (text) => {
        parseCommand(text);
        expect(typeof normalizeText(text)).toBe('string');
      },
    ),
  );
});

test('words without markup come back as they were typed', () => {
  const word = fc.stringMatching(/^[a-z0-9][a-z0-9.:=,/-]{0,30}$/);
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 5 }), (verb, args) => {
      expect(parseCommand([verb, ...args].join(' '))).toEqual({ verb, args, flags: {} });
    }),
  );
});
