import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, inChromium, openPage, say } from '../sandbox/slack/page-under-test.ts';
import { ALICE, type Card, node, type Story, startStory } from '../stories/story.ts';
import { become, cardOf, impatientPolicy, picture, sideways, toldAlone } from './in-a-browser.ts';

const PHONE = { width: 390, height: 844 };

inChromium('everything that the bot shows', () => {
  let story: Story;
  let halted: Card;
  beforeAll(async () => {
    story = await startStory({ policy: impatientPolicy() });
    await story.carryOut(await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`), '✅ succeeded');
    story.routers.set('10.20.1.9', false);
    halted = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    await story.carryOut(halted, '🛑 halted');
    await story.propose(ALICE, `restart ${node('worker2')} --reason "new image"`);
  });
  afterAll(() => story?.stop());

  test('is readable in the dark: axe-core finds nothing in cards, menu, form, Home tab, answers and racks', async () => {
    const page = await openPage(story.slack, { colorScheme: 'dark', viewport: { width: 1280, height: 900 } });
    await eachView(page, async (name) => expect([name, await axeFindings(page)]).toEqual([name, []]));
  });

  test('fits a phone: axe-core finds nothing, and nothing scrolls sideways', async () => {
    const page = await openPage(story.slack, { viewport: PHONE, hasTouch: true, isMobile: true });
    await eachView(page, async (name) => {
      expect([name, await axeFindings(page)]).toEqual([name, []]);
      expect([name, await sideways(page)]).toEqual([name, 0]);
    });
    await page.getByRole('button', { name: 'Rack' }).click();
    await page.getByRole('complementary', { name: 'Racks' }).waitFor();
    expect(await sideways(page)).toBe(0);
    await picture(page, 'racks', ['phone']);
  });

  test('on a phone a halted card has what is wrong, what traffic does and what to press on one screen', async () => {
    const page = await openPage(story.slack, { viewport: PHONE, hasTouch: true, isMobile: true });
    const card = cardOf(page, halted.id);
    const top = await card.locator('h2').boundingBox();
    for (const part of [
      card.getByText('10.20.1.9 did not come up'),
      card.getByText('Traffic now'),
      card.getByRole('button', { name: 'Check again' }),
      card.getByRole('button', { name: 'Roll back…' }),
      card.getByRole('button', { name: 'Close' }),
    ]) {
      const box = await part.boundingBox();
      expect((box?.y ?? Number.NaN) + (box?.height ?? Number.NaN) - (top?.y ?? Number.NaN)).toBeLessThan(600);
      expect((box?.x ?? Number.NaN) + (box?.width ?? Number.NaN)).toBeLessThanOrEqual(PHONE.width);
    }
  });

  /** The channel with its cards, an answer, the menu, a form and the Home tab, one after the other. */
  async function eachView(page: Page, look: (name: string) => Promise<void>): Promise<void> {
    await cardOf(page, halted.id).waitFor();
    await look('cards');
    await say(page, '/bgp show');
    await toldAlone(page).getByText('10.20.1.9').first().waitFor();
    await look('answer');
    await say(page, '/bgp');
    await toldAlone(page).getByRole('button', { name: 'Rotate…' }).waitFor();
    await look('menu');
    await toldAlone(page).getByRole('button', { name: 'Rotate…' }).click();
    const form = page.getByRole('dialog', { name: 'Rotate' });
    await form.getByRole('combobox', { name: /^Node/ }).fill('worker3');
    await page.getByRole('option', { name: /worker3/ }).click();
    await form.getByLabel(/^Addresses of the peers/).fill('10.20.3.9');
    await form.getByText(`+ ${node('worker3')}: 10.20.3.9`).waitFor();
    await form.getByLabel(/^Addresses of the peers/).fill('10.20.3.999');
    await form.getByText('No plan yet').waitFor();
    await form.getByRole('button', { name: 'Propose' }).click();
    await form.getByRole('alert').waitFor();
    await look('form');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await become(page, 'Bob');
    await page.getByRole('button', { name: 'Home' }).click();
    await page.getByRole('heading', { name: 'Waits for you' }).waitFor();
    await look('Home tab');
  }
});
