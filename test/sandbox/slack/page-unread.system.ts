import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { retryRateLimited } from '../../../src/adapters/slack/slack-errors.ts';
import { inChromium, openPage } from './page-under-test.ts';
import { CHANGES, clientOf, openSlack } from './slack-under-test.ts';

const AUDIT = 'C02AUDIT';

inChromium('what was not read yet', () => {
  test('is counted for each person, also after a reload', async () => {
    const slack = await openSlack();
    // The page may be open before a second has passed, in which a channel takes one message.
    const post = (text: string) =>
      retryRateLimited(() => clientOf(slack).chat.postMessage({ channel: AUDIT, text }), { tries: 5 });
    await post('before the page was opened');
    await clientOf(slack).chat.postMessage({ channel: CHANGES, text: 'in the channel that is shown' });
    const page = await openPage(slack);
    await page.getByText('in the channel that is shown').waitFor();
    expect(await channel(page).getByText('unread').count()).toBe(0);
    await post('while another channel is shown');
    await unread(page, 1);
    await page.reload();
    await unread(page, 1);

    await become(page, 'Bob');
    await unread(page, 1);
    await channel(page).click();
    await page.getByText('while another channel is shown').waitFor();
    expect(await channel(page).getByText('unread').count()).toBe(0);
    await page.getByRole('button', { name: /network-changes/ }).click();
    await page.reload();
    await page.locator('[name=command]').waitFor();
    expect(await channel(page).getByText('unread').count()).toBe(0);

    await become(page, 'Alice');
    await unread(page, 1);
  });
});

function channel(page: Page) {
  return page.getByRole('button', { name: /bgp-audit/ });
}

function unread(page: Page, count: number): Promise<void> {
  return channel(page).getByText(`${count} unread`).waitFor();
}

function become(page: Page, person: string): Promise<void> {
  return page.getByRole('radio', { name: new RegExp(person) }).check({ force: true });
}
