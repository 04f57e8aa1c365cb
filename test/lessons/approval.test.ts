import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import {
  ALICE,
  AUDIT,
  BOB,
  CAROL,
  difference,
  node,
  refusedWith,
  type Story,
  startStory,
} from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { watchEffects } from './effects.ts';
import { buttonValue, clickBody, sendSigned } from './signed-slack.ts';
import { type AuditRetention, openTrail } from './trail.ts';

const EMPTY = 'S09EMPTY';

describe('approval', () => {
  const effects = watchEffects();
  let story: Story;
  let trail: AuditRetention;
  beforeAll(async () => {
    const policy = aPolicy((file) => {
      const [changes, pendingQueries] = file.rules;
      const rule = { ...changes, commands: ['remove'], approve: ['nobody-yet'] };
      file.groups['nobody-yet'] = { userGroups: [EMPTY] };
      file.rules = [
        { ...rule, name: 'hopeless' },
        { ...changes, name: 'short', commands: ['restart'], approveBy: '3s' },
        { ...changes, commands: ['add', 'rotate'] },
        pendingQueries,
      ];
    });
    story = await startStory({ slackMode: 'http', policy, interfere: effects.interfere });
    story.slack.control.setUserGroup({ id: EMPTY, users: [ALICE] });
    trail = await openTrail(story.redis.url);
  });
  afterAll(async () => {
    await trail?.close();
    await story?.stop();
  });

  const messageOf = (ts: string) => story.cards().find((one) => one.ts === ts);
  const patch = (short: string, value: string) =>
    story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
      body: [{ op: 'add', path: `/data/${node(short)}`, value }],
    });

  test('lesson 1: one digest goes from preview to card, to button, to execution, to audit', async () => {
    const parsed = `add ${node('worker4')} 10.20.4.1`;
    const preview =
      /Plan ([0-9a-f]{12})\./.exec(await story.ask(ALICE, `${parsed} --dry-run`))?.[1] ?? 'none';
    const card = await story.propose(ALICE, parsed);
    expect(story.card(card)).toContain(`fingerprint ${preview}`);
    const value: unknown = JSON.parse(buttonValue(messageOf(card.ts), 'approve'));
    expect(value).toEqual({ change: card.id, digest: expect.stringMatching(`^${preview}[0-9a-f]{52}$`) });

    // Another version of the plan is not what this one saw, whatever the button is said to carry.
    const other = JSON.stringify({ change: card.id, digest: preview.padEnd(64, '0') });
    expect(await sendSigned(story, clickBody({ user: BOB }, 'approve', other))).toBe(200);
    await trail.until(({ change, reason_code }) => change === card.id && reason_code === 'wrong_digest');
    expect(story.card(card)).toContain('Approvals 0 of 1');

    await story.carryOut(card, '✅ succeeded');
    const records = (await trail.of(card.id)).filter(({ event }) => event !== 'request.refused');
    expect(records.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['change.proposed', 'change.approved', 'change.started', 'change.succeeded']),
    );
    for (const { digest } of records) expect(digest).toMatch(new RegExp(`^${preview}`));
  });

  test('lesson 2: a stale plan is refused at the click, and the card then shows the new difference', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    await patch('worker2', '10.20.2.2');
    expect(await story.pressAndHear(BOB, card, 'approve')).toMatch(refusedWith('stale_plan'));
    await eventually(() => {
      expect(story.card(card)).toMatch(difference(node('worker2'), '10.20.2.2', '10.20.2.9'));
    });
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker2')]).toBe('10.20.2.2');
    expect((await trail.of(card.id)).map(({ event }) => event)).not.toContain('change.started');
  });

  test('lesson 2: a stale plan is refused at execution, and the card then shows the new difference', async () => {
    const held = effects.hold('write');
    const first = await story.propose(ALICE, `rotate ${node('worker1')} 2001:db8:20:1::9`);
    await story.press(BOB, first, 'approve');
    await held.met;
    // Approved while its plan still holds, and overtaken while it waits for its turn.
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    await story.press(BOB, card, 'approve');
    await trail.until(({ change, event }) => change === card.id && event === 'change.approved');
    await patch('worker2', '10.20.2.1');
    held.letGo();
    await eventually(() => expect(story.card(card)).toContain('♻️ stale'));
    expect(story.card(card)).toMatch(difference(node('worker2'), '10.20.2.1', '10.20.2.9'));
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker2')]).toBe('10.20.2.1');
    expect((await trail.of(card.id)).map(({ event }) => event)).not.toContain('change.started');
  });

  test('lesson 4: nobody approves their own change', async () => {
    const card = await story.propose(BOB, `rotate ${node('worker3')} 10.20.3.9`);
    expect(await story.pressAndHear(BOB, card, 'approve')).toMatch(refusedWith('own_change'));
    expect(await story.ask(BOB, `approve ${card.id}`)).toMatch(refusedWith('own_change'));
    expect(story.card(card)).toContain('Approvals 0 of 1');
    await story.press(BOB, card, 'cancel');
  });

  test('lesson 6: a request expires by itself, and its card says so', async () => {
    const card = await story.propose(ALICE, `restart ${node('worker3')}`);
    const pods = await story.pods();
    await eventually(() => expect(story.card(card)).toContain('⌛ expired'));
    expect(JSON.stringify(messageOf(card.ts))).not.toContain('"actions"');
    expect(await story.ask(CAROL, `approve ${card.id}`)).toMatch(refusedWith('not_open'));
    expect(await story.pods()).toEqual(pods);
  });

  test('lesson 7: a request that nobody can approve is refused when it is made, not left hanging', async () => {
    const cards = story.cards().length;
    const told = await story.ask(ALICE, `remove ${node('worker3')}`);
    expect(told).toMatch(refusedWith('nobody_can_approve'));
    expect(told).toContain('nobody-yet');
    expect(story.cards().length).toBe(cards);
    await eventually(() => {
      const notices = story.slack.control.messages(AUDIT).map(({ text }) => text);
      expect(notices.join('\n')).toContain('nobody_can_approve');
    });
  });
});
