import { expect, test } from '@jest/globals';
import { startSocketApp } from './app-under-test.ts';
import { inChromium, openPage } from './page-under-test.ts';
import { BOB, CHANGES, clientOf, openSlack, until } from './slack-under-test.ts';

test('the page loads nothing from elsewhere', async () => {
  const slack = await openSlack();
  const html = await (await fetch(slack.url)).text();
  expect(html).toContain('<!doctype html>');
  expect(html).toContain("default-src 'none'; connect-src 'self'");
  expect(html).not.toMatch(/(src|href)="https?:/);
});

inChromium('in a browser', () => {
  test('a command is typed, a lead presses the button, and the card changes for both', async () => {
    const slack = await openSlack();
    const pressed: string[] = [];
    await startSocketApp(slack, (app) => {
      app.command('/bgp', async ({ ack, client, command }) => {
        await ack('planning');
        await client.chat.postMessage({ channel: command.channel_id, text: 'BGP-1', blocks: card() });
      });
      app.action('approve', async ({ ack, body, client }) => {
        await ack();
        pressed.push(body.user.id);
        const ts = body.type === 'block_actions' ? (body.message?.ts ?? '') : '';
        await client.chat.update({ channel: CHANGES, ts, text: '*approved* by <@U02BOB>', blocks: [] });
      });
    });
    const page = await openPage(slack);
    await page.locator('[data-channel=C01CHANGES] [name=command]').fill('/bgp rotate');
    await page.keyboard.press('Enter');
    await page.getByText('Only visible to you').waitFor();
    await page.getByRole('radio', { name: /Bob/ }).click();
    expect(await page.getByText('Only visible to you').count()).toBe(0);
    await page.locator('[data-action=approve]').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
    await page.locator('b', { hasText: 'approved' }).waitFor();
    expect(await page.locator('.mention.mine').textContent()).toBe('@bob');
    expect(pressed).toEqual([BOB]);
  });

  test('what a message says never becomes markup of the page', async () => {
    const slack = await openSlack();
    const nasty = '<img src=x onerror="document.title=1"> &lt;script&gt; <javascript:alert(1)|click> *b* `c`';
    await clientOf(slack).chat.postMessage({ channel: CHANGES, text: nasty });
    const page = await openPage(slack);
    const text = page.locator('.message .text');
    await text.waitFor();
    expect(await text.locator('img, script, a').count()).toBe(0);
    expect(await text.textContent()).toContain('<script>');
    expect(await text.locator('b').textContent()).toBe('b');
    expect(await page.title()).toBe('Sandbox Slack');
  });

  test('a modal asks, shows what is wrong, and closes when it is right', async () => {
    const slack = await openSlack();
    const entered: unknown[] = [];
    await startSocketApp(slack, (app) => {
      app.command('/bgp', async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: reasonModal() });
      });
      app.view('reason', async ({ ack, view }) => {
        const reason = view.state.values.reason?.text?.value;
        entered.push(reason);
        await ack(
          reason === 'no' ? { response_action: 'errors', errors: { reason: 'Say more.' } } : undefined,
        );
      });
    });
    const page = await openPage(slack);
    await page.locator('[data-channel=C01CHANGES] [name=command]').fill('/bgp');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.locator('input').fill('no');
    await dialog.getByRole('button', { name: 'Go' }).click();
    await dialog.getByText('Say more.').waitFor();
    await dialog.locator('input').fill('maintenance');
    await dialog.getByRole('button', { name: 'Go' }).click();
    await dialog.waitFor({ state: 'detached' });
    await until(() => entered.length === 2);
    expect(entered).toEqual(['no', 'maintenance']);
  });
});

function card() {
  const text = (words: string) => ({ type: 'plain_text' as const, text: words });
  const confirm = {
    title: text('Sure?'),
    text: text('It happens at once.'),
    confirm: text('Do it'),
    deny: text('No'),
  };
  const button = { type: 'button' as const, action_id: 'approve', text: text('Approve'), confirm };
  return [{ type: 'actions' as const, block_id: 'decide', elements: [button] }];
}

function reasonModal() {
  const text = (words: string) => ({ type: 'plain_text' as const, text: words });
  const element = { type: 'plain_text_input' as const, action_id: 'text' };
  return {
    type: 'modal' as const,
    callback_id: 'reason',
    title: text('Rotate'),
    submit: text('Go'),
    blocks: [{ type: 'input' as const, block_id: 'reason', label: text('Reason'), element }],
  };
}
