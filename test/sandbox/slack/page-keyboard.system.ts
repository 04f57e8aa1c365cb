import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { slackPage } from '../../../sandbox/src/slack/page/slack-page.ts';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { startSocketApp } from './app-under-test.ts';
import { axeFindings, fastClock, inChromium, openPage, say } from './page-under-test.ts';
import { CHANGES, clientOf, openSlack, until } from './slack-under-test.ts';

const WORDS = {
  suggestions: ['/bgp show worker1.rack.example.com --lookup spk-tor-bgp'],
  completions: {
    commands: ['/bgp'],
    verbs: [
      ['rotate', 'another router'],
      ['router', 'what it needs'],
      ['show', 'what is'],
    ] as const,
    words: ['worker1.rack', 'worker2.rack'],
  },
  shortcuts: [
    { name: 'BGP change', type: 'global' as const, callbackId: 'bgp_change' },
    { name: 'Roll back this change', type: 'message' as const, callbackId: 'roll_back' },
  ],
};

const page = () => slackPage(WORDS);
const open = () => openSlack({ page });
/** Where an app posts many messages. */
const openBusy = () => openSlack({ page, clock: fastClock() });

inChromium('by keyboard alone', () => {
  test('verbs and nodes are completed, what was sent comes back with the arrow, also after a reload', async () => {
    const slack = await open();
    const heard: string[] = [];
    await startSocketApp(slack, (app) => {
      app.command('/bgp', async ({ ack, command }) => {
        heard.push(command.text);
        await ack();
      });
    });
    const page = await openPage(slack);
    const field = page.locator('[name=command]');
    await field.focus();
    await page.keyboard.type('/b');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ro');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('option', { selected: true }).textContent()).toContain('router');
    await page.keyboard.press('Enter');
    await page.keyboard.type('worker2');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('option').count()).toBe(0);
    await page.keyboard.press('Enter');
    await until(() => heard.length === 1);
    await say(page, '/bgp show');
    await until(() => heard.length === 2);
    expect(heard).toEqual(['router worker2', 'show']);
    await page.reload();
    await field.focus();
    await page.keyboard.press('ArrowUp');
    expect(await field.inputValue()).toBe('/bgp show');
    await page.keyboard.press('ArrowUp');
    expect(await field.inputValue()).toBe('/bgp router worker2');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await field.inputValue()).toBe('');
  });

  test('a thread is one line until it is opened, and a shortcut is in the menu of its message', async () => {
    const slack = await openBusy();
    const used: string[] = [];
    await startSocketApp(slack, (app) => {
      app.shortcut(/.*/, async ({ ack, shortcut }) => {
        used.push(`${shortcut.type} ${shortcut.callback_id}`);
        await ack();
      });
    });
    await postThread(slack, 12);
    const page = await openPage(slack);
    const line = page.getByRole('button', { name: /12 replies/ });
    await line.waitFor();
    expect(await page.locator('.message').count()).toBe(1);
    await line.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.message').count()).toBe(13);
    await page.keyboard.press('Enter');
    expect(await page.locator('.message').count()).toBe(1);
    const more = page.getByRole('button', { name: /^More actions for the message/ });
    await more.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Roll back this change' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await more.evaluate((node) => node.matches(':focus'))).toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'BGP change' }).press('Enter');
    await until(() => used.length === 2);
    expect(used).toEqual(['message_action roll_back', 'shortcut bgp_change']);
  });

  test('who I am, the channel and the Home tab survive a reload; unread messages are counted', async () => {
    const slack = await open();
    const opened: string[] = [];
    await startSocketApp(slack, (app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        opened.push(event.user);
        await client.views.publish({ user_id: event.user, view: home(event.user) });
      });
    });
    const page = await openPage(slack);
    await clientOf(slack).chat.postMessage({ channel: 'C02AUDIT', text: 'one record' });
    await page.getByRole('button', { name: /bgp-audit 1 unread/ }).click();
    await page.getByText('one record').waitFor();
    await page.getByRole('radio', { name: /Carol/ }).click();
    await page.reload();
    await page.locator('[data-channel=C02AUDIT]').waitFor();
    expect(await page.getByRole('radio', { name: /Carol/ }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Home' }).click();
    await page.getByText('Home of U03CAROL').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.reload();
    await page.getByText('Home of U03CAROL').waitFor();
    await until(() => opened.length === 2);
  });

  test('a dialog keeps the focus, Escape closes it, and the focus is back where it was', async () => {
    const slack = await openBusy();
    await postThread(slack, 0);
    const page = await openPage(slack);
    const button = page.locator('[data-action=stop]');
    await button.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Sure?' });
    await dialog.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('Tab');
    expect(
      await page.evaluate(
        'document.activeElement === document.body || document.activeElement.closest("dialog") !== null',
      ),
    ).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await button.evaluate((node) => node.matches(':focus'))).toBe(true);
  });
});

inChromium('at any width, light and dark', () => {
  test.each([
    [320, 'light'],
    [320, 'dark'],
    [390, 'light'],
    [900, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)(
    '%i pixels, %s: axe-core finds nothing, and the page does not scroll sideways',
    async (width, colorScheme) => {
      const slack = await openBusy();
      await postThread(slack, 3);
      const page = await openPage(slack, { viewport: { width, height: 640 }, colorScheme });
      await page.getByRole('button', { name: /3 replies/ }).click();
      await page.locator('[name=command]').fill('/bgp ro');
      await page.getByRole('option').first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await sideways(page)).toBe(0);
    },
  );

  test('says that the sandbox is gone', async () => {
    const slack = await open();
    const page = await openPage(slack);
    await slack.stop();
    await page.getByRole('alert').getByText('The sandbox does not answer').waitFor();
  });
});

/** How many pixels wider than the window the page is, or anything that does not scroll in itself. */
function sideways(page: Page): Promise<number> {
  return page.evaluate<number>(
    'Math.max(document.documentElement.scrollWidth - innerWidth, document.querySelector(".messages").scrollWidth - document.querySelector(".messages").clientWidth)',
  );
}

async function postThread(slack: Slack, replies: number): Promise<void> {
  const client = clientOf(slack);
  const text = (words: string) => ({ type: 'plain_text' as const, text: words });
  const confirm = {
    title: text('Sure?'),
    text: text('It stops at once.'),
    confirm: text('Stop'),
    deny: text('No'),
  };
  const parent = await client.chat.postMessage({
    channel: CHANGES,
    text: 'BGP-1',
    blocks: [
      { type: 'header', text: text('🕓 BGP-1 · Rotate worker1.rack · needs 1 of @leads') },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: `\`\`\`${'wide '.repeat(60)}${'unbroken'.repeat(30)}\`\`\`` },
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: '<@U01ALICE> :warning: <!subteam^S02LEADS>' }] },
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'stop', style: 'danger', text: text('Stop'), confirm }],
      },
    ],
  });
  for (let reply = 1; reply <= replies; reply += 1)
    await client.chat.postMessage({ channel: CHANGES, thread_ts: parent.ts ?? '', text: `reply ${reply}` });
}

function home(user: string) {
  const text = { type: 'mrkdwn' as const, text: `Home of ${user}` };
  return { type: 'home' as const, blocks: [{ type: 'section' as const, text }] };
}
