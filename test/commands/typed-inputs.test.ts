import { describe, expect, test } from '@jest/globals';
import { openWorld } from '../doubles/world.ts';
import { asked } from './asked.ts';

const W1 = 'worker1.rack.example.com';
const W2 = 'worker2.rack.example.com';

describe('what a network engineer types on a phone', () => {
  test.each([
    `👍 show ${W1}`,
    ':eyes: show worker1',
    `show ${W1} 👀`,
    'show worker1 :thumbsup:',
    '<@U0BOT> show worker1',
    '<@U0BOT|bgp> show worker1',
    '@bgp show worker1',
    '@bgp: show worker1',
    '&gt; show worker1',
    '- show worker1',
    '• show worker1',
    '1. show worker1',
    '$ show worker1',
    '“show worker1”',
    '"show worker1"',
    'Show: worker1',
    'show worker1?',
    'show worker1!',
    'show worker1…',
    'show “worker1”',
    `show ${W1}/`,
    `show http://${W1}`,
    `show <http://${W1}|${W1}>`,
    `show <http://${W1}/>`,
    `show node/${W1}`,
    'show\u00a0worker1',
    'show Worker1.Rack.Example.COM.',
  ])('%j shows the node', async (typed) => {
    expect(await asked(await openWorld(), typed)).toMatch(new RegExp(`^${W1} on rack\n`));
  });

  test.each([
    `rotate ${W1} to 10.20.1.9`,
    `rotate ${W1} with 10.20.1.9`,
    `rotate ${W1} → 10.20.1.9`,
    `rotate ${W1}: 10.20.1.9`,
    `rotate ${W1} : 10.20.1.9`,
    `rotate ${W1}:10.20.1.9`,
    `rotate ${W1},10.20.1.9`,
    `rotate ${W1} \u061c10.20.1.9`,
    `rotate ${W1} (10.20.1.9).`,
    'rotate 10.20.1.1 = 10.20.1.9.',
    `rotate node/${W1} 10.20.1.9`,
    `rotate <http://${W1}|${W1}> &lt;10.20.1.9&gt;`,
    `rotate ${W1} (10.20.1.9)`,
    `rotate ${W1} <http://10.20.1.9|10.20.1.9>`,
    `rotate ${W1} 10.20.1.9,`,
    `rotate ${W1} 10.20.1.9 ✅`,
    `rotate ${W1} 10.20.1.９`,
    'rotate 10.20.1.1 → 10.20.1.9',
    'rotate 10.20.1.1 ➡️ 10.20.1.9',
    'rotate (10.20.1.1) = (10.20.1.9)',
  ])('%j is the plan that it says', async (typed) => {
    const told = await asked(await openWorld(), `${typed} —dry-run`);
    expect(told).toContain('What rotate would do on rack');
    expect(told).toMatch(/\+ worker1\.rack\.example\.com: 10\.20\.1\.9(?!,)/);
  });

  test.each([
    [`rotate ${W1} 10.20.1.9 and 10.20.1.8 --dry-run`, '10.20.1.9,10.20.1.8'],
    [`rotate ${W1} 10.20.1.9 & 10.20.1.8 --dry-run`, '10.20.1.9,10.20.1.8'],
    [`rotate ${W1} to 10.20.1.9; 10.20.1.8 --dry-run`, '10.20.1.9,10.20.1.8'],
    [`rotate ${W1} [10.20.1.9, 10.20.1.8] --dry-run`, '10.20.1.9,10.20.1.8'],
    [`rotate ${W1} ["10.20.1.9","10.20.1.8"] --dry-run`, '10.20.1.9,10.20.1.8'],
    [`rotate ${W1} [“10.20.1.9”, “10.20.1.8”] --dry-run`, '10.20.1.9,10.20.1.8'],
    [`rotate ${W1} [2001:DB8::9],[2001:db8::8] --dry-run`, '2001:db8::9,2001:db8::8'],
    [`rotate ${W1}:10.20.1.9,10.20.1.8 --dry-run`, '10.20.1.9,10.20.1.8'],
    [`rotate ${W1}:2001:DB8::9 --dry-run`, '2001:db8::9'],
    [`rotate ${W1} [2001:DB8::9] --dry-run`, '2001:db8::9'],
    ['rotate [2001:db8:20:1::1]=[2001:db8:20:1::9] --dry-run', '2001:db8:20:1::9'],
  ])('%j gives it %s', async (typed, value) => {
    expect(await asked(await openWorld(), typed)).toContain(`+ ${W1}: ${value}`);
  });

  test.each([`${W1} and ${W2}`, `${W1} & ${W2}`, `${W1},${W2}`, `\`${W1}\`, *${W2}*`])(
    'restart %j restarts both',
    async (nodes) => {
      expect(await asked(await openWorld(), `restart ${nodes} --dry-run`)).toContain(
        '2 of 3 TMM pods restart',
      );
    },
  );

  test.each([
    ['rotate worker1 to 10.20.1.9', `Type the full name: ${W1}.`],
    ['rotate 10.20.1.1 to 10.20.1.9', 'rotate 10.20.1.1=10.20.1.9'],
    ['rotate from 10.20.1.1 to 10.20.1.9', 'rotate 10.20.1.1=10.20.1.9'],
    ['rotate 10.20.1.1\u201410.20.1.9', 'rotate 10.20.1.1=10.20.1.9'],
    ['rotate 10.20.1.1-10.20.1.9', 'may be a range as well as an exchange'],
    [`rotate ${W1} from 10.20.1.1 to 10.20.1.9`, 'is not'],
    [`rotate ${W1} 10.20.1.9/10.20.1.8`, 'is not an IP address'],
    [`rotate ${W1} 10.20.1.9/32`, 'Type 10.20.1.9 without /32.'],
    [`rotate ${W1} 10.20.1.9:179`, 'Type 10.20.1.9 without :179.'],
    [`rotate ${W1} [2001:db8::9]:179`, 'Type 2001:db8::9 without :179.'],
    [`rotate ${W1} fe80::9%eth0`, 'has a zone'],
    [`rotate ${W1} 10.20.1.9\u200d`, '"10.20.1.9\\u{200d}" is not an IP address'],
    [`rotate ${W1} 10.20.1.9\u0301`, 'Type 10.20.1.9.'],
    [`rotate ${W1} leaf9.example.com`, 'names are not looked up'],
    [`rotate ${W1} 10.20.1.9 dry-run`, 'Did you mean --dry-run?'],
    [`rotate ${W1} 10.20.1.9 10.20.1.9`, '10.20.1.9 is named twice.'],
    ['peers ::ffff:10.20.1.1', 'Type 10.20.1.1.'],
    ['restart all', 'Did you mean --all?'],
    ['restart Stale', 'Did you mean --stale?'],
    [`show ${W1} ${W2}`, 'show does not take'],
    ['show <mailto:worker1@rack.example.com|worker1@rack.example.com>', `Did you mean ${W1}?`],
    ['please show worker1', 'Type help'],
    ['👍', 'Type help'],
    ['- 1.', 'Type help'],
    // An emoji in the place of a name is no decoration.
    ['show 🚀', 'Type nodes'],
  ])('%j is refused, and says what to do: %s', async (typed, next) => {
    const world = await openWorld();
    const told = await asked(world, typed);
    expect(told).toMatch(/^[a-z_]+: /);
    expect(told).toContain(next);
    expect(world.records('change.proposed')).toEqual([]);
  });

  test('a reason keeps its emoji, its list and who is mentioned in it', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(
      `rotate ${W1} 10.20.1.9 --reason 🔥 leaf1 and leaf2 :fire: to spare`,
    );
    expect(change.parsed.flags.reason).toBe('🔥 leaf1 and leaf2 :fire: to spare');
  });
});
