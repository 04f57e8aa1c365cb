import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AnotherBot, startAnother } from '../lessons/another-bot.ts';
import { type AuditRetention, openTrail } from '../lessons/trail.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { runProgram } from '../stories/run-program.ts';
import { ALICE, BOB, CHANGES, node, type Story, startStory } from '../stories/story.ts';

const OUT_FOR_MS = 120_000;
const ANCHORED_WITHIN_MS = 60_000;
const ANCHOR = / · #(\d+) [0-9a-f]{20}$/;

describe('Slack is out for two minutes, with two replicas', () => {
  let story: Story;
  let trail: AuditRetention;
  let other: AnotherBot;
  beforeAll(async () => {
    story = await startStory();
    trail = await openTrail(story.redis.url);
    other = await startAnother(story);
  });
  afterAll(async () => {
    await other?.stop();
    await trail?.close();
    await story?.stop();
  });

  test('lesson 60: nothing is lost, each channel is told in order, and the newest record is anchored within 60 s of Slack being back', async () => {
    const { control } = story.slack;
    const card = await story.propose(ALICE, `restart ${node('worker2')}`);
    await story.press(BOB, card, 'approve');
    await trail.until(({ change, event }) => change === card.id && event === 'step.intended');
    const before = (await trail.records()).length;
    const wanted = ['worker1', 'worker3'];
    control.setService('out');
    for (let round = 0; round < 8; round += 1) {
      // Requests still come in by the sockets; what they lead to cannot be told.
      const which = wanted[round % wanted.length] ?? 'worker1';
      const text = round < wanted.length ? `restart ${node(which)}` : `nonsense ${round}`;
      await control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text });
      if (round === 4) control.disconnect({ reason: 'warning', all: true, cut: true });
      await sleep(OUT_FOR_MS / 8);
    }
    const newest = (await trail.records()).at(-1)?.seq ?? 0;
    expect(newest - before).toBeGreaterThanOrEqual(5);
    control.setService('normal');
    await eventually(() => expect(Math.max(...told())).toBeGreaterThanOrEqual(newest), ANCHORED_WITHIN_MS);

    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    const lines = story
      .audit()
      .split('\n')
      .filter((line) => !/^(⏳|⏩)/.test(line))
      .map((line) => Number(ANCHOR.exec(line)?.[1]));
    expect(lines).toEqual([...new Set(lines)].toSorted((one, next) => one - next));
    const proposed = (await trail.records()).filter(({ event }) => event === 'change.proposed');
    await eventually(() => expect(story.cards()).toHaveLength(proposed.length));
    expect(story.cards().map(({ metadata }) => metadata?.event_payload.change)).toEqual(
      proposed.map(({ change }) => change),
    );
    expect(await trail.faults()).toEqual([]);
    expect(await runProgram(['audit', 'anchors'], story.env)).toMatchObject({ code: 0 });
  }, 300_000);

  /** Numbers of the records whose anchors stand in the audit channel. */
  function told(): readonly number[] {
    return story
      .audit()
      .split('\n')
      .flatMap((line) => Number(ANCHOR.exec(line)?.[1] ?? 0));
  }
});
