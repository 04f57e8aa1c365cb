import { expect, test } from '@jest/globals';
import { sandboxWorkspace } from '../../../sandbox/src/slack/sandbox-workspace.ts';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { startSocketApp } from './app-under-test.ts';
import { ALICE, BOB, CHANGES, openSlack, until } from './slack-under-test.ts';

test('a response_url answers five times, then is used up', async () => {
  const slack = await openSlack();
  const url = await responseUrl(slack, CHANGES);
  for (let use = 1; use <= 5; use += 1) {
    const body = { text: `answer ${use}`, response_type: use === 5 ? 'in_channel' : 'ephemeral' };
    expect(await respond(url, body)).toEqual([200, { ok: true }]);
  }
  expect(await respond(url, { text: 'once more' })).toEqual([404, { ok: false, error: 'used_url' }]);
  const messages = slack.control.messages(CHANGES);
  expect(messages.map((message) => message.ephemeral_to)).toEqual([ALICE, ALICE, ALICE, ALICE, undefined]);
});

test('a response_url is worth nothing after half an hour', async () => {
  let now = Date.now();
  const slack = await openSlack({ clock: () => now });
  const url = await responseUrl(slack, CHANGES);
  now += 30 * 60_000 + 1;
  expect(await respond(url, { text: 'late' })).toEqual([404, { ok: false, error: 'expired_url' }]);
});

test('a response_url answers where the bot is no member, with more text than a message may have', async () => {
  const elsewhere = { id: 'C03', name: 'elsewhere', members: [ALICE] };
  const workspace = { ...sandboxWorkspace, channels: [...sandboxWorkspace.channels, elsewhere] };
  const slack = await openSlack({ workspace });
  const url = await responseUrl(slack, 'C03');
  const long = { type: 'section', text: { type: 'plain_text', text: 'x'.repeat(2900) } };
  expect(await respond(url, { text: 'x', blocks: Array(6).fill(long) })).toEqual([200, { ok: true }]);
  expect(await respond(url, { text: 'x', blocks: [{ type: 'bogus' }] })).toEqual([
    400,
    { ok: false, error: 'invalid_blocks' },
  ]);
  expect(slack.control.messages('C03')).toHaveLength(1);
});

test('a click on an ephemeral message can replace it, and then remove it', async () => {
  const slack = await openSlack();
  const blocks = [
    {
      type: 'actions' as const,
      block_id: 'b',
      elements: [
        { type: 'button' as const, action_id: 'more', text: { type: 'plain_text' as const, text: 'More' } },
      ],
    },
  ];
  const seen: { message: unknown; ephemeral: unknown }[] = [];
  let remove: (() => Promise<unknown>) | undefined;
  await startSocketApp(slack, (app) => {
    app.command('/bgp', async ({ ack }) => ack({ text: 'short', blocks }));
    app.action('more', async ({ ack, body, respond: reply }) => {
      await ack();
      if (body.type === 'block_actions')
        seen.push({ message: body.message, ephemeral: body.container.is_ephemeral });
      await reply({ text: 'long', replace_original: true });
      remove = () => reply({ delete_original: true });
    });
  });
  await slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: '' });
  const messageTs = slack.control.messages(CHANGES)[0]?.ts ?? '';
  const action = { block_id: 'b', action_id: 'more' };
  const by = (user: string) => slack.control.interact({ channel: CHANGES, messageTs, user, action });
  expect(await by(BOB)).toEqual({ ok: false, error: 'message_not_found' });
  expect(await by(ALICE)).toMatchObject({ ok: true });
  await until(() => remove !== undefined);
  expect(slack.control.messages(CHANGES)).toMatchObject([
    { ts: messageTs, text: 'long', ephemeral_to: ALICE, blocks: [] },
  ]);
  expect(seen).toEqual([{ message: undefined, ephemeral: true }]);
  await remove?.();
  expect(slack.control.messages(CHANGES)).toEqual([]);
});

async function responseUrl(slack: Slack, channel: string): Promise<string> {
  await startSocketApp(slack, (app) => app.command('/bgp', async ({ ack }) => ack()));
  await slack.control.command({ channel, user: ALICE, command: '/bgp', text: '' });
  const envelope = slack.control.log().find((line) => line.kind === 'envelope');
  const payload = envelope?.payload;
  if (typeof payload !== 'object' || payload === null || !('response_url' in payload))
    throw new Error('no response_url');
  return String(payload.response_url);
}

async function respond(url: string, body: object): Promise<[number, unknown]> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return [answer.status, await answer.json()];
}
