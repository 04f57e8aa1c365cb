import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BotProcess, startBot } from '../../sandbox/src/bot-process.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, CHANGES, node, type Story, startStory } from './story.ts';

describe('the bot ends and another one begins', () => {
  let story: Story;
  let folder: string;
  const bots: BotProcess[] = [];
  beforeAll(async () => {
    story = await startStory();
    folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-restart-'));
  });
  afterAll(async () => {
    for (const bot of bots) await bot.stop();
    await story?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const another = async (): Promise<BotProcess> => {
    const bot = await startBot({
      program: 'dist/cli.js',
      env: story.env,
      logFile: join(folder, `${bots.length}.log`),
    });
    bots.push(bot);
    return bot;
  };

  test('a rolling update drops no request: what was asked while one stops is answered', async () => {
    await another();
    const before = story.slack.control.messages(CHANGES).length;
    const commands = Array.from({ length: 20 }, () =>
      story.slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: 'changes' }),
    );
    const stopped = story.bot.stop();
    for (const outcome of await Promise.all(commands)) expect(outcome).toMatchObject({ ok: true });
    await stopped;
    expect(await story.bot.exited).toBe(0);
    await eventually(() => expect(story.slack.control.messages(CHANGES).length).toBe(before + 20));
  });

  test('a button works after a restart of the bot, and the card goes on where it stood', async () => {
    const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    for (const bot of bots.splice(0)) await bot.stop();
    await another();
    await story.carryOut(card, '✅ succeeded');
    expect(story.cards().length).toBe(1);
  });

  test('each start and each stop is a record, with version and policy', async () => {
    await eventually(() => {
      expect(
        story.audit().match(/the bot 0\.\d+\.\d+ started with policy [0-9a-f]{12}/g)?.length,
      ).toBeGreaterThanOrEqual(3);
      expect(story.audit()).toContain('the bot stopped');
    });
  });
});
