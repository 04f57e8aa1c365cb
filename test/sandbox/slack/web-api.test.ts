import { describe, expect, test } from '@jest/globals';
import { sandboxWorkspace } from '../../../sandbox/src/slack/sandbox-workspace.ts';
import { ALICE, APP_TOKEN, CHANGES, clientOf, openSlack, refusalOf, until } from './slack-under-test.ts';

const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });

describe('tokens', () => {
  test('the bot says who it is', async () => {
    const slack = await openSlack();
    expect(await clientOf(slack).auth.test()).toMatchObject({
      ok: true,
      user_id: 'U00BOT',
      bot_id: 'B00BOT',
      team_id: 'T01RACK',
    });
  });

  test('none, a wrong one and the other kind are told apart', async () => {
    const slack = await openSlack();
    expect(await (await fetch(`${slack.apiUrl}auth.test`)).json()).toEqual({
      ok: false,
      error: 'not_authed',
    });
    expect(await refusalOf(clientOf(slack, 'xoxb-other').auth.test())).toBe('invalid_auth');
    expect(await refusalOf(clientOf(slack, APP_TOKEN).auth.test())).toBe('not_allowed_token_type');
    expect(await refusalOf(clientOf(slack).apps.connections.open())).toBe('not_allowed_token_type');
  });

  test('never stand in the log', async () => {
    const slack = await openSlack();
    const body = new URLSearchParams({ token: 'xoxb-sandbox', channel: CHANGES, text: 'x' });
    await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', body });
    await clientOf(slack).auth.test();
    expect(JSON.stringify(slack.control.log())).not.toContain('xoxb-sandbox');
  });

  test('an unknown method is named as such', async () => {
    const slack = await openSlack();
    expect(await refusalOf(clientOf(slack).apiCall('chat.shout'))).toBe('unknown_method');
  });
});

