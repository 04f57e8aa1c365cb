import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../src/sandbox/sandbox-policy.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, node, type Story, startStory } from './story.ts';

/** The sandbox's policy with gates that give up soon, and clocks that run out. */
function impatientPolicy(): string {
  const policy = parse(sandboxPolicy());
  policy.targets[0].timeouts = { eviction: '3s', successor: '20s', session: '6s' };
  return stringify(policy);
}

describe('a gate that does not hold', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ policy: impatientPolicy() });
  }, 60_000);
  afterAll(() => story?.stop());

  test('a peer that does not come up halts the change, names it, and leaves the other nodes alone', async () => {
    const before = await story.pods();
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.77`);
    const told = await story.carryOut(card, '🛑 halted', 40_000);
    expect(told).toContain('10.20.1.77');
    expect(told).toContain('💡 ');
    const after = await story.pods();
    expect(after.get(node('worker2'))).toBe(before.get(node('worker2')));
    expect(after.get(node('worker3'))).toBe(before.get(node('worker3')));
  }, 60_000);

  test('a TMM that lands on a node without a mapping is a halt, not a success', async () => {
    await story.core.patchNode({
      name: node('worker2'),
      body: [{ op: 'add', path: '/spec/unschedulable', value: true }],
    });
    const card = await story.propose(ALICE, `restart ${node('worker2')}`);
    const told = await story.carryOut(card, '🛑 halted', 40_000);
    expect(told).toContain(node('worker4'));
    await story.core.patchNode({
      name: node('worker2'),
      body: [{ op: 'remove', path: '/spec/unschedulable' }],
    });
  }, 60_000);

  test('a running change that is asked to stop stops before its next effect', async () => {
    const card = await story.propose(ALICE, 'restart --all');
    await story.press(BOB, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('Stop before the next step'));
    await story.press(ALICE, card, 'cancel');
    await eventually(() => expect(story.card(card)).toMatch(/halted|cancelled|done/), 40_000);
    expect(story.card(card)).not.toContain('✅ done');
  }, 60_000);
});

describe('a clock that runs out', () => {
  test('a change that nobody approves expires by itself', async () => {
    const policy = parse(sandboxPolicy());
    policy.rules[0].approveBy = '2s';
    const story = await startStory({ policy: stringify(policy) });
    try {
      const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
      await eventually(() => expect(story.card(card)).toContain('⌛ expired'), 20_000);
      expect(story.card(card)).not.toContain('Withdraw');
      expect((await story.lookup('spk-tor-bgp'))?.[node('worker4')]).toBeUndefined();
    } finally {
      await story.stop();
    }
  }, 60_000);
});
