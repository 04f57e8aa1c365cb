import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, AUDIT, BOB, CHANGES, node, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { type AnotherBot, startAnother } from './another-bot.ts';
import { startFrontOfSlack } from './front-of-slack.ts';
import { calls, formatted, richCalls } from './markup.ts';

/** Called by the cards that wait for them. */
const APPROVERS = '<!subteam^S02LEADS>';

describe('what Slack shows', () => {
  const bots: AnotherBot[] = [];
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ policy: aPolicy() });
  });
  afterAll(async () => {
    for (const bot of bots) await bot.stop();
    await story?.stop();
  });

  const everything = () => [CHANGES, AUDIT].flatMap((channel) => story.slack.control.messages(channel));
  const map = (keys: readonly string[]) =>
    story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp-v6',
      namespace: 'spk-ingress',
      body: [
        { op: 'replace', path: '/data', value: Object.fromEntries(keys.map((key) => [key, '2001:db8::1'])) },
      ],
    });
  const namesOf = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `node${String(index).padStart(4, '0')}.rack.example.com`);

  test('lesson 20: text from users is never markup', async () => {
    const reason = '<!channel> *all* of <http://evil.example|10.20.1.1> by <@U03CAROL>';
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9 --reason "${reason}"`);
    expect(story.card(card)).toContain(reason);
    await eventually(() => expect(story.audit()).toContain('&lt;!channel&gt;'));
    expect(calls(everything()).filter((call) => call !== APPROVERS)).toEqual([`<@${ALICE}>`]);
    expect(richCalls(everything())).toEqual([]);
    expect(formatted(everything())).not.toMatch(/\*all\*|http:\/\//);
    await story.press(ALICE, card, 'cancel');
  });

  test('lesson 20: text from the cluster is never markup', async () => {
    const lie = '<!channel> <http://evil.example|10.20.1.1> *10.20.1.1*';
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
      body: [{ op: 'add', path: `/data/${node('worker4')}`, value: lie }],
    });
    await eventually(async () => {
      expect(await story.ask(ALICE, `show ${node('worker4')}`)).toContain(lie);
    });
    await eventually(() => expect(story.audit()).toContain('answered'));
    expect(calls(everything()).filter((call) => call !== APPROVERS)).toEqual([`<@${ALICE}>`]);
    expect(richCalls(everything())).toEqual([]);
    expect(formatted(everything())).not.toMatch(/\*10\.20\.1\.1\*|http:\/\//);
  });

  test.each([
    ['is shown whole', 40],
    ['says how much it leaves out', 1_500],
  ])('lesson 18: long output is never cut silently: it %s', async (_, count) => {
    const names = namesOf(count);
    await map(names);
    const heard = () => story.slack.control.messages(CHANGES).filter(({ ephemeral_to: to }) => to === ALICE);
    const before = heard().length;
    const parsed = { channel: CHANGES, user: ALICE, command: '/bgp', text: 'show' };
    expect(await story.slack.control.command(parsed)).toMatchObject({ ok: true });
    const whole = await eventually(() => {
      const texts = JSON.stringify(
        heard()
          .slice(before)
          .map(({ blocks }) => blocks),
      );
      expect(texts).toMatch(new RegExp(`${names.at(-1)}|more (lines?|rows); the full text is in the file`));
      return texts;
    });
    const shown = names.filter((name) => whole.includes(name)).length;
    const left = Number(/(\d+) more (?:lines?|rows); the full text is in the file/.exec(whole)?.[1] ?? 0);
    if (count === 40) expect([shown, left]).toEqual([count, 0]);
    else expect(left).toBeGreaterThanOrEqual(count - shown);
    expect(shown).toBeGreaterThan(0);
  });

  test('lesson 19: one message per change, edited; thread identity survives restarts', async () => {
    await map([]);
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    await story.bot.stop();
    bots.push(await startAnother(story));
    await story.carryOut(card, '✅ succeeded');
    await eventually(() => expect(story.thread(card)).toContain('✅ Succeeded.'));
    const ours = story.slack.control.messages(CHANGES).filter(({ ephemeral_to: to }) => to === undefined);
    const about = ours.filter(({ text }) => text.includes(`${card.id} `));
    expect(about.map(({ ts }) => ts)).toEqual([card.ts]);
    expect(about[0]?.edited).toBeDefined();
    expect(story.thread(card)).toContain(`<@${BOB}> approved.`);
  });

  test('lesson 14: a socket that is dead is noticed: liveness is a pong, never "connected"', async () => {
    const front = await startFrontOfSlack(story.slack.apiUrl);
    const bot = await startAnother(story, { SLACK_API_URL: front.apiUrl });
    try {
      for (const one of [story.bot, ...bots.splice(0)]) await one.stop();
      const opened = front.opened();
      expect(await story.ask(ALICE, 'whoami')).toContain(ALICE);
      front.freeze();
      // Nobody hung up: only what does not come back tells.
      await eventually(() => expect(front.opened()).toBeGreaterThanOrEqual(2 * opened));
      await eventually(async () => expect(await story.ask(ALICE, 'whoami')).toContain(ALICE));
      expect(await (await fetch(`${bot.opsUrl}/readyz`)).json()).toMatchObject({ details: { slack: true } });
    } finally {
      await bot.stop();
      await front.stop();
    }
  }, 120_000);
});
