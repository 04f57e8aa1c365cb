import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectRedis } from '../../src/adapters/redis/connect.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, CHANGES, MALLORY, node, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { type AnotherBot, startAnother } from './another-bot.ts';
import { type AuditRetention, openTrail } from './trail.ts';

const COMMANDS = 300;
const WITHIN_MS = 1_500;

describe('an overload by one person', () => {
  let story: Story;
  let other: AnotherBot;
  let trail: AuditRetention;
  beforeAll(async () => {
    story = await startStory({ policy: aPolicy() });
    other = await startAnother(story);
    trail = await openTrail(story.redis.url);
  });
  afterAll(async () => {
    await trail?.close();
    await other?.stop();
    await story?.stop();
  });

  const told = (): readonly string[] =>
    story.slack.control
      .messages(CHANGES)
      .filter(({ ephemeral_to: to }) => to === MALLORY)
      .map((message) => JSON.stringify(message));
  const refusals = async () =>
    (await trail.records()).filter(
      ({ event, actor }) => event === 'request.refused' && actor !== 'bot' && actor.user === MALLORY,
    );
  const countOf = (records: Awaited<ReturnType<typeof refusals>>): number =>
    records.reduce((sum, { data }) => sum + (typeof data.times === 'number' ? data.times : 1), 0);

  test('lesson 57: is answered to that person once, with when to try again; others are served meanwhile; one record stands for many refusals', async () => {
    const flood = Array.from({ length: COMMANDS }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, (index * WITHIN_MS) / COMMANDS));
      return story.slack.control.command({
        channel: CHANGES,
        user: MALLORY,
        command: '/bgp',
        text: `restart ${node('worker1')} --reason ${index}`,
      });
    });
    expect(await story.ask(ALICE, `show ${node('worker1')}`)).toContain('Established');
    for (const outcome of await Promise.all(flood)) expect(outcome).toMatchObject({ ok: true });
    await eventually(async () => expect((await refusals()).length).toBeGreaterThanOrEqual(21));
    await eventually(() => expect(told().some((text) => text.includes('too_many_requests'))).toBe(true));

    const slow = told().filter((text) => text.includes('too_many_requests'));
    expect(slow).toHaveLength(1);
    expect(slow[0]).toMatch(/Try again in \d+ s\. Buttons still work\./);
    // As many as a minute has, and what came back of it during the flood.
    expect(told().length).toBeLessThan(135);

    // The minute is over.
    const redis = await connectRedis(story.redis.url, () => undefined);
    const { refusalsDue } = redisKeys();
    for (const kind of await redis.prompt.zrange(refusalsDue, '0', '-1'))
      await redis.prompt.zadd(refusalsDue, 0, String(kind));
    await redis.close();
    await eventually(async () => expect(countOf(await refusals())).toBe(COMMANDS));
    const records = await refusals();
    expect(records.length).toBeLessThan(COMMANDS / 5);
    // On a busy machine Slack may not say in time who it is: that is a refusal of another kind.
    const summed = records.filter(({ data }) => data.times !== undefined);
    expect(summed.map(({ reason_code: code }) => code)).toContain('too_many_requests');
    // The notices are not behind.
    const newest = records.at(-1)?.seq ?? 0;
    await eventually(() => expect(story.audit()).toContain(`#${newest}`), 10_000);
    expect(story.audit()).toMatch(/was refused \d+ more times, most recently/);
    expect(await trail.faults()).toEqual([]);
  }, 120_000);
});
