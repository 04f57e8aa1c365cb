import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aPolicy } from '../lessons/a-policy.ts';
import { logOf } from '../lessons/another-bot.ts';
import { type FrontOfKubernetes, startFront } from '../lessons/front-of-kubernetes.ts';
import { commandBody, lastResponseUrl, sendSigned } from '../lessons/signed-slack.ts';
import { type AuditRetention, openTrail } from '../lessons/trail.ts';
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
const PLACES: readonly (readonly [where: string, parsed: (text: string) => string])[] = [
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
  let trail: AuditRetention;
  beforeAll(async () => {
    story = await startStory({
      slackMode: 'http',
      policy: aPolicy(),
      environment: async (folder, { url }) => {
        front = await startFront(url, folder);
        return { KUBECONFIG: front.kubeconfig, LOG_LEVEL: 'trace', REQUESTS_PER_MINUTE: '0' };
      },
    });
    trail = await openTrail(story.redis.url);
  });
  afterAll(async () => {
    await trail?.close();
    await story?.stop();
    await front?.stop();
  });

  const heard = () =>
    story.slack.control.messages(CHANGES).filter(({ ephemeral_to: to }) => to !== undefined);
  const type = (user: string, text: string) =>
    story.slack.control.command({ channel: CHANGES, user, command: '/bgp', text });
  let seen = 1;
  /** New records with a reason: a question that a worker refuses is recorded as answered with one. */
  const refusals = async () =>
    (await trail.records(seen)).filter(({ seq, reason_code }) => seq > seen && reason_code !== null);

  describe.each(HOSTILE_TEXTS)('%s', (_, text) => {
    test.each(PLACES)(
      'as %s is refused once, to that person alone, with reason and next step',
      async (__, parsed) => {
        const before = heard().length;
        seen = (await trail.records(seen)).at(-1)?.seq ?? seen;
        expect(await type(ALICE, parsed(text))).toMatchObject({ ok: true });
        const fresh = await eventually(async () => {
          expect(heard().length).toBeGreaterThan(before);
          const found = await refusals();
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
    for (const [, text] of HOSTILE_TEXTS) {
      await story.ask(ALICE, 'whoami');
      const before = heard().length;
      const body = commandBody({ user: ALICE }, `show ${text}`, lastResponseUrl(story));
      expect(await sendSigned(story, body)).toBe(200);
      await eventually(() => expect(heard()).toHaveLength(before + 1));
    }
  });

  test.each(chunked(HOSTILE_TEXTS, 4))(
    'as reasons they stand on the card, and in its rejection, as text: %s',
    async (...texts) => {
      const what = `because of ${texts[0]?.[0]}`;
      const reason = `--reason=${what} ${texts.map(([, text]) => text.replaceAll('--', '')).join(' , ')}`;
      const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9 ${reason}`);
      expect(story.card(card)).toContain(`“${what} `);
      const [proposed] = await trail.of(card.id);
      expect(proposed?.data).toMatchObject({
        args: [node('worker2'), '10.20.2.9'],
        plan: { allowOutage: false },
      });
      expect(await type(CAROL, `reject ${card.id} ${reason}`)).toMatchObject({ ok: true });
      const rejected = await trail.until(
        ({ event, change }) => event === 'change.rejected' && change === card.id,
      );
      expect(rejected.data).toEqual({ reason: proposed?.data.reason });
      await eventually(() => expect(story.card(card)).toContain('⛔ rejected'));
      await eventually(() => expect(story.thread(card)).toContain(`rejected it: \`${what} `));
    },
  );

  test('a node name with a blank without width means the node, and the card says so in plain letters', async () => {
    const card = await story.propose(ALICE, `rotate wor\u200bker2.rack.example.com\ufeff 10.20.2.9`);
    expect(story.card(card)).toContain(`+ ${node('worker2')}: 10.20.2.9`);
    await story.press(ALICE, card, 'cancel');
  });

  test('of all that, nothing is markup, a log line, an argument of exec, or a break in the trail', async () => {
    await story.ask(ALICE, `show ${WORKER1}`);
    await eventually(() => expect(story.audit()).toContain(`show ${WORKER1}`));
    expectPlain(everything(story), [ALICE, BOB, CAROL]);
    expectOwnLines(await logOf(story));
    expectOwnQuestions(front.execs());
    await expectWhole(trail);
    expect(front.asked.filter(({ method }) => method === 'PATCH' || method === 'DELETE')).toEqual([]);
  });
});

function chunked<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
