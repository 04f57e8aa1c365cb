import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inChromium, openPage, say } from '../sandbox/slack/page-under-test.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { node, type Story, startStory } from '../stories/story.ts';
import { approve, become, newCard, picture, propose, titled, toldAlone } from './in-a-browser.ts';

inChromium('a change, from the menu to green', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story?.stop());

  test('the command alone opens a menu, its form shows the plan before it is sent, and a lead makes it happen', async () => {
    const page = await openPage(story.slack);
    await page.getByText('Tour: step 1 of 6').waitFor();
    await picture(page, 'tour', ['phone']);
    await say(page, '/bgp');
    const menu = toldAlone(page);
    await menu.getByRole('button', { name: 'Rotate…' }).waitFor();
    await picture(menu, 'menu', ['phone']);
    await menu.getByRole('button', { name: 'Rotate…' }).click();
    const form = page.getByRole('dialog', { name: 'Rotate' });
    await form.getByRole('combobox', { name: /^Node/ }).fill('worker1');
    await form
      .page()
      .getByRole('option', { name: /worker1/ })
      .click();
    await form.getByLabel(/^Addresses of the peers/).fill('10.20.1.9');
    await form.getByText(`+ ${node('worker1')}: 10.20.1.9`).waitFor();
    await form.getByText('keep carrying').waitFor();
    await form.getByLabel(/^Reason/).fill('router r1 replaced, CHG0012345');
    await picture(form, 'form', ['light', 'phone']);
    const proposed = await newCard(page, () => form.getByRole('button', { name: 'Propose' }).click());
    const { id, card } = proposed;
    await form.waitFor({ state: 'detached' });
    await titled(card, 'needs 1 of leads');
    await card.getByText('router r1 replaced, CHG0012345').waitFor();
    await picture(card, 'proposed', ['light', 'phone']);
    await picture(page, 'page');

    await become(page, 'Bob');
    await card.getByRole('button', { name: 'Approve' }).click();
    const question = page.getByRole('dialog');
    await question.getByText('10.20.1.9').waitFor();
    await question.getByRole('button', { name: /^Approve/ }).click();
    await titled(card, /^✅ .*10\.20\.1\.1 → 10\.20\.1\.9 · took \d+ s/);
    expect(await card.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker1')]).toBe('10.20.1.9');
    await page
      .getByRole('region', { name: `Node ${node('worker1')}` })
      .getByText('10.20.1.9')
      .first()
      .waitFor();
    await picture(card, 'done', ['light', 'phone']);
    await page.getByRole('button', { name: /bgp-audit/ }).click();
    await page
      .getByText(new RegExp(`${id} `))
      .first()
      .waitFor();
    await picture(page.getByRole('log').locator(':scope > div'), 'audit-channel');
  });

  test('what is wrong in a form stands beside its field, which has the focus; nothing that was entered is lost', async () => {
    const page = await openPage(story.slack);
    const cards = story.cards().length;
    await page.getByRole('button', { name: 'BGP change' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Add…' }).click();
    const form = page.getByRole('dialog', { name: 'Add' });
    const addresses = form.getByLabel(/^Addresses of the peers/);
    await form.getByRole('combobox', { name: /^Node/ }).fill('worker4');
    await page.getByRole('option', { name: /worker4/ }).click();
    await addresses.fill('10.20.4.999');
    await form.getByRole('button', { name: 'Propose' }).click();
    const error = form.getByRole('alert');
    await error.getByText('10.20.4.999').waitFor();
    await picture(form, 'form-error', ['light', 'phone']);
    await eventually(async () =>
      expect(await addresses.evaluate((field) => field.matches(':focus'))).toBe(true),
    );
    expect(await addresses.getAttribute('aria-invalid')).toBe('true');
    expect(await addresses.inputValue()).toBe('10.20.4.999');
    expect(story.cards()).toHaveLength(cards);
    await addresses.fill('10.20.4.1');
    await error.waitFor({ state: 'detached' });
    const { card } = await newCard(page, () => form.getByRole('button', { name: 'Propose' }).click());
    await card.getByText(`+ ${node('worker4')}: 10.20.4.1`).waitFor();
  });

  test('a refused approval says why to the one who pressed, and the card stays as it was', async () => {
    const page = await openPage(story.slack);
    const proposed = await propose(page, `/bgp restart ${node('worker3')}`);
    const { card } = proposed;
    await titled(card, 'needs 1 of leads');
    const read = async () => (await card.textContent())?.replace('(edited)', '');
    const before = await read();
    await approve(page, proposed);
    await toldAlone(page).getByText('own_change').waitFor();
    expect(await read()).toBe(before);
    await picture(toldAlone(page), 'refused');
    await become(page, 'Bob');
    await page.getByText('own_change').waitFor({ state: 'detached' });
    await approve(page, proposed);
    await titled(card, /^✅/);
  });

  test('a reload in the middle of a running change shows it where it is, with the same person and the same button', async () => {
    const page = await openPage(story.slack);
    story.routers.set('10.20.2.9', false);
    const proposed = await propose(page, `/bgp rotate ${node('worker2')} 10.20.2.9`);
    const { card } = proposed;
    await become(page, 'Bob');
    await approve(page, proposed);
    await titled(card, /^⏳ .*of 3/);
    await card
      .getByText(/10\.20\.2\.9 (is )?(Connect|Active|Idle)/)
      .first()
      .waitFor();
    await picture(card, 'running', ['light', 'phone']);
    await page.getByRole('button', { name: 'Home' }).click();
    const home = page.getByRole('region', { name: 'Home', exact: true });
    await home.getByRole('heading', { name: 'Under way' }).waitFor();
    await picture(home, 'home-running', ['light', 'phone']);
    await page.getByRole('button', { name: /network-changes/ }).click();
    await page.reload();
    await titled(card, /^⏳ .*of 3/);
    await card.getByRole('button', { name: 'Stop now' }).waitFor();
    expect(await page.getByRole('radio', { name: /Bob/ }).isChecked()).toBe(true);
    story.routers.set('10.20.2.9', true);
    await titled(card, /^✅/);
  });
});
