import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aPolicy } from '../lessons/a-policy.ts';
import { logOf } from '../lessons/another-bot.ts';
import {
  buttonValue,
  clickBody,
  commandBody,
  payloadBody,
  type Sending,
  sendSigned,
} from '../lessons/signed-slack.ts';
import { type AuditRetention, openTrail } from '../lessons/trail.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, CAROL, type Card, CHANGES, node, type Story, startStory } from '../stories/story.ts';
import { everything, expectOwnLines, expectPlain, expectWhole } from './what-came-of-it.ts';

describe('hostile requests', () => {
  let story: Story;
  let trail: AuditRetention;
  /** Stays open, whatever is done to it. */
  let shared: Card;
  beforeAll(async () => {
    story = await startStory({
      slackMode: 'http',
      policy: aPolicy(),
      environment: async () => ({ REQUESTS_PER_MINUTE: '0' }),
    });
    trail = await openTrail(story.redis.url);
    shared = await openCard();
  });
  afterAll(async () => {
    await trail?.close();
    await story?.stop();
  });

  const heard = () =>
    story.slack.control.messages(CHANGES).filter(({ ephemeral_to: to }) => to !== undefined);
  const messageOf = ({ ts }: Card) => story.cards().find((one) => one.ts === ts);
  /** What one person is told after a request; fails when it is told to somebody else as well, or twice. */
  const toldAfter = async (user: string, act: () => Promise<unknown>): Promise<string> => {
    const before = heard().length;
    await act();
    await eventually(() => expect(heard().length).toBeGreaterThan(before));
    const [answer, ...more] = heard().slice(before);
    expect(more).toEqual([]);
    expect(answer?.ephemeral_to).toBe(user);
    return JSON.stringify(answer?.blocks);
  };
  /** Presses a button of a card as if it carried this. */
  const click = (user: string, action: string, value: string, { ts }: Card = shared) =>
    toldAfter(user, () =>
      story.slack.control.interact({
        channel: CHANGES,
        messageTs: ts,
        user,
        action: { block_id: 'decide', action_id: action, value },
      }),
    );
  const refusals = async () => (await trail.records()).filter(({ event }) => event === 'request.refused');

  test.each<readonly [string, Sending]>([
    ['not signed', { unsigned: true }],
    ['signed with another secret', { secret: 'not-the-secret' }],
    ['signed for another body', { sign: commandBody({ user: BOB }, 'show') }],
    ['signed six minutes ago', { ageSec: 360 }],
    ['signed for six minutes from now', { ageSec: -360 }],
    ['signed for next year', { ageSec: -365 * 86_400 }],
  ])('a command or a click is refused at the door, and leaves no trace, that is %s', async (_, how) => {
    const card = shared;
    const before = [(await trail.records()).length, heard().length];
    const bodies = [
      commandBody({ user: ALICE }, `rotate ${node('worker1')} 10.20.1.9`),
      clickBody({ user: BOB }, 'approve', buttonValue(messageOf(card), 'approve'), card.ts),
    ];
    for (const body of bodies) expect(await sendSigned(story, body, how)).toBe(401);
    expect(story.card(card)).toContain('Approvals 0 of 1');
    expect([(await trail.records()).length, heard().length]).toEqual(before);
  });

  test('a signed body that is played again, also on another day’s signature, acts once', async () => {
    const card = await openCard();
    const body = clickBody({ user: CAROL }, 'cancel', buttonValue(messageOf(card), 'approve'), card.ts);
    for (const ageSec of [0, 0, 100, -100]) expect(await sendSigned(story, body, { ageSec })).toBe(200);
    await eventually(() => expect(story.card(card)).toContain('withdrawn'));
    // A click of its own, which comes after them, is the first to hear that it is over.
    expect(await click(CAROL, 'cancel', buttonValueOf(card.id), card)).toContain('"not_open"');
    expect((await trail.of(card.id)).map(({ event }) => event)).toEqual([
      'change.proposed',
      'change.withdrawn',
      'request.refused',
    ]);
  });

  test.each([
    ['another team', { user: BOB, team: 'T99OTHER' }],
    ['no team', { user: BOB, team: '' }],
    ['somebody whom Slack does not know', { user: 'U99NOBODY', team: 'T01RACK' }],
    ['a name instead of an id', { user: 'bob', team: 'T01RACK' }],
    ['markup instead of an id', { user: '<!channel>', team: 'T01RACK' }],
  ])('a click in the name of %s is refused and recorded', async (_, who) => {
    const card = shared;
    const before = (await refusals()).length;
    expect(await sendSigned(story, clickBody(who, 'approve', buttonValue(messageOf(card), 'approve')))).toBe(
      200,
    );
    await eventually(async () => expect((await refusals()).length).toBe(before + 1));
    expect((await refusals()).at(-1)).toMatchObject({
      change: card.id,
      reason_code: expect.stringMatching(/^(other_workspace|people_unreachable)$/),
    });
    expect(story.card(card)).toContain('Approvals 0 of 1');
  });

  test('a button with another change’s id, another digest, or of a decided change approves nothing', async () => {
    const [one, other] = [await openCard('worker1'), await openCard('worker3')];
    const digest = (card: Card): string => JSON.parse(buttonValue(messageOf(card), 'approve')).digest;
    const says = (change: string, said: string) =>
      click(BOB, 'approve', JSON.stringify({ change, digest: said }), one);
    expect(await says(other.id, digest(one))).toContain('"wrong_digest"');
    expect(await says(one.id, digest(one).replace(/^.{12}/, '0'.repeat(12)))).toContain('"wrong_digest"');
    expect(await says(one.id, '')).toContain('"wrong_digest"');
    expect(await says('BGP-999', digest(one))).toContain('"unknown_change"');
    const old = digest(one);
    await withdraw(one);
    expect(await says(one.id, old)).toContain('"not_open"');
    for (const card of [one, other]) expect(story.card(card)).toContain('Approvals 0 of 1');
    const said = (await refusals()).slice(-5).map(({ reason_code }) => reason_code);
    expect(said).toEqual(['wrong_digest', 'wrong_digest', 'wrong_digest', 'unknown_change', 'not_open']);
    await withdraw(other);
  });

  test.each([
    ['no JSON', 'approve', 'BGP-1'],
    ['nothing', 'approve', ''],
    ['JSON of another kind', 'approve', '[1,2,3]'],
    ['a prototype', 'approve', '{"__proto__":{"change":"BGP-1","digest":"x"}}'],
    ['huge', 'approve', JSON.stringify({ change: 'B'.repeat(100_000), digest: 'x' })],
    ['deep', 'approve', '['.repeat(50_000)],
    ['of another app', 'deploy_production', '{"sha":"abc"}'],
  ])('a button whose value is %s does nothing, and is answered', async (_, action, value) => {
    const cards = story.cards().length;
    const told = await click(BOB, action, value);
    expect(told).toMatch(/"🚫 .*"→ ./s);
    expect(told).toContain('"not_open"');
    expect(story.cards().length).toBe(cards);
  });

  // Not yet: the click is answered before anybody who keeps the trail hears of it.
  test('a button that is none of ours leaves one record', async () => {
    const before = (await refusals()).length;
    await click(BOB, 'deploy_production', '{"sha":"abc"}');
    expect((await refusals()).length).toBe(before + 1);
  });

  test.each([
    ['more words than an id, undone', 'rollback', 'BGP-1 --allow-outage'],
    ['a flag, undone', 'rollback', '--help'],
    ['another command, undone', 'rollback', 'BGP-1\napprove BGP-1'],
    ['a mention, approved', 'approve', '<!channel>'],
    ['a path, approved', 'approve', '../../BGP-1'],
    ['a key, approved', 'approve', 'BGP-1:state'],
  ])('a button whose change is %s is data: it is refused and recorded', async (_, action, change) => {
    const before = (await refusals()).length;
    const told = await click(BOB, action, JSON.stringify({ change, digest: 'x' }));
    expect(told).toContain('"unknown_change"');
    expect(told).toContain('→ Type changes');
    const fresh = (await refusals()).slice(before);
    expect(fresh).toMatchObject([{ reason_code: 'unknown_change', actor: { user: BOB, team: 'T01RACK' } }]);
  });

  test('a view of which nobody knows, submitted twice, is acknowledged, does nothing, and is one record', async () => {
    const before = (await trail.records()).length;
    const body = payloadBody({
      type: 'view_submission',
      team: { id: 'T01RACK', domain: 'rack' },
      user: { id: BOB, team_id: 'T01RACK' },
      trigger_id: randomUUID(),
      view: {
        id: 'V1',
        type: 'modal',
        callback_id: 'approve',
        private_metadata: buttonValueOf('BGP-1'),
        state: { values: {} },
      },
    });
    for (let times = 0; times < 2; times += 1) expect(await sendSigned(story, body)).toBe(200);
    await story.ask(ALICE, 'changes');
    expect((await trail.records()).slice(before)).toMatchObject([
      { event: 'request.refused', reason_code: 'not_open', actor: { user: BOB } },
    ]);
  });

  /** A dialog as it is sent: what it remembers is what the bot put there, or what somebody says it did. */
  const dialogBody = (user: string, view: object) =>
    payloadBody({
      type: 'view_submission',
      team: { id: 'T01RACK', domain: 'rack' },
      user: { id: user, team_id: 'T01RACK' },
      trigger_id: randomUUID(),
      view: {
        id: `V${randomUUID()}`,
        type: 'modal',
        callback_id: 'reject',
        state: { values: { reason: { text: { type: 'plain_text_input', value: 'no' } } } },
        ...view,
      },
    });
  const memoryOf = (card: Card, more: object = {}): string =>
    JSON.stringify({ ...JSON.parse(buttonValueOf(card.id)), channel: CHANGES, ...more });

  test('a dialog that is sent twice acts once', async () => {
    const card = await openCard();
    const digest = JSON.parse(buttonValue(messageOf(card), 'approve')).digest;
    const body = dialogBody(CAROL, { private_metadata: memoryOf(card, { digest }) });
    for (let times = 0; times < 3; times += 1) expect(await sendSigned(story, body)).toBe(200);
    await eventually(() => expect(story.card(card)).toContain('⛔ rejected'));
    await story.ask(ALICE, 'changes');
    expect((await trail.of(card.id)).map(({ event }) => event)).toEqual([
      'change.proposed',
      'change.rejected',
    ]);
  });

  test.each([
    ['another digest', { digest: 'd'.repeat(64) }, 'wrong_digest'],
    ['a change that is not there', { change: 'BGP-999' }, 'unknown_change'],
    ['a change that is none', { change: '__proto__' }, 'unknown_change'],
    ['a channel that the policy does not list', { channel: 'C02AUDIT' }, 'channel_not_listed'],
  ])('a dialog that remembers %s decides nothing, and is a record', async (_, more, code) => {
    const digest = JSON.parse(buttonValue(messageOf(shared), 'approve')).digest;
    const body = dialogBody(CAROL, { private_metadata: memoryOf(shared, { digest, ...more }) });
    const told = (): number =>
      [CHANGES, 'C02AUDIT'].flatMap((channel) =>
        story.slack.control.messages(channel).filter(({ ephemeral_to: to }) => to === CAROL),
      ).length;
    const before = { refusals: (await refusals()).length, told: told() };
    expect(await sendSigned(story, body)).toBe(200);
    await eventually(() => expect(told()).toBe(before.told + 1));
    const fresh = (await refusals()).slice(before.refusals);
    expect(fresh).toMatchObject([{ reason_code: code, actor: { user: CAROL } }]);
    expect(story.card(shared)).toContain('🕓 proposed');
  });

  test('an answer never goes to a response_url that is not Slack’s', async () => {
    const elsewhere: string[] = [];
    const trap = createServer((request, response) => {
      elsewhere.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const { port } = trap.address() as AddressInfo;
    try {
      for (const url of [
        `http://127.0.0.1:${port}/x`,
        `http://${new URL(story.slack.url).host}@127.0.0.1:${port}/x`,
        'file:///etc/passwd',
        'x',
      ]) {
        const body = new URLSearchParams(commandBody({ user: ALICE }, 'changes'));
        body.set('response_url', url);
        expect(await toldAfter(ALICE, () => sendSigned(story, body.toString()))).toContain('BGP-1');
      }
      expect(elsewhere).toEqual([]);
    } finally {
      trap.close();
      trap.closeAllConnections();
    }
  });

  test('of all that nothing is markup, a log line, or a break in the trail', async () => {
    expectPlain(everything(story), [ALICE, BOB, CAROL, 'U99NOBODY']);
    await story.bot.stop();
    expectOwnLines(await logOf(story));
    await expectWhole(trail);
    expect((await trail.records()).map(({ event }) => event)).not.toContain('change.approved');
  });

  const openCard = (short = 'worker2') =>
    story.propose(ALICE, `add ${node('worker4')} 10.20.4.${short.at(-1)}`);
  const withdraw = async (card: Card): Promise<void> => {
    await story.press(ALICE, card, 'cancel');
    await eventually(() => expect(story.card(card)).toContain('withdrawn'));
  };
  function buttonValueOf(change: string): string {
    return JSON.stringify({ change, digest: 'f'.repeat(64) });
  }
});
