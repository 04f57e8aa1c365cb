import { describe, expect, test } from '@jest/globals';
import { meantCommand } from '../../src/domain/change/command-text.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
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
    `show node ${W1}`,
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
    `rotate node ${W1} 10.20.1.9`,
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
    [`rotate ${W1} from 10.20.1.1 to 10.20.1.9`, 'takes no node'],
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
    ['rotate 10.20.1.9 worker1.rack.example.com', `Type rotate ${W1} 10.20.1.9`],
    [`rotate 10.20.1.9, 10.20.1.8 on ${W1}`, `Type rotate ${W1} 10.20.1.9,10.20.1.8`],
    ['add 10.20.4.1 to worker4.rack.example.com', 'Type add worker4.rack.example.com 10.20.4.1'],
    ['rotate 10.20.1.9=10.20.1.1', 'the old address, which comes first: rotate 10.20.1.1=10.20.1.9'],
    [`rotate ${W1} 10.20.1.9 255.255.255.0`, '255.255.255.0 is a mask; a peer is one address.'],
    [`rotate ${W1} 250.1.2.3`, '250.1.2.3 is in 240.0.0.0/4'],
    ['peers worker1', 'The peers of a node: show worker1'],
    [`rotate ${W1} 10.20.1.9 because the fan is broken`, 'If it begins the reason: --reason because …'],
    [`rotate ${W1} 10.20.1.9 reason: broken`, 'Did you mean --reason:?'],
    [`rotate ${W1} 10.20.1.9 — reason broken`, 'Did you mean --reason?'],
    [`rotate ${W1} 10.20.1.9 ${W2} 10.20.2.9`, 'names are not looked up'],
    [`rotate ${W1} 10.20.1.1 - 10.20.1.9`, 'is not an IP address'],
    [`restart ${W1} -- reason broken`, 'Did you mean --reason?'],
    [`rotate ${W1} 10.20.1.1=10.20.1.9`, 'Type rotate 10.20.1.1=10.20.1.9, or rotate NODE with all'],
    [`rotate ${W1}: 10.20.1.1=10.20.1.9`, 'takes no node'],
    ['rotate 10.20.1.1 -> 10.20.1.9 on worker1', 'takes no node'],
    [`remove ${W1} 10.20.1.1`, 'To give it other peers: rotate NODE IP[,IP…]'],
    [`remove 10.20.1.1 from ${W1}`, 'This is about the whole node.'],
    ['restart --all --at 22:00', 'a change cannot be scheduled'],
    ['show worker1 -n spk-ingress', 'Did you mean --target?'],
    [`rotate ${W1} 10.20.1.9 -m broken`, 'Did you mean --reason?'],
    ['show nodes', 'Did you mean nodes?'],
    ['show ip bgp summary', 'Did you mean show?'],
    ['BGP-142', 'Did you mean status BGP-142?'],
    ['#142', 'Did you mean status BGP-142?'],
    ['10.20.1.1', 'Did you mean peers 10.20.1.1?'],
    [`${W1}   Ready    worker   5d   v1.27.3`, `Did you mean show ${W1}?`],
    ['show BGP-142', 'Type status BGP-142.'],
    ['history bgp-142.', 'Type status BGP-142.'],
    [`status ${W1}`, `There is no change "${W1}": an id is like BGP-142.`],
    ['approve worker1', 'history NODE'],
    ['unfreeze rack', 'Type unfreeze [--target NAME]'],
    [`rotate ${W1} 10.20.1.9 --lookup spk-tor-bpg`, 'Did you mean spk-tor-bgp?'],
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

  test.each([
    `rotate ${W1} 10.20.1.9 --lookup configmap/spk-tor-bgp`,
    `rotate ${W1} 10.20.1.9 --lookup spk-ingress/spk-tor-bgp`,
    `rotate ${W1} 10.20.1.9 --lookup \`spk-tor-bgp\`.`,
    `rotate ${W1} 10.20.1.9 --target Rack.`,
  ])('%j names a lookup or a target as a card and kubectl do', async (typed) => {
    expect(await asked(await openWorld(), `${typed} --dry-run`)).toContain(`+ ${W1}: 10.20.1.9`);
  });

  test.each(['add worker4.rack.example.com with 10.20.4.1', 'add worker4.rack.example.com to 10.20.4.1'])(
    '%j maps the node',
    async (typed) => {
      const world = await openWorld();
      world.cluster.tmms.setNode('worker4.rack.example.com');
      expect(await asked(world, `${typed} --dry-run`)).toContain('+ worker4.rack.example.com: 10.20.4.1');
    },
  );

  test.each(['show all', 'show *', 'verify All'])('%j is about every node', async (typed) => {
    expect(await asked(await openWorld(), typed)).toMatch(/^(?:Top-of-Rack BGP of rack|Verified rack)/);
  });

  test('the button of a refused mask or reason runs what was meant', async () => {
    const world = await openWorld();
    for (const typed of ['10.20.1.9/32', '10.20.1.9:179', '10.20.1.9 urgent', '10.20.1.9 -- reason r1']) {
      const text = `rotate ${W1} ${typed}`;
      const refusal = await world.alice.submit(text);
      const meant = isRefusal(refusal) && refusal.meant ? meantCommand(text, refusal.meant) : undefined;
      expect(await asked(world, `${meant} --dry-run`)).toContain(`+ ${W1}: 10.20.1.9`);
    }
  });

  test.each(['help /rotate', 'help rotate?', 'help Rotate.'])('%j is the usage of rotate', async (typed) => {
    expect(await asked(await openWorld(), typed)).toMatch(/^\/bgp rotate\n/);
  });

  test.each(['status BGP 1', 'status bgp 1.', 'status change 1', 'status *BGP 1*', 'audit BGP- 1'])(
    '%j names the change',
    async (typed) => {
      const world = await openWorld();
      await world.alice.propose(`rotate ${W1} 10.20.1.9`);
      expect(await asked(world, typed)).toMatch(/^(?:BGP-1 rotate|The records of BGP-1)/);
    },
  );

  test('a reason may follow an id with a blank in it', async () => {
    const world = await openWorld();
    await world.alice.propose(`rotate ${W1} 10.20.1.9`);
    await world.bob.submit('reject BGP 1 not before Monday');
    expect(await world.change('BGP-1')).toMatchObject({
      state: 'rejected',
      outcome: { sentence: 'not before Monday' },
    });
  });

  test('words after an id that takes none are offered to be left out', async () => {
    const world = await openWorld();
    await world.alice.propose(`rotate ${W1} 10.20.1.9`);
    const refusal = await world.alice.submit('cancel BGP-1 wrong node');
    expect(refusal).toMatchObject({
      reasonCode: 'unknown_argument',
      sentence: 'cancel does not take "wrong node".',
      meant: { typed: 'BGP-1 wrong node', name: 'BGP-1' },
    });
  });

  test('a reason keeps its emoji, its list and who is mentioned in it', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(
      `rotate ${W1} 10.20.1.9 --reason 🔥 leaf1 and leaf2 :fire: to spare`,
    );
    expect(change.parsed.flags.reason).toBe('🔥 leaf1 and leaf2 :fire: to spare');
  });
});