describe('a message', () => {
  test('may come as a form, as JSON, and as a query', async () => {
    let now = 1_700_000_000_000;
    const slack = await openSlack({ clock: () => (now += 2000) });
    const url = `${slack.apiUrl}chat.postMessage`;
    const headers = { authorization: 'Bearer xoxb-sandbox' };
    await clientOf(slack).chat.postMessage({ channel: CHANGES, text: 'form' });
    const json = JSON.stringify({ channel: CHANGES, text: 'json', blocks: [section('b')] });
    await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: json,
    });
    const form = new FormData();
    form.set('channel', '#network-changes');
    form.set('text', 'multipart');
    await fetch(url, { method: 'POST', headers, body: form });
    await fetch(`${url}?channel=${CHANGES}&text=query`, { headers });
    const texts = slack.control.messages(CHANGES).map((message) => message.text);
    expect(texts).toEqual(['form', 'json', 'multipart', 'query']);
  });

  const refusals: [string, string, object][] = [
    ['without a word', 'no_text', {}],
    ['of blank', 'no_text', { text: '  ' }],
    ['to nowhere', 'channel_not_found', { channel: 'C99', text: 'x' }],
    ['where the bot is not', 'not_in_channel', { channel: 'C03', text: 'x' }],
    ['in a private channel that it cannot see', 'channel_not_found', { channel: 'C04', text: 'x' }],
    ['of 40 001 characters', 'msg_too_long', { text: 'x'.repeat(40_001) }],
    [
      'of too much block text',
      'msg_blocks_too_long',
      { text: 'x', blocks: Array(5).fill(section('x'.repeat(2700))) },
    ],
    ['with a wrong block', 'invalid_blocks', { text: 'x', blocks: [{ type: 'bogus' }] }],
    ['with blocks that are no list', 'invalid_blocks', { text: 'x', blocks: 'nonsense' }],
    [
      'with 101 attachments',
      'too_many_attachments',
      { text: 'x', attachments: Array(101).fill({ text: 'x' }) },
    ],
    ['with odd metadata', 'invalid_metadata_format', { text: 'x', metadata: { event_type: 'x' } }],
    ['in a thread that is not', 'cannot_reply_to_message', { text: 'x', thread_ts: '1.000100' }],
  ];
  test.each(refusals)('%s is refused as %s', async (_, error, args) => {
    const slack = await openSlack({ workspace: withClosedChannels() });
    const call = clientOf(slack).apiCall('chat.postMessage', { channel: CHANGES, ...args });
    expect(await refusalOf(call)).toBe(error);
    expect(slack.control.messages(CHANGES)).toEqual([]);
  });

  test('names the place of a wrong block', async () => {
    const slack = await openSlack();
    const blocks = JSON.stringify([section('x'.repeat(3001))]);
    const body = new URLSearchParams({ token: 'xoxb-sandbox', channel: CHANGES, text: 'x', blocks });
    const answer = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', body });
    expect(await answer.json()).toEqual({
      ok: false,
      error: 'invalid_blocks',
      response_metadata: {
        messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
      },
    });
  });

  test('comes at most once a second in a channel, and the wait is said in whole seconds', async () => {
    let now = 1_700_000_000_000;
    const slack = await openSlack({ clock: () => now });
    const post = (channel: string) =>
      fetch(`${slack.apiUrl}chat.postMessage?channel=${channel}&text=x`, {
        headers: { authorization: 'Bearer xoxb-sandbox' },
      });
    expect((await post(CHANGES)).status).toBe(200);
    now += 999;
    const limited = await post(CHANGES);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await limited.json()).toEqual({ ok: false, error: 'ratelimited' });
    expect((await post('C02AUDIT')).status).toBe(200);
    now += 1;
    expect((await post(CHANGES)).status).toBe(200);
  });

  test('keeps its metadata, and has a time of its own', async () => {
    let now = 1_700_000_000_000;
    const slack = await openSlack({ clock: () => now });
    const client = clientOf(slack);
    const metadata = { event_type: 'bgp_change', event_payload: { change: 'BGP-1' } };
    const { ts } = await client.chat.postMessage({ channel: CHANGES, text: 'card', metadata });
    expect(ts).toMatch(/^1700000000\.\d{6}$/);
    now += 1000;
    await client.chat.postMessage({ channel: CHANGES, text: 'reply', thread_ts: ts ?? '' });
    const history = await client.conversations.history({ channel: CHANGES, include_all_metadata: true });
    expect(history.messages).toMatchObject([{ ts, metadata, reply_count: 1, thread_ts: ts }]);
    const plain = await client.conversations.history({ channel: CHANGES });
    expect(plain.messages?.[0]).not.toHaveProperty('metadata');
    const thread = await client.conversations.replies({ channel: CHANGES, ts: ts ?? '' });
    expect(thread.messages?.map((message) => message.text)).toEqual(['card', 'reply']);
  });
});

describe('changing a message', () => {
  test('keeps the blocks that are not given, and says that it was edited', async () => {
    const slack = await openSlack();
    const client = clientOf(slack);
    const { ts = '' } = await client.chat.postMessage({
      channel: CHANGES,
      text: 'a',
      blocks: [section('a')],
    });
    await client.chat.update({ channel: CHANGES, ts, text: 'b' });
    expect(slack.control.messages(CHANGES)).toMatchObject([
      { text: 'b', blocks: [{ type: 'section' }], edited: { user: 'U00BOT' } },
    ]);
    await client.chat.update({ channel: CHANGES, ts, text: 'c', blocks: [] });
    expect(slack.control.messages(CHANGES)).toMatchObject([{ text: 'c', blocks: [] }]);
  });

  test('is refused when there is none, when it is ephemeral, and when it is somebody else’s', async () => {
    const slack = await openSlack();
    const client = clientOf(slack);
    const update = (ts: string) => refusalOf(client.chat.update({ channel: CHANGES, ts, text: 'x' }));
    expect(await update('1.000100')).toBe('message_not_found');
    const { message_ts: ts = '' } = await client.chat.postEphemeral({
      channel: CHANGES,
      user: ALICE,
      text: 'x',
    });
    expect(await update(ts)).toBe('message_not_found');
    await slack.control.command({ channel: CHANGES, user: ALICE, command: '/none', text: '' });
    const slackbots = slack.control.messages(CHANGES).at(-1);
    expect(slackbots).toMatchObject({
      text: '/none failed with the error "dispatch_failed"',
      ephemeral_to: ALICE,
    });
  });

  test('an ephemeral one goes to members only', async () => {
    const slack = await openSlack();
    const client = clientOf(slack);
    slack.control.setUser({ id: 'U09DAVE', name: 'dave' });
    const to = (user: string) => refusalOf(client.chat.postEphemeral({ channel: CHANGES, user, text: 'x' }));
    expect(await to('U09DAVE')).toBe('user_not_in_channel');
    expect(await to('U77')).toBe('user_not_found');
  });
});

