import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalizeText } from '../../../src/commands/grammar/normalize-text.ts';
import { parseCommand as parse } from '../../../src/commands/grammar/parse-command.ts';
import { loadRegistry } from '../../../src/commands/registry.ts';
import { anyCharacter } from '../../doubles/any-character.ts';

const { commands } = await loadRegistry();

function parseCommand(text: string, command = '/bgp') {
  return parse(text, { command, commands });
}

test('in front of free text one dash is enough for a flag: somebody who asks for help freezes nothing', () => {
  expect(parseCommand('freeze -h')).toEqual({ verb: 'help', args: ['freeze'], flags: {} });
  expect(parseCommand('freeze -target rack -help')).toMatchObject({ verb: 'help', args: ['freeze'] });
  expect(parseCommand('freeze -target rack new routers')).toEqual({
    verb: 'freeze',
    args: ['new', 'routers'],
    flags: { target: 'rack' },
  });
  expect(parseCommand('reject BGP-1 -reason too late')).toMatchObject({ flags: { reason: 'too late' } });
  expect(parseCommand('reject BGP-1 run it with -h')).toMatchObject({
    args: ['BGP-1', 'run', 'it', 'with', '-h'],
  });
  expect(parseCommand('reject BGP-1 -5 is no priority')).toMatchObject({
    args: ['BGP-1', '-5', 'is', 'no', 'priority'],
  });
});

test.each(['freeze help', 'freeze Help', '/bgp freeze help'])(
  'somebody who types %j asks for help and freezes nothing',
  (typed) => {
    expect(parseCommand(typed)).toEqual({ verb: 'help', args: ['freeze'], flags: {} });
    expect(parseCommand('freeze help is on its way')).toMatchObject({ verb: 'freeze' });
  },
);

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

describe('free text stays as it was typed, and the words in front of it are read as ever', () => {
  const parsed = (verb: string, args: readonly string[], flags = {}) => ({ verb, args, flags });

  test.each([
    ['marks and code', 'reject BGP-7 *not* before `Monday`', ['*not*', 'before', '`Monday`']],
    ['quotes', `reject BGP-7 "not now" it's 'late'`, ['"not now"', "it's", "'late'"]],
    ['smart quotes, as plain ones', 'reject BGP-7 “not now”', ['"not now"']],
    ['marks around the command alone', '*reject* `BGP-7` *not now*', ['*not', 'now*']],
    ['marks that begin at the verb', '*reject BGP-7 not* now', ['not*', 'now']],
    ['a slash in front', '`/bgp` reject BGP-7 _no_', ['_no_']],
    ['dashes', 'reject BGP-7 no -x - y -- z', ['no', '-x', '-', 'y', '--', 'z']],
  ])('%s', (_, typed, words) => {
    expect(parseCommand(typed)).toEqual(parsed('reject', ['BGP-7', ...words]));
  });

  test('marks around all of the command are not of the free text', () => {
    expect(parseCommand('`reject BGP-7 not now`')).toEqual(parsed('reject', ['BGP-7', 'not', 'now']));
  });

  test.each([
    'freeze --target rack `r1` is *down*',
    'freeze `r1` is --target *rack* *down*',
    'freeze `r1` is *down* —target `rack`',
    'freeze `r1` is *down* --target="rack"',
    '--target rack freeze `r1` is *down*',
  ])('a flag is read wherever it stands: %s', (typed) => {
    expect(parseCommand(typed)).toEqual(parsed('freeze', ['`r1`', 'is', '*down*'], { target: 'rack' }));
  });

  test('a mistyped flag is refused, so that a freeze of one target is not one of all', () => {
    expect(parseCommand('freeze r1 is down --taget rack')).toMatchObject({ reasonCode: 'unknown_flag' });
    expect(parseCommand('freeze "r1 is down --taget rack"')).toMatchObject({ verb: 'freeze' });
  });

  const heads = ['reject BGP-7', 'review BGP-7', 'break-glass BGP-7', 'freeze', '/bgp freeze', '*freeze*'];

  test('whatever is typed behind the id or the verb comes back, blanks between words as one', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab1*_~`"\'.,;:!?()[]{}<>&=/|#@-'), minLength: 1 });
    const text = fc.array(word, { minLength: 1 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.constantFrom(...heads),
        text.filter((typed) => !/(?:^|\s)["']?--?[a-z]/i.test(typed)),
        (head, typed) => {
          const sent = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
          const read = parseCommand(`${head} ${sent}`);
          if ('kind' in read) throw new Error(read.sentence);
          const before = head.includes('BGP-7') ? 1 : 0;
          expect(read.args.slice(before).join(' ')).toBe(typed);
          expect(read.flags).toEqual({});
        },
      ),
    );
  });
});

describe('a slash command that is named like a verb', () => {
  test.each([
    ['show worker1', '/show', 'show', ['worker1']],
    ['show', '/show', 'show', []],
    ['/show worker1', '/show', 'show', ['worker1']],
    ['/show show worker1', '/show', 'show', ['worker1']],
    ['/show nodes', '/show', 'nodes', []],
    ['/show *nodes*', '/show', 'nodes', []],
    ['status BGP-7', '/status', 'status', ['BGP-7']],
    ['help show', '/help', 'help', ['show']],
    ['freeze r1 is down', '/freeze', 'freeze', ['r1', 'is', 'down']],
    ['nodes', '/show', 'nodes', []],
  ])('%s with %s keeps its verb', (typed, command, verb, args) => {
    expect(parseCommand(typed, command)).toEqual({ verb, args, flags: {} });
  });

  test('no verb is lost, whatever the slash command is called', () => {
    for (const { verb } of commands)
      for (const other of commands)
        expect(parseCommand(`${verb} x`, `/${other.verb}`)).toMatchObject({ verb, args: ['x'] });
  });
});

describe('what cannot be read is refused with what to type instead', () => {
  test('an unknown flag gets the nearest one', () => {
    expect(parseCommand('restart --al')).toMatchObject({
      reasonCode: 'unknown_flag',
      next: 'Did you mean --all?',
    });
  });

  test.each([
    'restart --all=no',
    'rotate a 10.0.0.1 --allow-outage=false',
    'rotate a 10.0.0.1 —break-glass=0',
    'rotate a 10.0.0.1 --dry-run=client',
    'restart a --at-once="off"',
  ])('%j does not do what its flag says not to', (typed) => {
    expect(parseCommand(typed)).toMatchObject({
      reasonCode: 'unknown_argument',
      next: expect.stringMatching(/^Leave it out, or type --[a-z-]+ alone\.$/),
    });
  });

  test.each(['--dry-run=true', '--dry-run=Yes', '--dry-run=', '--dry-run.', '--Dry-Run,'])(
    '%s is --dry-run',
    (flag) => {
      expect(parseCommand(`rotate a 10.0.0.1 ${flag}`)).toMatchObject({ flags: { 'dry-run': true } });
    },
  );

  test.each(['--target rack --target core', '--reason a --reason b', '--lookup=x --LOOKUP y'])(
    'of two values of one flag none is dropped in silence: %s',
    (flags) => {
      expect(parseCommand(`rotate a 10.0.0.1 ${flags}`)).toMatchObject({ reasonCode: 'unknown_argument' });
      expect(parseCommand('restart --all --all --target x --target=x')).toMatchObject({ verb: 'restart' });
    },
  );

  test('a reason may follow a colon', () => {
    expect(parseCommand('rotate a 10.0.0.1 --reason: r1 _died_ again')).toMatchObject({
      args: ['a', '10.0.0.1'],
      flags: { reason: 'r1 _died_ again' },
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
