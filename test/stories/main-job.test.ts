import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import {
  ALICE,
  BOB,
  CAROL,
  difference,
  MALLORY,
  node,
  refusedWith,
  type Story,
  startStory,
} from './story.ts';

const WORKER1 = node('worker1');

describe.each(['socket', 'http'] as const)('the life of a change, Slack by %s', (slackMode) => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ slackMode });
  });
  afterAll(() => story?.stop());

  test('rotate: a card with the difference, approved by a colleague, and BGP comes back', async () => {
    const before = await story.pods();
    const card = await story.propose(ALICE, `rotate ${WORKER1} 10.20.1.9 --reason "new top-of-rack"`);
    expect(story.card(card)).toContain('needs 1 of leads');
    expect(story.card(card)).toContain('new top-of-rack');
    expect(story.card(card)).toMatch(difference(WORKER1, '10.20.1.1', '10.20.1.9'));
    expect(story.card(card)).toContain('1 of 3 TMM pods restart');
    expect((await story.lookup('spk-tor-bgp'))?.[WORKER1]).toBe('10.20.1.1');

    const told = await story.carryOut(card, '✅ succeeded');
    expect(told).toContain('✓ *worker1.rack* written in spk-tor-bgp');
    expect(told).toContain(`<@${BOB}>`);
    expect(told).not.toContain('Withdraw');
    expect((await story.lookup('spk-tor-bgp'))?.[WORKER1]).toBe('10.20.1.9');
    const after = await story.pods();
    expect(after.get(WORKER1)).not.toBe(before.get(WORKER1));
    expect(after.get(node('worker2'))).toBe(before.get(node('worker2')));
    expect(await story.ask(ALICE, `show ${WORKER1}`)).toMatch(/10\.20\.1\.9 +Established/);
    await eventually(() => {
      expect(story.thread(card)).toContain(`<@${BOB}> approved.`);
      expect(story.thread(card)).toContain('✅ Succeeded.');
      expect(story.audit()).toContain(`*${card.id}* ✅ succeeded`);
    });
  });

  test('the requester cannot approve, a guest cannot, an engineer cannot', async () => {
    const card = await story.propose(BOB, `rotate ${node('worker2')} 10.20.2.9`);
    expect(await story.pressAndHear(BOB, card, 'approve')).toMatch(refusedWith('own_change'));
    expect(await story.pressAndHear(MALLORY, card, 'approve')).toMatch(refusedWith('guest'));
    expect(await story.pressAndHear(ALICE, card, 'approve')).toMatch(refusedWith('not_an_approver'));
    expect(story.card(card)).toContain('Approvals 0 of 1');
    await story.press(BOB, card, 'cancel');
    await eventually(() => expect(story.card(card)).toContain('withdrawn'));
    expect(await story.pressAndHear(CAROL, card, 'approve')).toMatch(refusedWith('not_open'));
  });

  test('a rejection ends it, and says who and why', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.2`);
    const outcome = story.slack.control.command({
      channel: 'C01CHANGES',
      user: CAROL,
      command: '/bgp',
      text: `reject ${card.id} not tonight`,
    });
    expect(await outcome).toMatchObject({ ok: true });
    await eventually(() => {
      expect(story.card(card)).toContain('⛔ rejected');
      expect(story.card(card)).toContain('not tonight');
      expect(story.card(card)).toContain(`<@${CAROL}>`);
    });
  });

  test('a plan that the cluster has overtaken is stale at the click, and nothing happens', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9`);
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
      body: [{ op: 'replace', path: `/data/${node('worker3')}`, value: '10.20.3.1' }],
    });
    expect(await story.pressAndHear(BOB, card, 'approve')).toMatch(refusedWith('stale_plan'));
    await eventually(() => expect(story.card(card)).toContain('stale'));
    expect(story.card(card)).toMatch(difference(node('worker3'), '10.20.3.1', '10.20.3.9'));
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker3')]).toBe('10.20.3.1');
  });

  test('two approvals in the same instant start one execution', async () => {
    const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    await Promise.all([story.press(BOB, card, 'approve'), story.press(CAROL, card, 'approve')]);
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    await eventually(() => expect(story.thread(card).match(/Succeeded/g)).toHaveLength(1));
  });
});