test('people and groups can be looked up, and change while it runs', async () => {
  const slack = await openSlack();
  const client = clientOf(slack);
  expect(await client.users.info({ user: 'U04MALLORY' })).toMatchObject({
    user: { is_restricted: true, team_id: 'T01RACK' },
  });
  slack.control.setUser({ id: ALICE, deleted: true });
  expect(await client.users.info({ user: ALICE })).toMatchObject({ user: { deleted: true, name: 'alice' } });
  expect(await refusalOf(client.users.info({ user: 'U99' }))).toBe('user_not_found');
  slack.control.setUserGroup({ id: 'S02LEADS', users: [ALICE] });
  expect(await client.usergroups.users.list({ usergroup: 'S02LEADS' })).toMatchObject({ users: [ALICE] });
  expect(await refusalOf(client.usergroups.users.list({ usergroup: 'S99' }))).toBe('no_such_subteam');
});

test('a file is announced, sent and shown in the thread', async () => {
  const slack = await openSlack();
  const client = clientOf(slack);
  const { ts = '' } = await client.chat.postMessage({ channel: CHANGES, text: 'card' });
  const content = Buffer.from('router bgp 64443');
  await client.filesUploadV2({ channel_id: CHANGES, thread_ts: ts, file: content, filename: 'config.txt' });
  await until(() => slack.control.messages(CHANGES).length === 2);
  expect(slack.control.messages(CHANGES)[1]).toMatchObject({
    thread_ts: ts,
    files: [{ name: 'config.txt', size: 16, preview: 'router bgp 64443' }],
  });
});

test('blocks can be validated without being posted', async () => {
  const slack = await openSlack();
  const call = (args: Record<string, string>) =>
    fetch(`${slack.apiUrl}blocks.validate`, {
      method: 'POST',
      body: new URLSearchParams({ token: 'xoxb-sandbox', ...args }),
    });
  expect(await (await call({ blocks: JSON.stringify([section('x')]) })).json()).toEqual({ ok: true });
  expect(await (await call({ blocks: '[{"type":"bogus"}]' })).json()).toMatchObject({
    ok: false,
    error: 'invalid_blocks',
    errors: [{ pointer: '/0/type', code: 'unsupported_type' }],
  });
});

test('a failure on purpose meets as many calls as it was told to', async () => {
  const slack = await openSlack();
  slack.control.fault({ method: 'chat.postMessage', status: 503, times: 1 });
  slack.control.fault({ method: 'chat.postMessage', error: 'account_inactive', times: 1 });
  const post = () => clientOf(slack).chat.postMessage({ channel: CHANGES, text: 'x' });
  await expect(post()).rejects.toMatchObject({ statusCode: 503 });
  expect(await refusalOf(post())).toBe('account_inactive');
  expect(await post()).toMatchObject({ ok: true });
});

function withClosedChannels(): typeof sandboxWorkspace {
  const members = [ALICE];
  const closed = [
    { id: 'C03', name: 'elsewhere', members },
    { id: 'C04', name: 'secret', members, isPrivate: true },
  ];
  return { ...sandboxWorkspace, channels: [...sandboxWorkspace.channels, ...closed] };
}
