import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inChromium, openPage } from '../sandbox/slack/page-under-test.ts';
import { node, type Story, startStory } from './story.ts';

inChromium('the main job in a browser', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story?.stop());

  test('Alice types, reads the difference; Bob confirms what the dialog repeats; both see it done', async () => {
    const page = await openPage(story.slack);
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
