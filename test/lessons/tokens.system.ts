import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, node, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { type AnotherBot, logOf, startAnother } from './another-bot.ts';
import { type AuditRetention, openTrail } from './trail.ts';

const CODES = ['invalid_auth', 'token_revoked', 'account_inactive'];

describe('Slack refuses the tokens of the bot', () => {
  let story: Story;
  let trail: AuditRetention;
  let ended = false;
  beforeAll(async () => {
    story = await startStory({ policy: aPolicy() });
    trail = await openTrail(story.redis.url);
    void story.bot.exited.then(() => {
      ended = true;
    });
  });
  afterEach(() => {
    refuse('bot', null);
    refuse('app', null);
  });
  afterAll(async () => {
    await trail?.close();
    await story?.stop();
  });

  const health = async (bot: { readonly opsUrl: string } = story.bot) => {
    const answer = await fetch(`${bot.opsUrl}/readyz`);
    const { details }: { details: Record<string, unknown> } = JSON.parse(await answer.text());
    return { status: answer.status, details };
  };
  const unready = (details: Record<string, unknown>, bot?: { readonly opsUrl: string }) =>
    eventually(async () => expect(await health(bot)).toMatchObject({ status: 503, details }));
  const ready = (bot?: { readonly opsUrl: string }) =>
    eventually(async () => {
      const { status, details } = await health(bot);
      expect([status, details.SLACK_APP_TOKEN, details.SLACK_BOT_TOKEN]).toEqual([200, undefined, undefined]);
    });
  const refuse = (token: 'bot' | 'app', error: string | null) =>
    story.slack.control.refuseToken({ token, error });
  const hangUp = (reason: 'warning' | 'link_disabled') =>
    story.slack.control.disconnect({ reason, all: true });

  test('lesson 53: in the middle of a change: the process stays, is not ready, carries the change on, and recovers by itself', async () => {
    const card = await story.propose(ALICE, `restart ${node('worker1')} ${node('worker2')}`);
    await story.press(BOB, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('⏳ running'));
    refuse('app', 'token_revoked');
    refuse('bot', 'token_revoked');
    hangUp('link_disabled');
    await unready({
      slack: false,
      SLACK_APP_TOKEN: 'refused by Slack: token_revoked',
      redis: true,
      workers: true,
    });
    await trail.until(({ change, event }) => change === card.id && event === 'change.succeeded', 90_000);
    await unready({ SLACK_BOT_TOKEN: 'refused by Slack: token_revoked' });
    expect(story.card(card)).not.toContain('✅ succeeded');
    const metrics = await (await fetch(`${story.bot.opsUrl}/metrics`)).text();
    expect(metrics).toContain(
      'tor_bgp_bot_slack_token_refused{token="SLACK_APP_TOKEN",code="token_revoked"} 1',
    );
    expect(metrics).toContain('tor_bgp_bot_ready 0');
    refuse('app', null);
    refuse('bot', null);
    await ready();
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    expect(await story.ask(ALICE, 'whoami')).toContain('engineers');
    const log = await logOf(story);
    for (const token of ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN']) {
      expect(log).toMatch(
        new RegExp(`Slack refuses ${token} \\(token_revoked\\)[^"]*set ${token} to the new token`),
      );
      expect(log).toContain(`Slack accepts ${token} again.`);
    }
    expect(ended).toBe(false);
  }, 150_000);

  test.each(CODES)('lesson 53: the socket is refused with %s, and given back', async (code) => {
    refuse('app', code);
    hangUp('warning');
    await unready({ SLACK_APP_TOKEN: `refused by Slack: ${code}` });
    refuse('app', null);
    await ready();
    expect(await story.ask(ALICE, 'whoami')).toContain('engineers');
  });

  test('lesson 53: Socket Mode is turned off, and on again', async () => {
    hangUp('link_disabled');
    await unready({ SLACK_APP_TOKEN: 'refused by Slack: link_disabled' });
    await ready();
    expect(await logOf(story)).toContain('Turn Socket Mode on again');
    expect(await story.ask(ALICE, 'whoami')).toContain('engineers');
  });

  test.each(CODES)('lesson 53: the Web API answers %s, and takes the token again', async (code) => {
    refuse('bot', code);
    // A command still arrives: who asks is not known, so that the answer is no.
    expect(await story.ask(ALICE, `add ${node('worker4')} 10.20.4.1 --dry-run`)).toContain(
      'people_unreachable',
    );
    await unready({ SLACK_BOT_TOKEN: `refused by Slack: ${code}` });
    refuse('bot', null);
    await ready();
    expect(await story.ask(ALICE, 'whoami')).toContain('engineers');
    expect(ended).toBe(false);
  });

  const startRefused = async (code: string, env: Readonly<Record<string, string>>): Promise<AnotherBot> => {
    refuse('bot', code);
    refuse('app', code);
    return startAnother(story, env, 'answering');
  };

  test.each(CODES)(
    'lesson 53: at a start that Slack has never taken, %s: it waits, and begins once it is taken',
    async (code) => {
      const bot = await startRefused(code, { REDIS_KEY_PREFIX: `never-${code}` });
      await unready({ SLACK_BOT_TOKEN: `refused by Slack: ${code}`, stage: 'starting', workers: false }, bot);
      refuse('bot', null);
      await unready({ SLACK_APP_TOKEN: `refused by Slack: ${code}`, workers: true }, bot);
      refuse('app', null);
      await ready(bot);
      await bot.stop();
      expect(await bot.exited).toBe(0);
    },
  );

  test('lesson 53: at a start: what runs is carried on before Slack takes the tokens', async () => {
    await ready();
    const bot = await startRefused('invalid_auth', {});
    await unready(
      { SLACK_BOT_TOKEN: 'refused by Slack: invalid_auth', stage: 'running', workers: true },
      bot,
    );
    refuse('bot', null);
    refuse('app', null);
    await ready(bot);
    await bot.stop();
  });

  test('lesson 53: who is told to stop while it waits for Slack stops', async () => {
    const bot = await startRefused('invalid_auth', { REDIS_KEY_PREFIX: 'never' });
    await unready({ stage: 'starting' }, bot);
    await bot.stop();
    expect(await bot.exited).toBe(0);
  });
});
