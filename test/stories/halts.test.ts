import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, type Card, difference, node, type Story, startStory } from './story.ts';

/** The sandbox's policy with gates that give up soon, and clocks that run out. */
function impatientPolicy(): string {
  const policy = parse(sandboxPolicy());
  policy.targets[0].timeouts = { eviction: '3s', successor: '20s', session: '6s', hold: '2s' };
  return stringify(policy);
}

describe('a gate that does not hold', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ policy: impatientPolicy() });
  });
  afterAll(() => story?.stop());

  test('a peer that does not come up halts the change, names it, and leaves the other nodes alone', async () => {
    const before = await story.pods();
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.77`);
    const told = await story.carryOut(card, '🛑 halted');
    expect(told).toContain('10.20.1.77');
    expect(told).toContain('*Try*  ');
    const after = await story.pods();
    expect(after.get(node('worker2'))).toBe(before.get(node('worker2')));
    expect(after.get(node('worker3'))).toBe(before.get(node('worker3')));
  });

  test('Roll back proposes what undoes it; approved, the old peer is back and the halted change says so', async () => {
    const halted = cardOf(story, 'BGP-1');
    expect(story.card(halted)).toContain('Check again');
    await story.press(ALICE, halted, 'rollback');
    const undo = await eventually(() => cardOf(story, 'BGP-2'));
    expect(story.card(undo)).toMatch(difference(node('worker1'), '10.20.1.77', '10.20.1.1'));
    await story.carryOut(undo, '✅ succeeded');
    await eventually(() => expect(story.card(halted)).toContain('rolled back'));
    expect(story.card(halted)).not.toContain('Check again');
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker1')]).toBe('10.20.1.1');
    expect(await story.ask(ALICE, `show ${node('worker1')}`)).toMatch(/10\.20\.1\.1 +Established/);
  });

  test('Check again goes on where it stopped, once the router is there', async () => {
    story.routers.set('10.20.1.9', false);
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    await story.carryOut(card, '🛑 halted');
    const uids = await story.pods();
    story.routers.set('10.20.1.9', true);
    await story.press(ALICE, card, 'resume');
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    expect(await story.pods()).toEqual(uids);
  });

  test('a finished change is rolled back by its id, unless somebody changed its keys since', async () => {
    const card = await story.propose(BOB, 'rollback BGP-3');
    expect(story.card(card)).toContain(`+ ${node('worker1')}: 10.20.1.1`);
    await story.press(BOB, card, 'cancel');
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
      body: [{ op: 'replace', path: `/data/${node('worker1')}`, value: '10.20.1.2' }],
    });
    await eventually(async () => {
      const told = await story.ask(ALICE, 'rollback BGP-3 --dry-run');
      expect(told).toContain('mapping_changed_meanwhile');
      expect(told).toContain('10.20.1.2');
    });
  });

  test('what cannot be rolled back is refused with its state', async () => {
    expect(await story.ask(ALICE, 'rollback BGP-2')).toMatch(/rollback|BGP-2/);
    expect(await story.ask(ALICE, 'rollback BGP-99')).toContain('unknown_change');
    expect(await story.ask(ALICE, 'resume BGP-3')).toContain('not_open');
  });

  test('a TMM that lands on a node without a mapping is a halt, not a success', async () => {
    await story.core.patchNode({
      name: node('worker2'),
      body: [{ op: 'add', path: '/spec/unschedulable', value: true }],
    });
    const card = await story.propose(ALICE, `restart ${node('worker2')}`);
    const told = await story.carryOut(card, '🛑 halted');
    expect(told).toContain(node('worker4'));
    expect(told).not.toContain('Roll back');
    await story.press(ALICE, card, 'close');
    await eventually(() => expect(story.card(card)).toContain('🏳️ closed'));
    await story.core.patchNode({
      name: node('worker2'),
      body: [{ op: 'remove', path: '/spec/unschedulable' }],
    });
  });

  test('a running change that is asked to stop stops before its next effect', async () => {
    const card = await story.propose(ALICE, 'restart --all');
    await story.press(BOB, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('Stop now'));
    await story.press(ALICE, card, 'cancel');
    await eventually(() => expect(story.card(card)).toMatch(/🛑 halted|✅ succeeded/));
    expect(story.card(card)).not.toContain('✅ succeeded');
  });
});

describe('a clock that runs out', () => {
  test('a change that nobody approves expires by itself', async () => {
    const policy = parse(sandboxPolicy());
    policy.rules[0].approveBy = '2s';
    const story = await startStory({ policy: stringify(policy) });
    try {
      const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
      await eventually(() => expect(story.card(card)).toContain('⌛ expired'));
      expect(story.card(card)).not.toContain('Withdraw');
      expect((await story.lookup('spk-tor-bgp'))?.[node('worker4')]).toBeUndefined();
    } finally {
      await story.stop();
    }
  });
});

function cardOf(story: Story, id: string): Card {
  const found = story.cards().find(({ text }) => text.includes(`${id} `));
  if (found === undefined) throw new Error(`there is no card of ${id}`);
  return { id, ts: found.ts };
}
