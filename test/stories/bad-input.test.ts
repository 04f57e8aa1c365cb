import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ALICE, node, refusedWith, type Story, startStory } from './story.ts';

const WORKER1 = node('worker1');

/** What somebody types, the code of the refusal, and what the answer must say: what to type instead. */
const ROWS: readonly (readonly [what: string, parsed: string, code: string, says: string])[] = [
  ['an unknown verb', 'rotat x', 'unknown_verb', 'Did you mean rotate?'],
  ['a verb that is like none', 'frobnicate', 'unknown_verb', 'help'],
  ['an unknown node', 'show worker9.rack.example.com', 'unknown_node', WORKER1],
  ['an unknown node in a change', 'rotate worker11.rack.example.com 10.20.1.9', 'unknown_node', WORKER1],
  ['a short node name', 'rotate worker1 10.20.1.9', 'short_node_name', WORKER1],
  ['an unknown lookup', `rotate ${WORKER1} 10.20.1.9 --lookup spk-tor-bpg`, 'unknown_lookup', 'spk-tor-bgp'],
  ['an unknown target', `rotate ${WORKER1} 10.20.1.9 --target rak`, 'unknown_target', 'rack'],
  ['an unknown flag', `rotate ${WORKER1} 10.20.1.9 --lokup x`, 'unknown_flag', '--lookup'],
  ['no address', `rotate ${WORKER1}`, 'missing_argument', '10.20.1.9'],
  ['not an address', `rotate ${WORKER1} router1`, 'not_an_address', '10.20.1.9'],
  ['a number too many', `rotate ${WORKER1} 10.20.1.256`, 'not_an_address', '10.20.1.256'],
  ['a mask', `rotate ${WORKER1} 10.20.1.9/24`, 'address_with_mask', 'without /24'],
  ['a port', `rotate ${WORKER1} 10.20.1.9:179`, 'address_with_port', 'without :179'],
  ['a port behind brackets', `rotate ${WORKER1} [2001:db8::9]:179`, 'address_with_port', '2001:db8::9'],
  [
    'the wrong family',
    `rotate ${WORKER1} 2001:db8::9 --lookup spk-tor-bgp`,
    'wrong_family',
    'spk-tor-bgp-v6',
  ],
  ['multicast', `rotate ${WORKER1} 224.0.0.5`, 'address_multicast', 'multicast'],
  ['multicast, IPv6', `rotate ${WORKER1} ff02::5`, 'address_multicast', 'multicast'],
  ['unspecified', `rotate ${WORKER1} 0.0.0.0`, 'address_unspecified', '0.0.0.0'],
  ['unspecified, IPv6', `rotate ${WORKER1} ::`, 'address_unspecified', '::'],
  ['loopback', `rotate ${WORKER1} 127.0.0.1`, 'address_loopback', 'loopback'],
  ['link-local', `rotate ${WORKER1} 169.254.1.1`, 'address_link_local', 'link'],
  ['link-local, IPv6', `rotate ${WORKER1} fe80::1`, 'address_link_local', 'link-local'],
  ['the same address twice', `rotate ${WORKER1} 10.20.1.9,10.20.1.9`, 'address_duplicate', 'twice'],
  ['an address that is there already', `rotate ${WORKER1} 10.20.1.1`, 'nothing_to_do', '10.20.1.1'],
  [
    'a node that is mapped already',
    `add ${WORKER1} 10.20.1.9`,
    'node_already_mapped',
    `rotate ${WORKER1} 10.20.1.9`,
  ],
  [
    'a node that is not mapped',
    `rotate ${node('worker4')} 10.20.4.9`,
    'node_not_mapped',
    `add ${node('worker4')} 10.20.4.9`,
  ],
  ['removing what is not mapped', `remove ${node('worker4')}`, 'node_not_mapped', 'worker4'],
  ['restarting where no TMM is', `restart ${node('worker4')}`, 'no_tmm_pods', 'worker4'],
  ['replacing an address nobody has', 'rotate 10.99.0.1=10.99.0.2', 'address_not_mapped', '10.99.0.1'],
  ['an unknown change', 'status BGP-99', 'unknown_change', 'changes'],
  ['approving an unknown change', 'approve BGP-99', 'unknown_change', 'changes'],
];

describe('bad input', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story?.stop());

  test.each(ROWS)(
    '%s is answered to the asker alone: what was wrong, what to type instead',
    async (_, parsed, code, says) => {
      const told = await story.ask(ALICE, parsed);
      expect(told).toMatch(refusedWith(code));
      expect(told).toContain(says);
    },
  );

  test('in all these cases nothing changes, no card appears, and each is a record', async () => {
    expect(await story.lookup('spk-tor-bgp')).toEqual({
      [WORKER1]: '10.20.1.1',
      [node('worker2')]: '10.20.2.1',
      [node('worker3')]: '10.20.3.1,10.20.3.2',
    });
    expect(await story.lookup('spk-tor-bgp-v6')).toEqual({
      [WORKER1]: '2001:db8:20:1::1',
      [node('worker2')]: '2001:db8:20:2::1',
    });
    expect(story.cards()).toEqual([]);
  });

  test('what no one expected is answered, not fallen over', async () => {
    const odd = [
      '"',
      '--',
      '--reason',
      '\u202erotate',
      '🙂',
      `show ${'x'.repeat(294)}🙂`,
      '\ud83d',
      '<!channel>',
      'rotate '.repeat(200),
      '=',
      'rotate = =',
      `show ${'x'.repeat(2900)}`,
    ];
    for (const parsed of odd) expect(await story.ask(ALICE, parsed)).toMatch(/^(🚫|Commands of)/);
  });

  test('in a channel that the policy does not list, the asker is told where to go', async () => {
    const told = await story.ask(ALICE, 'show', 'C02AUDIT');
    expect(told).toMatch(refusedWith('channel_not_listed'));
    expect(told).toContain('<#C01CHANGES>');
  });
});
