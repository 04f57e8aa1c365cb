import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { node, type Story, startStory } from './story.ts';

const CHROMIUM = '/usr/bin/chromium';

(existsSync(CHROMIUM) ? describe : describe.skip)('the main job in a browser', () => {
  let story: Story;
  let browser: Browser;
  beforeAll(async () => {
    story = await startStory();
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await story?.stop();
  });

  test('Alice types, reads the difference; Bob confirms what the dialog repeats; both see it done', async () => {
    const page = await browser.newPage();
    await page.goto(story.slack.url);
    await page
      .locator('[data-channel=C01CHANGES] [name=command]')
      .fill(`/bgp rotate ${node('worker1')} 10.20.1.9`);
    await page.keyboard.press('Enter');
    await page.getByText('🕓 proposed').waitFor();
    await page.getByText(`+ ${node('worker1')}: 10.20.1.9`).waitFor();
    await page.getByRole('radio', { name: /Bob/ }).click();
    await page.locator('[data-action=approve]').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('10.20.1.9').waitFor();
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('✅ succeeded').first().waitFor({ timeout: 45_000 });
    expect(await page.locator('[data-action=approve]').count()).toBe(0);
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker1')]).toBe('10.20.1.9');
  });
});
