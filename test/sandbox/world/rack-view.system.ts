import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { type Story, startStory } from '../../stories/story.ts';
import { eventually } from '../zebos/eventually.ts';

const CHROMIUM = '/usr/bin/chromium';

(existsSync(CHROMIUM) ? describe : describe.skip)('the racks on the page', () => {
  let story: Story;
  let browser: Browser;
  let page: Page;
  let racks: Locator;
  beforeAll(async () => {
    story = await startStory();
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    });
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    await page.goto(story.slack.url);
    racks = page.getByRole('complementary', { name: 'Racks' });
    await racks.getByText('6 of 6 sessions Established').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await story?.stop();
  });

  test('a router is taken down by keyboard; its session says so, and so does a screen reader', async () => {
    const down = racks.getByRole('button', { name: 'Router 10.20.1.1 down' });
    expect(await down.getAttribute('aria-pressed')).toBe('false');
    await down.focus();
    await page.keyboard.press('Enter');
    await racks.getByRole('button', { name: 'Router 10.20.1.1 down', pressed: true }).waitFor();
    const worker1 = racks.getByRole('region', { name: 'Node worker1.rack.example.com' });
    await worker1.getByText(/^(Active|Connect), no answer$/).waitFor();
    await racks.getByText('5 of 6 sessions Established').waitFor();
    await eventually(async () =>
      expect(await racks.getByRole('status').textContent()).toContain('Router 10.20.1.1 down.'),
    );
    await page.keyboard.press('Enter');
    await racks.getByText('6 of 6 sessions Established').waitFor();
  });

  test('what somebody else breaks is seen at once', async () => {
    story.routers.set('10.20.3.2', false);
    await racks.getByText('5 of 6 sessions Established').waitFor({ timeout: 45_000 });
    story.routers.set('10.20.3.2', true);
    await racks.getByText('6 of 6 sessions Established').waitFor();
  });

  test('a mapping is edited by hand; the TMM that runs the older one is marked, until it is drained away', async () => {
    const worker2 = racks.getByRole('region', { name: 'Node worker2.rack.example.com' });
    await worker2.getByRole('button', { name: 'Switches of worker2' }).click();
    await worker2.getByRole('textbox', { name: 'spk-tor-bgp of worker2, by hand' }).fill('10.20.2.9');
    await page.keyboard.press('Enter');
    await worker2.getByText('runs an older mapping').waitFor();
    await worker2.getByRole('button', { name: 'Drain worker2' }).click();
    await worker2.getByText('no TMM pod').waitFor();
    await worker2.getByRole('button', { name: 'Cordon worker2', pressed: true }).click();
    await worker2.getByRole('button', { name: 'Cordon worker2', pressed: false }).waitFor();
  });

  test('axe-core finds nothing, in light and dark, with all switches open', async () => {
    const closed = racks.getByRole('button', { name: /^(More s|S)witches of/, expanded: false });
    while ((await closed.count()) > 0) await closed.first().click();
    await page.addScriptTag({ content: axe.source });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const found: readonly { readonly id: string }[] = await page.evaluate(
        "axe.run(document.querySelector('.rack')).then(({ violations }) => violations)",
      );
      expect(found.map(({ id }) => id)).toEqual([]);
    }
  });
});
