import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import {
  ALICE,
  BOB,
  CAROL,
  type Card,
  CHANGES,
  node,
  refusedWith,
  type Story,
  startStory,
} from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { type AnotherBot, startAnother } from './another-bot.ts';
import { watchEffects } from './effects.ts';
import { buttonValue, clickBody, commandBody, payloadBody, sendSigned } from './signed-slack.ts';
import { type AuditRetention, openTrail } from './trail.ts';

describe('Slack', () => {
  const effects = watchEffects();
  let story: Story;
  let other: AnotherBot;
  let trail: AuditRetention;
  let open: Card | undefined;
  beforeAll(async () => {
    story = await startStory({ slackMode: 'http', policy: aPolicy(), interfere: effects.interfere });
    other = await startAnother(story);
    trail = await openTrail(story.redis.url);
  });
  afterAll(async () => {
    await trail?.close();
    await other?.stop();
    await story?.stop();
  });

  const heardBy = (user: string) =>
    story.slack.control.messages(CHANGES).filter(({ ephemeral_to: to }) => to === user);
  const cardOf = async (body: string, port?: string) => {
    const known = new Set(story.cards().map(({ ts }) => ts));
    expect(await sendSigned(story, body, port === undefined ? {} : { port })).toBe(200);
    return eventually(() => {
      const fresh = story.cards().find(({ ts }) => !known.has(ts));
      if (fresh === undefined) throw new Error('no card yet');
      return fresh;
    });
  };

  test('lesson 12: every interaction is acknowledged at once; the work happens elsewhere', async () => {
    const letGo = effects.holdAll();
    const before = heardBy(ALICE).length;
    // The cluster says nothing at all, and yet Slack has its acknowledgement.
    const parsed = { channel: CHANGES, user: ALICE, command: '/bgp', text: `show ${node('worker1')}` };
    expect(await story.slack.control.command(parsed)).toMatchObject({ ok: true });
    expect(heardBy(ALICE)).toHaveLength(before);
    letGo();
    await eventually(() => expect(heardBy(ALICE)).toHaveLength(before + 1));
    expect(JSON.stringify(heardBy(ALICE).at(-1))).toContain('10.20.1.1');
  });

  test('lesson 15: an envelope that arrives twice acts once', async () => {
    const body = commandBody({ user: ALICE }, `add ${node('worker4')} 10.20.4.1`);
    const card = await cardOf(body);
    expect(await sendSigned(story, body)).toBe(200);
    expect(await sendSigned(story, body, { port: other.port })).toBe(200);
    const id = /BGP-\d+/.exec(card.text)?.[0] ?? '';
    const click = clickBody({ user: CAROL }, 'cancel', buttonValue(card, 'approve'), card.ts);
    for (const port of [other.port, story.env.PORT ?? '', other.port])
      expect(await sendSigned(story, click, { port })).toBe(200);
    await trail.until(({ change, event }) => change === id && event === 'change.withdrawn');
    // What comes after all of them shows that nothing else came of them.
    await story.ask(ALICE, 'changes');
    const records = await trail.records();
    expect(records.filter(({ event }) => event === 'change.proposed')).toHaveLength(1);
    expect(records.filter(({ change }) => change === id).map(({ event }) => event)).toEqual([
      'change.proposed',
      'change.withdrawn',
    ]);
  });

  test('lesson 16: any replica may get any event: no state lives in a process', async () => {
    const card = await cardOf(commandBody({ user: ALICE }, `rotate ${node('worker2')} 10.20.2.9`));
    const id = /BGP-\d+/.exec(card.text)?.[0] ?? '';
    const click = clickBody({ user: BOB }, 'approve', buttonValue(card, 'approve'), card.ts);
    expect(await sendSigned(story, click, { port: other.port })).toBe(200);
    await eventually(() => expect(story.card({ id, ts: card.ts })).toContain('✅ succeeded'));
    for (const port of [story.env.PORT ?? '', other.port]) {
      const before = heardBy(BOB).length;
      expect(await sendSigned(story, commandBody({ user: BOB }, `status ${id}`), { port })).toBe(200);
      await eventually(() => expect(heardBy(BOB)).toHaveLength(before + 1));
      expect(JSON.stringify(heardBy(BOB).at(-1))).toContain('succeeded');
    }
    expect(story.cards().filter(({ text }) => text.includes(`${id} `))).toHaveLength(1);
  });

  test.each([
    ['a guest', 'U11GUEST', { isRestricted: true }, 'guest'],
    ['a guest of one channel', 'U12GUEST', { isUltraRestricted: true }, 'guest'],
    ['somebody deactivated', 'U13GONE', { deleted: true }, 'deactivated'],
    ['a bot', 'U14BOT', { isBot: true }, 'bot'],
    ['a stranger from Slack Connect', 'U15STRANGER', { teamId: 'T99OTHER' }, 'other_workspace'],
  ])('lesson 17: guests, strangers from Slack Connect and bots are denied: %s', async (_, id, is, code) => {
    // A lead by every list there is, and still denied.
    story.slack.control.setUser({ id, ...is });
    story.slack.control.setUserGroup({ id: 'S02LEADS', users: [BOB, CAROL, id] });
    open ??= await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9`);
    const card = open;
    expect(await story.ask(id, `rotate ${node('worker3')} 10.20.3.9`)).toMatch(refusedWith(code));
    expect(await story.ask(id, 'show')).toMatch(refusedWith(code));
    expect(await story.ask(id, `approve ${card.id}`)).toMatch(refusedWith(code));
    expect(await story.pressAndHear(id, card, 'approve')).toMatch(refusedWith(code));
    expect(story.card(card)).toContain('Approvals 0 of 1');
    const refused = (await trail.records()).filter(({ actor }) => actor !== 'bot' && actor.user === id);
    expect(refused.map(({ reason_code }) => reason_code)).toEqual([code, code, code, code]);
  });

  test('lesson 17: who says to be of this team, and is not, is denied', async () => {
    story.slack.control.setUser({ id: 'U16LIAR', teamId: 'T99OTHER' });
    expect(await sendSigned(story, commandBody({ user: 'U16LIAR', team: 'T01RACK' }, 'show'))).toBe(200);
    const claimed = await trail.until(({ actor }) => actor !== 'bot' && actor.user === 'U16LIAR');
    expect(claimed).toMatchObject({ event: 'request.refused', reason_code: 'other_workspace' });
    // And one of ours, in the clothes of another team.
    expect(await sendSigned(story, commandBody({ user: BOB, team: 'T99OTHER' }, 'show'))).toBe(200);
    const dressed = await trail.until(({ actor }) => actor !== 'bot' && actor.team === 'T99OTHER');
    expect(dressed).toMatchObject({ event: 'request.refused', reason_code: 'other_workspace' });
  });

  test('lesson 12: what no message of ours offers is acknowledged as well', async () => {
    const who = { team: { id: 'T01RACK', domain: 'rack' }, user: { id: ALICE, team_id: 'T01RACK' } };
    for (const payload of [
      {
        ...who,
        type: 'view_submission',
        trigger_id: 't',
        view: { id: 'V1', type: 'modal', callback_id: 'none' },
      },
      { ...who, type: 'shortcut', trigger_id: 't', callback_id: 'none', action_ts: '1.0' },
    ])
      expect(await sendSigned(story, payloadBody(payload))).toBe(200);
  });
});
