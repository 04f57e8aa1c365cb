import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import {
  type Action,
  ALICE,
  AUDIT,
  BOB,
  CAROL,
  type Card,
  CHANGES,
  MALLORY,
  node,
  refusedWith,
  type Story,
  startStory,
} from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { type AnotherBot, startAnother } from './another-bot.ts';
import { watchEffects } from './effects.ts';
import { type AuditRetention, openTrail } from './trail.ts';

const DAVE = 'U05DAVE';
const ERIN = 'U06ERIN';
const FRANK = 'U07FRANK';
const LEADS = 'S02LEADS';

describe('clicks', () => {
  const effects = watchEffects();
  const bots: AnotherBot[] = [];
  let story: Story;
  let trail: AuditRetention;
  let decided: Card | undefined;
  beforeAll(async () => {
    story = await startStory({ policy: aPolicy(), interfere: effects.interfere });
    story.slack.control.setUser({ id: DAVE, name: 'dave' });
    story.slack.control.setUser({ id: ERIN, name: 'erin' });
    story.slack.control.setUser({ id: FRANK, name: 'frank' });
    story.slack.control.setUserGroup({ id: LEADS, users: [BOB, CAROL, DAVE, ERIN, FRANK] });
    trail = await openTrail(story.redis.url);
    expect(await story.ask(FRANK, 'whoami')).toMatch(/rotate +yes +yes/);
    story.slack.control.setUserGroup({ id: LEADS, users: [BOB, CAROL, DAVE, ERIN] });
  });
  afterAll(async () => {
    await trail?.close();
    for (const bot of bots) await bot.stop();
    await story?.stop();
  });

  const messageOf = ({ ts }: Card) => story.cards().find((one) => one.ts === ts);
  const events = async ({ id }: Card) => (await trail.of(id)).map(({ event }) => event);

  test.each([
    ['somebody who may not ask', MALLORY, 'guest'],
    ['an engineer who approves nothing', ALICE, 'not_an_approver'],
    ['the one who asked', BOB, 'own_change'],
  ])('lesson 3: command and button pass the same gate: %s', async (_, user, code) => {
    const card = await story.propose(BOB, `rotate ${node('worker2')} 10.20.2.9`);
    for (const action of ['approve', 'reject'] as const) {
      expect(await story.pressAndHear(user, card, action)).toMatch(refusedWith(code));
      expect(await story.ask(user, `${action} ${card.id}`)).toMatch(refusedWith(code));
    }
    const refused = (await trail.records()).filter(({ event }) => event === 'request.refused').slice(-4);
    for (const one of refused)
      expect(one).toMatchObject({ actor: { user, team: 'T01RACK' }, reason_code: code });
    expect(JSON.stringify(refused).split(card.id).length - 1).toBeGreaterThanOrEqual(4);
    expect(story.card(card)).toContain('🕓 proposed');
    await story.press(BOB, card, 'cancel');
    await eventually(() => expect(story.card(card)).toContain('withdrawn'));
  });

  test('lesson 3: a decision typed in a channel that the policy does not list is refused', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    try {
      const parsed = { channel: AUDIT, user: CAROL, command: '/bgp', text: `reject ${card.id}` };
      expect(await story.slack.control.command(parsed)).toMatchObject({ ok: true });
      const first = await trail.until(
        ({ change, event }) => change === card.id && event !== 'change.proposed',
      );
      expect(first).toMatchObject({ event: 'request.refused', reason_code: 'channel_not_listed' });
    } finally {
      await story.press(ALICE, card, 'cancel');
    }
  });

  test('lesson 3: a modal is no way around: it is weighed by who sends it, and when', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    const dialog = await story.dialog(CAROL, card, 'reject');
    await story.press(ALICE, card, 'cancel');
    await eventually(() => expect(story.card(card)).toContain('withdrawn'));
    await dialog.submit('too late');
    const refused = await trail.until(
      ({ event, change }) => event === 'request.refused' && change === card.id,
    );
    expect(refused).toMatchObject({ actor: { user: CAROL }, reason_code: 'not_open' });
    expect(story.card(card)).not.toContain('rejected');
  });

  test('lesson 3: a job that comes by itself passes the same gate: nothing runs that nobody approved', async () => {
    const before = effects.count('write') + effects.count('evict');
    const open = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    const rejected = await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9`);
    await story.reject(CAROL, rejected);
    await eventually(() => expect(story.card(rejected)).toContain('⛔ rejected'));
    for (const { id } of [open, rejected]) await trail.addJob(`${id}.999`);
    await eventually(async () => expect(await trail.openJobs()).toBe(0));
    expect(effects.count('write') + effects.count('evict')).toBe(before);
    for (const card of [open, rejected]) expect(await events(card)).not.toContain('change.started');
    expect(story.card(open)).toContain('🕓 proposed');
    await story.press(ALICE, open, 'cancel');
  });

  test('lesson 9: a double click and two approvers in the same instant start one execution', async () => {
    const writes = effects.count('write');
    const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    const click = (user: string) => story.press(user, card, 'approve');
    await Promise.all([click(BOB), click(BOB), click(CAROL), click(CAROL)]);
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    await eventually(async () => expect(await trail.openJobs()).toBe(0));
    const all = await events(card);
    for (const once of ['change.approved', 'change.started', 'change.succeeded'])
      expect(all.filter((event) => event === once)).toHaveLength(1);
    expect(effects.count('write')).toBe(writes + 1);
    // The three who came too late were told so.
    expect(all.filter((event) => event === 'request.refused')).toHaveLength(3);
  });

  test('lesson 11: a decided card loses its buttons and keeps the name of who decided', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9`);
    expect(JSON.stringify(messageOf(card)?.blocks)).toContain('"actions"');
    await story.reject(CAROL, card);
    await eventually(() => expect(story.card(card)).toContain('⛔ rejected'));
    expect(JSON.stringify(messageOf(card)?.blocks)).not.toContain('"actions"');
    expect(story.card(card)).toContain(`rejected by <@${CAROL}>`);
  });

  test('lesson 10: buttons work after a restart of the bot', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9,10.20.3.2`);
    await story.bot.stop();
    bots.push(await startAnother(story));
    await story.carryOut(card, '✅ succeeded');
    expect(story.cards().filter(({ text }) => text.includes(`${card.id} `))).toHaveLength(1);
  });

  test.each<readonly [string, Action]>([
    ['Approve…', 'approve'],
    ['Reject', 'reject'],
    ['Withdraw', 'cancel'],
    ['Check again', 'resume'],
    ['Roll back', 'rollback'],
  ])('lesson 10: no click is ever silent, also for those who may not: %s', async (_, action) => {
    decided ??= await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    const card = decided;
    if (!story.card(card).includes('⛔')) await story.reject(BOB, card);
    await eventually(() => expect(story.card(card)).toContain('⛔ rejected'));
    for (const user of [MALLORY, ALICE, BOB]) {
      const told = await story.pressAndHear(user, card, action);
      expect(told).toMatch(/^🚫 /);
      expect(told).toContain('→ ');
    }
    expect(story.slack.control.messages(CHANGES).filter(({ text }) => text.includes('failed with'))).toEqual(
      [],
    );
  });

  test('lesson 8: every click authorises the clicker anew', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9`);
    story.slack.control.setUser({ id: DAVE, deleted: true });
    expect(await story.pressAndHear(DAVE, card, 'approve')).toMatch(refusedWith('deactivated'));
    story.slack.control.setUser({ id: ERIN, isRestricted: true });
    expect(await story.pressAndHear(ERIN, card, 'approve')).toMatch(refusedWith('guest'));
    // Out of the group since the first test, and groups are remembered for at most half a minute: this is the last test.
    await eventually(async () => expect(await story.ask(FRANK, 'whoami')).toMatch(/rotate +no +no/), 45_000);
    expect(await story.pressAndHear(FRANK, card, 'approve')).toMatch(refusedWith('not_an_approver'));
    expect(story.card(card)).toContain('Approvals 0 of 1');
    await story.press(ALICE, card, 'cancel');
  });
});
