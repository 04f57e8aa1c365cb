import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inChromium, openPage, say } from '../sandbox/slack/page-under-test.ts';
import { node, type Story, startStory } from '../stories/story.ts';
import {
  approve,
  become,
  cardOf,
  impatientPolicy,
  picture,
  propose,
  titled,
  toldAlone,
} from './in-a-browser.ts';

inChromium('what is around a change', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ policy: impatientPolicy() });
  });
  afterAll(() => story?.stop());

  test('the map comes as a picture that says in words what it shows', async () => {
    const page = await openPage(story.slack);
    await page.getByText('6 of 6 sessions Established').waitFor();
    story.routers.set('10.20.3.2', false);
    await page.getByText('5 of 6 sessions Established').waitFor();
    await say(page, '/bgp map --public');
    const map = page.getByRole('img', { name: /5 of 6 sessions Established; worker3: 10\.20\.3\.2/ });
    await map.waitFor({ timeout: 45_000 });
    await page.waitForFunction(
      '[...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0)',
    );
    await picture(page.locator('article.message', { has: map }), 'map');
    story.routers.set('10.20.3.2', true);
    await page.getByText('6 of 6 sessions Established').waitFor();
  });

  test('the Home tab says what waits for me, leads to its card, and follows it to the end', async () => {
    const page = await openPage(story.slack);
    story.routers.set('10.20.1.1', false);
    const { id, card } = await propose(page, `/bgp restart ${node('worker3')}`);
    await become(page, 'Bob');
    await page.getByRole('button', { name: 'Home' }).click();
    const home = page.getByRole('region', { name: 'Home', exact: true });
    await home.getByRole('heading', { name: 'Waits for you' }).waitFor();
    await home.getByText('✗').first().waitFor();
    await picture(home, 'home', ['light', 'dark', 'phone']);
    story.routers.set('10.20.1.1', true);
    await home.getByRole('link', { name: id }).first().click();
    await approve(page, { id, card });
    await titled(card, /^✅/);
    await page.getByRole('button', { name: 'Home' }).click();
    await home.getByText('Nothing waits for you').waitFor();
  });

  test('a freeze is told in every channel, marks each open card and lets nobody approve, until it is lifted', async () => {
    const page = await openPage(story.slack);
    await page.getByText('6 of 6 sessions Established').waitFor();
    const proposed = await propose(page, `/bgp add ${node('worker4')} 10.20.4.1`);
    const { id, card } = proposed;
    await become(page, 'Bob');
    await say(page, '/bgp freeze core routers are being replaced');
    await card.getByText('Frozen by').waitFor();
    await page.locator('article.message', { hasText: /froze .*core routers are being replaced/ }).waitFor();
    await picture(card, 'frozen');
    await become(page, 'Carol');
    await approve(page, proposed);
    await toldAlone(page).getByText('frozen', { exact: true }).waitFor();
    await page.getByRole('button', { name: /bgp-audit/ }).click();
    await page
      .getByText(/froze .*core routers are being replaced/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: /network-changes/ }).click();
    await say(page, '/bgp unfreeze');
    await card.getByText('Frozen by').waitFor({ state: 'detached' });
    await approve(page, proposed);
    await titled(cardOf(page, id), /^✅/);
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker4')]).toBe('10.20.4.1');
  });
});
