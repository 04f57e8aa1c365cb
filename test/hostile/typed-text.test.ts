import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aPolicy } from '../lessons/a-policy.ts';
import { type AnotherBot, folderOf, startAnother } from '../lessons/another-bot.ts';
import { type FrontOfKubernetes, startFront } from '../lessons/front-of-kubernetes.ts';
import { commandBody, sendSigned } from '../lessons/signed-slack.ts';
import { openTrail, type Trail } from '../lessons/trail.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, CAROL, CHANGES, node, type Story, startStory } from '../stories/story.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import {
  everything,
  expectOwnLines,
  expectOwnQuestions,
  expectPlain,
  expectWhole,
} from './what-came-of-it.ts';

const WORKER1 = node('worker1');
const PLACES: readonly (readonly [where: string, typed: (text: string) => string])[] = [
  ['the verb', (text) => text],
  ['a node that is asked about', (text) => `show ${text}`],
  ['a node in quotes', (text) => `show "${text}"`],
  ['a node that changes', (text) => `rotate ${text} 10.20.1.9`],
  ['an address', (text) => `rotate ${WORKER1} ${text}`],
  ['a lookup', (text) => `rotate ${WORKER1} 10.20.1.9 --lookup ${text}`],
  ['a change to approve', (text) => `approve ${text}`],
  ['a change to undo', (text) => `rollback ${text}`],
  ['a whole message', (text) => text.repeat(Math.ceil(10_000 / text.length))],
];

describe('hostile text that somebody types', () => {
  let story: Story;
  let front: FrontOfKubernetes;
  let bot: AnotherBot;
  let trail: Trail;
  beforeAll(async () => {
    story = await startStory({ slackMode: 'http', policy: aPolicy() });
    front = await startFront(story.cluster.url, folderOf(story));
    await story.bot.stop();
    bot = await startAnother(story, { KUBECONFIG: front.kubeconfig, LOG_LEVEL: 'trace' });
    story.slack.control.setApp({ requestUrl: `http://127.0.0.1:${bot.port}/slack/events` });
    trail = await openTrail(story.redis.url);
  }, 60_000);
  afterAll(async () => {
    await trail?.close();
    await bot?.stop();
    await front?.stop();
    await story?.stop();
  }, 30_000);

  const heard = () =>
    story.slack.control.messages(CHANGES).filter(({ ephemeral_to: to }) => to !== undefined);
  const type = (user: string, text: string) =>
    story.slack.control.command({ channel: CHANGES, user, command: '/bgp', text });
  /** A question that a worker refuses is recorded as answered with a reason. */
  const refusals = async () => (await trail.records()).filter(({ reason_code }) => reason_code !== null);

  describe.each(HOSTILE_TEXTS)('%s', (_, text) => {
    test.each(PLACES)(
      'as %s is refused once, to that person alone, with reason and next step',
      async (__, typed) => {
        const before = heard().length;
        const records = (await refusals()).length;
        expect(await type(ALICE, typed(text))).toMatchObject({ ok: true });
        const fresh = await eventually(async () => {
          expect(heard().length).toBeGreaterThan(before);
          const found = (await refusals()).slice(records);
          expect(found.length).toBeGreaterThan(0);
          return found;
        });
        const [answer, ...more] = heard().slice(before);
        expect(more).toEqual([]);
        expect(answer).toMatchObject({ ephemeral_to: ALICE });
        expect(JSON.stringify(answer?.blocks)).toMatch(/"🚫 .*"→ ./s);
        expect(fresh).toHaveLength(1);
        expect(JSON.stringify(answer?.blocks)).toContain(`"${fresh[0]?.reason_code}"`);
        expect(JSON.stringify(fresh)).toContain(ALICE);
      },
    );
  });

  test('in Slack’s own brackets they mean what was seen, or nothing: each is answered', async () => {
    const before = heard().length;
    for (const [, text] of HOSTILE_TEXTS)
      expect(await sendSigned(story, commandBody({ user: ALICE }, `show ${text}`), { port: bot.port })).toBe(
        200,
      );
    await eventually(() => expect(heard()).toHaveLength(before + HOSTILE_TEXTS.length), 60_000);
  }, 90_000);

  test('as reasons they stand on the card, and in its rejection, as text', async () => {
    const cards = await Promise.all(HOSTILE_TEXTS.map(([what, text]) => reasoned(what, text)));
    for (const { id, what } of cards) {
      await eventually(
        () =>
          expect([what, story.cards().find((card) => isOf(card, id))?.text]).toEqual([
            what,
            expect.stringContaining('⛔ rejected'),
          ]),
        60_000,
      );
    }
  }, 120_000);

  const reasoned = async (what: string, text: string): Promise<{ id: string; what: string }> => {
    const reason = `--reason=${what} ${text.replaceAll('--', '')}`;
    expect(await type(ALICE, `rotate ${node('worker2')} 10.20.2.9 ${reason}`)).toMatchObject({ ok: true });
    const proposed = await trail.until(
      ({ event, data }) => event === 'change.proposed' && String(data.reason).startsWith(`${what} `),
    );
    expect(proposed.data).toMatchObject({
      args: [node('worker2'), '10.20.2.9'],
      plan: { allowOutage: false },
    });
    const id = proposed.change ?? '';
    expect(await type(CAROL, `reject ${id} ${reason}`)).toMatchObject({ ok: true });
    const rejected = await trail.until(({ event, change }) => event === 'change.rejected' && change === id);
    expect(rejected.data).toEqual({ reason: proposed.data.reason });
    return { id, what };
  };

  test('a node name with a blank without width means the node, and the card says so in plain letters', async () => {
    const card = await story.propose(ALICE, `rotate wor\u200bker2.rack.example.com\ufeff 10.20.2.9`);
    expect(story.card(card)).toContain(`+ ${node('worker2')}: 10.20.2.9`);
    await story.press(ALICE, card, 'cancel');
  });

  test('of all that, nothing is markup, a log line, an argument of exec, or a break in the trail', async () => {
    await story.ask(ALICE, `show ${WORKER1}`);
    await eventually(() => expect(story.audit()).toContain(`show ${WORKER1}`));
    expectPlain(everything(story), [ALICE, BOB, CAROL]);
    expectOwnLines(await bot.log());
    expectOwnQuestions(front.execs());
    await expectWhole(trail);
    expect(front.asked.filter(({ method }) => method === 'PATCH' || method === 'DELETE')).toEqual([]);
  }, 60_000);
});

function isOf({ text }: { readonly text: string }, id: string): boolean {
  return text.includes(`${id} `);
}
