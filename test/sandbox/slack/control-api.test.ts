import { expect, test } from '@jest/globals';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { startSocketApp } from './app-under-test.ts';
import { ALICE, BOB, CHANGES, clientOf, openSlack } from './slack-under-test.ts';

test('a person is played over HTTP: command, click on an old card, what all see', async () => {
  const slack = await openSlack();
  const values: unknown[] = [];
  await startSocketApp(slack, (app) => {
    app.command('/bgp', async ({ ack }) => ack());
    app.action(/.*/, async ({ ack, action }) => {
      values.push(action);
      await ack();
    });
  });
  const { ts } = await clientOf(slack).chat.postMessage({ channel: CHANGES, text: 'a card without buttons' });
  expect(
    await post(slack, 'command', { channel: CHANGES, user: ALICE, command: '/bgp', text: 'show' }),
  ).toMatchObject({
    ok: true,
    ack_ms: expect.any(Number),
  });
  const action = { block_id: 'gone', action_id: 'approve', value: 'old' };
  expect(await post(slack, 'interact', { channel: CHANGES, messageTs: ts, user: BOB, action })).toMatchObject(
    { ok: true },
  );
  expect(values).toMatchObject([{ type: 'button', block_id: 'gone', action_id: 'approve', value: 'old' }]);
  expect(await get(slack, `messages/${CHANGES}`)).toMatchObject({
    messages: [{ ts, text: 'a card without buttons' }],
  });
  expect(await get(slack, `views/${ALICE}`)).toMatchObject({ views: [], home: null });
  expect(await get(slack, 'log')).toMatchObject({ ok: true });
});

test('the workspace, the app and failures can be changed over HTTP', async () => {
  const slack = await openSlack();
  await post(slack, 'user', { id: ALICE, deleted: true });
  await post(slack, 'usergroup', { id: 'S02LEADS', users: [] });
  await post(slack, 'app', { request_url: null, should_escape: true });
  await post(slack, 'fault', { method: 'users.info', error: 'user_not_visible', times: 1 });
  expect(await post(slack, 'disconnect', { reason: 'warning' })).toEqual({ ok: true, connections: 0 });
  expect(slack.control.workspace()).toMatchObject({
    users: [{ id: ALICE, name: 'alice', deleted: true }, {}, {}, {}, {}],
    userGroups: [{}, { id: 'S02LEADS', handle: 'leads', users: [] }],
  });
  await expect(clientOf(slack).users.info({ user: ALICE })).rejects.toThrow('user_not_visible');
});

test('mentions arrive escaped when the manifest says so', async () => {
  const slack = await openSlack({ shouldEscape: true });
  const texts: string[] = [];
  await startSocketApp(slack, (app) => {
    app.command('/bgp', async ({ ack, command }) => {
      texts.push(command.text);
      await ack();
    });
  });
  const text = 'ask @bob in #bgp-audit, see https://example.com/?a&b <x>';
  await slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text });
  expect(texts).toEqual([
    'ask <@U02BOB|bob> in <#C02AUDIT|bgp-audit>, see <https://example.com/?a&amp;b> &lt;x&gt;',
  ]);
});

test('a body that makes no sense is refused with what is wrong', async () => {
  const slack = await openSlack();
  expect(await post(slack, 'command', { channel: CHANGES })).toMatchObject({
    ok: false,
    error: 'invalid_arguments',
    detail: expect.stringContaining('user'),
  });
});

test('the sandbox can add routes of its own', async () => {
  const routers = {
    method: 'POST' as const,
    name: 'routers',
    handle: ({ rest, body }: { rest: string; body: unknown }) => ({ rest, body }),
  };
  const slack = await openSlack({ extraRoutes: [routers] });
  expect(await post(slack, 'routers/10.20.1.1', { up: false })).toEqual({
    rest: '10.20.1.1',
    body: { up: false },
  });
});

test('a page from elsewhere cannot press buttons here', async () => {
  const slack = await openSlack();
  const headers = { origin: 'https://elsewhere.example' };
  const answer = await fetch(`${slack.url}/_control/user`, { method: 'POST', headers, body: '{"id":"U1"}' });
  expect(answer.status).toBe(403);
});

async function post(slack: Slack, path: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${slack.url}/_control/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return answer.json();
}

async function get(slack: Slack, path: string): Promise<unknown> {
  return (await fetch(`${slack.url}/_control/${path}`)).json();
}
