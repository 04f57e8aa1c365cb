import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { keepAvailable } from '../cluster/budget.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, CAROL, type Card, node, refusedWith, type Story, startStory } from '../stories/story.ts';
import { type AuditRetention, openTrail } from './trail.ts';

/** The sandbox's policy, with budgets that are waited for a few seconds only. */
function impatientPolicy(): string {
  const policy = parse(sandboxPolicy());
  policy.targets[0].timeouts = { eviction: '3s' };
  return stringify(policy);
}

describe('authority at the effect', () => {
  let story: Story;
  let trail: AuditRetention;
  beforeAll(async () => {
    story = await startStory({ policy: impatientPolicy() });
    trail = await openTrail(story.redis.url);
  }, 60_000);
  afterAll(async () => {
    await trail?.close();
    await story?.stop();
  });

  test('lesson 46: who approved what waits behind a halted change has to be there when it starts', async () => {
    const lift = await keepAvailable(story.cluster.kubeconfig, 'tmm-stays', 3);
    const halted: Card = await story.propose(ALICE, `restart ${node('worker3')}`);
    await story.carryOut(halted, '🛑 halted');
    const waiting = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    await story.press(BOB, waiting, 'approve');
    await eventually(() => expect(story.card(waiting)).toContain(`Waits: ${halted.id} halted`));
    story.slack.control.setUser({ id: BOB, deleted: true });
    await story.press(ALICE, halted, 'close');
    await eventually(() => expect(story.card(waiting)).toContain('🕓 proposed'));
    expect(story.card(waiting)).toContain('does not count any more: the account is deactivated');
    expect((await trail.of(waiting.id)).at(-1)).toMatchObject({
      event: 'change.approval_void',
      reason_code: 'approval_void',
    });
    expect(await story.pressAndHear(BOB, waiting, 'approve')).toMatch(refusedWith('deactivated'));
    await story.press(CAROL, waiting, 'approve');
    await eventually(() => expect(story.card(waiting)).toContain('✅ succeeded'));
    story.slack.control.setUser({ id: BOB, deleted: false });
    await lift();
  }, 60_000);

  test('lesson 47: what a lead stopped, the requester does not resume alone', async () => {
    const lift = await keepAvailable(story.cluster.kubeconfig, 'tmm-stays-too', 3);
    const card = await story.propose(ALICE, `restart ${node('worker3')}`);
    await story.press(BOB, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('⏳ running'));
    await story.press(BOB, card, 'cancel');
    await eventually(() => expect(story.card(card)).toContain('🛑 halted'));
    expect(await story.pressAndHear(ALICE, card, 'resume')).toMatch(refusedWith('stopped_by_another'));
    await lift();
    await story.press(CAROL, card, 'resume');
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'), 40_000);
  }, 60_000);
});
