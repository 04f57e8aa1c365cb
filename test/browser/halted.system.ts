import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { inChromium, openPage } from '../sandbox/slack/page-under-test.ts';
import { node, type Story, startStory } from '../stories/story.ts';
import {
  approve,
  become,
  impatientPolicy,
  newCard,
  picture,
  propose,
  type ShownCard,
  titled,
} from './in-a-browser.ts';

inChromium('a change that halts', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ policy: impatientPolicy() });
  });
  afterAll(() => story?.stop());

  test('says which peer does not answer, what traffic does and what to press; Check again goes on once the router is back', async () => {
    const page = await openPage(story.slack, { viewport: { width: 1280, height: 900 } });
    const halted = await halt(page, 'worker1', '10.20.1.9');
    const { card } = halted;
    await card.getByText('10.20.1.9 did not come up').waitFor();
    await card.getByText('Traffic now').waitFor();
    for (const label of ['Check again', 'Roll back…', 'Close'])
      await card.getByRole('button', { name: label }).waitFor();
    await picture(card, 'halted', ['light', 'dark', 'phone']);
    const uids = await story.pods();
    await flip(page, '10.20.1.9', false);
    await card.getByRole('button', { name: 'Check again' }).click();
    await titled(card, /^✅/);
    expect(await story.pods()).toEqual(uids);
    expect(await card.getByRole('button', { name: 'Check again' }).count()).toBe(0);
  });

  test('is rolled back by a change of its own, and says so afterwards without its buttons', async () => {
    const page = await openPage(story.slack);
    const { id, card } = await halt(page, 'worker2', '10.20.2.9');
    const undo = await newCard(page, () => card.getByRole('button', { name: 'Roll back…' }).click());
    await undo.card.getByText(`+ ${node('worker2')}: 10.20.2.1`).waitFor();
    await become(page, 'Carol');
    await approve(page, undo);
    await titled(undo.card, /^✅/);
    await titled(card, new RegExp(`${id} · .*rolled back`));
    expect(await card.getByRole('button', { name: 'Check again' }).count()).toBe(0);
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker2')]).toBe('10.20.2.1');
  });

  /** Takes a router down by its switch beside the channel, and lets a change wait for it in vain. */
  async function halt(page: Page, short: string, router: string): Promise<ShownCard> {
    await flip(page, router, true);
    const proposed = await propose(page, `/bgp rotate ${node(short)} ${router}`);
    await become(page, 'Bob');
    await approve(page, proposed);
    await titled(proposed.card, 'HALTED · needs a decision');
    return proposed;
  }
});

async function flip(page: Page, router: string, isDown: boolean): Promise<void> {
  const racks = page.getByRole('complementary', { name: 'Racks' });
  await racks.getByRole('button', { name: `Router ${router} down`, pressed: !isDown }).click();
  await racks.getByRole('button', { name: `Router ${router} down`, pressed: isDown }).waitFor();
}
