import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BotProcess } from '../../sandbox/src/bot-process.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, CAROL, CHANGES, node, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { startAnother } from './another-bot.ts';
import { type FrontOfKubernetes, startFront } from './front-of-kubernetes.ts';

describe('watches, and the bot itself', () => {
  let story: Story;
  let front: FrontOfKubernetes;
  let bot: BotProcess;
  beforeAll(async () => {
    story = await startStory({
      policy: aPolicy(),
      environment: async (folder, { url }) => {
        front = await startFront(url, folder);
        return { KUBECONFIG: front.kubeconfig };
      },
    });
    bot = story.bot;
  });
  afterAll(async () => {
    await bot?.stop();
    await story?.stop();
    await front?.stop();
  });

  const ready = async (): Promise<{ status: number; age: unknown }> => {
    const answer = await fetch(`${bot.opsUrl}/readyz`);
    const { targets }: { targets: Record<string, { watchAgeMs: unknown }> } = JSON.parse(await answer.text());
    return { status: answer.status, age: targets.rack?.watchAgeMs };
  };
  const map = (short: string, value: string) =>
    story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
      body: [{ op: 'add', path: `/data/${node(short)}`, value }],
    });

  test('lesson 30: watches restart by themselves, and their age is measured', async () => {
    expect(await ready()).toEqual({ status: 200, age: expect.any(Number) });
    const asked = front.asked.length;
    // Nothing can be watched any more, and nothing listed: what the bot remembers is old now.
    front.refuse(() => ({ code: 500, message: 'etcdserver: request timed out' }));
    expect(front.cutWatches()).toBeGreaterThanOrEqual(4);
    await map('worker2', '10.20.2.2');
    await eventually(() => {
      // Each asks first whether it is still the same cluster.
      const tried = front.asked.slice(asked).filter(({ path }) => path.endsWith('/kube-system'));
      expect(tried.length).toBeGreaterThanOrEqual(4);
    });
    front.refuse(() => undefined);
    await eventually(async () => {
      const told = await story.ask(ALICE, `rotate ${node('worker2')} 10.20.2.9 --dry-run`);
      expect(told).toContain(`- ${node('worker2')}: 10.20.2.2`);
    });
    await eventually(async () => expect(await ready()).toEqual({ status: 200, age: expect.any(Number) }));
  });

  test('lesson 35: what was acknowledged is answered before the bot exits, however slow Slack is', async () => {
    const { control } = story.slack;
    const heard = () => control.messages(CHANGES).filter(({ ephemeral_to: to }) => to === CAROL);
    control.fault({ method: 'users.info', times: 1, delayMs: 2_000 });
    const parsed = { channel: CHANGES, user: CAROL, command: '/bgp', text: 'whoami' };
    expect(await control.command(parsed)).toMatchObject({ ok: true });
    expect(heard()).toEqual([]);
    await bot.stop();
    expect(await bot.exited).toBe(0);
    expect(JSON.stringify(heard())).toContain('leads');
    bot = await startAnother(story);
  });

  test('lesson 35: a rolling update of the bot drops no request: what is in hand is finished before it exits', async () => {
    const control = story.slack.control;
    const card = await story.propose(ALICE, `restart ${node('worker1')} ${node('worker2')}`);
    await story.press(BOB, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('⏳ running'));
    const next = await startAnother(story);
    try {
      const heard = () => control.messages(CHANGES).filter(({ ephemeral_to: to }) => to === ALICE).length;
      const before = heard();
      const parsed = { channel: CHANGES, user: ALICE, command: '/bgp', text: `show ${node('worker3')}` };
      const commands = Array.from({ length: 30 }, () => control.command(parsed));
      const stopped = bot.stop();
      for (const outcome of await Promise.all(commands)) expect(outcome).toMatchObject({ ok: true });
      await stopped;
      expect(await bot.exited).toBe(0);
      await eventually(() => expect(heard()).toBe(before + 30));
      // The change that was running goes on in the other one.
      await eventually(() => expect(story.card(card)).toContain('✅ succeeded'), 60_000);
    } finally {
      bot = next;
    }
  }, 120_000);
});
