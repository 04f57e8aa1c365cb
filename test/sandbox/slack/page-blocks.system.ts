import { expect, test } from '@jest/globals';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { startSocketApp } from './app-under-test.ts';
import { everyFieldModal, FIELDS, MESSAGE_BLOCKS } from './every-block.ts';
import { axeFindings, fastClock, inChromium, openPage, say } from './page-under-test.ts';
import { CHANGES, clientOf, openSlack, until } from './slack-under-test.ts';

inChromium('Block Kit on the page', () => {
  test('every type of block that Slack takes is drawn, and axe-core finds nothing', async () => {
    const slack = await openSlack({ clock: fastClock() });
    const errors: string[] = [];
    const page = await openPage(slack);
    page.on('pageerror', (error) => errors.push(error.message));
    for (const [text, block] of Object.values(MESSAGE_BLOCKS)) {
      await post(slack, { text: `fallback of ${block.type}`, blocks: [block] });
      if (text !== '') await page.locator('.message').last().getByText(text).first().waitFor();
    }
    expect(await page.locator('.placeholder').filter({ hasText: 'cannot draw' }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('a block of a type that is not known says so', async () => {
    const slack = await openSlack();
    const page = await openPage(slack);
    await page.route('**/_control/messages/*', async (route) => {
      const answer = await (await route.fetch()).text();
      await route.fulfill({ body: answer.replaceAll('"divider"', '"hologram"') });
    });
    await post(slack, { text: 'x', blocks: [{ type: 'divider' }] });
    await page.getByText('A block of type “hologram” stands here').waitFor();
  });

  test('every type of field is drawn, keeps what it was given, and is sent as Slack sends it', async () => {
    const slack = await openSlack();
    const sent: object[] = [];
    await startSocketApp(slack, (app) => {
      app.command('/every', async ({ ack, client, command }) => {
        await ack();
        await client.apiCall('views.open', { trigger_id: command.trigger_id, view: everyFieldModal() });
      });
      app.options('field', async ({ ack, options }) => {
        const text = `found ${options.value}`;
        await ack({ options: [{ text: { type: 'plain_text', text }, value: 'found' }] });
      });
      app.view('every', async ({ ack, view }) => {
        sent.push(view.state.values);
        await ack();
      });
    });
    const page = await openPage(slack);
    await say(page, '/every');
    const dialog = page.getByRole('dialog');
    for (const type of Object.keys(FIELDS))
      await dialog.getByText(`Field ${type}`, { exact: false }).first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByLabel('Field external_select').fill('wor');
    await page.getByRole('option', { name: 'found wor' }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Field multi_external_select').fill('a');
    await page.getByRole('option', { name: 'found a' }).click();
    await dialog.getByRole('button', { name: 'Remove found a' }).waitFor();
    await dialog.getByRole('button', { name: 'Go' }).click();
    await until(() => sent.length === 1);
    expect(sent[0]).toMatchObject({
      plain_text_input: { field: { type: 'plain_text_input', value: 'as written' } },
      static_select: { field: { selected_option: { value: 'a' } } },
      multi_static_select: { field: { selected_options: [{ value: 'a' }] } },
      external_select: { field: { selected_option: { value: 'found' } } },
      multi_external_select: { field: { selected_options: [{ value: 'found' }] } },
      users_select: { field: { selected_user: 'U02BOB' } },
      conversations_select: { field: { selected_conversation: CHANGES } },
      checkboxes: { field: { selected_options: [] } },
      radio_buttons: { field: { selected_option: { value: 'b' } } },
      datepicker: { field: { selected_date: '2026-11-28' } },
      datetimepicker: { field: { selected_date_time: 1_700_000_000 } },
    });
  });

  test('a link to a message leads to it, in whichever channel it is', async () => {
    const slack = await openSlack({ clock: fastClock() });
    const client = clientOf(slack);
    const { ts = '' } = await client.chat.postMessage({ channel: 'C02AUDIT', text: 'the record' });
    const { permalink } = await client.chat.getPermalink({ channel: 'C02AUDIT', message_ts: ts });
    await client.chat.postMessage({ channel: CHANGES, text: `see <${permalink}|record 1>` });
    const page = await openPage(slack);
    await page.getByRole('link', { name: 'record 1' }).click();
    await page.getByText('the record').waitFor();
    expect(page.context().pages()).toHaveLength(1);
  });

  test('a picture is shown with its description, a text with its beginning and all of it to download', async () => {
    const slack = await openSlack();
    await upload(slack, { filename: 'map.png', alt_txt: 'two racks' }, Buffer.from(ONE_PIXEL, 'base64'));
    await upload(slack, { filename: 'nodes.csv' }, Buffer.from('node,peer\nw1,10.0.0.1'));
    const page = await openPage(slack);
    await page.getByAltText('two racks').waitFor();
    await page.getByText('nodes.csv').first().click();
    await page.getByText('w1,10.0.0.1').waitFor();
    expect(await page.getByRole('link', { name: 'Download nodes.csv' }).getAttribute('download')).toBe(
      'nodes.csv',
    );
  });
});

const ONE_PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Newer blocks than the SDK's types know. */
async function post(slack: Slack, message: object): Promise<void> {
  await clientOf(slack).apiCall('chat.postMessage', { channel: CHANGES, ...message });
}

/** By its steps: the SDK sends the description under a name that Slack does not read. */
async function upload(
  slack: Slack,
  about: { readonly filename: string; readonly alt_txt?: string },
  content: Buffer,
) {
  const client = clientOf(slack);
  const place: { readonly ok: boolean; readonly upload_url?: string; readonly file_id?: string } =
    await client.apiCall('files.getUploadURLExternal', { ...about, length: content.length });
  await fetch(String(place.upload_url), { method: 'POST', body: new Uint8Array(content) });
  await client.apiCall('files.completeUploadExternal', {
    channel_id: CHANGES,
    files: [{ id: place.file_id }],
  });
}
