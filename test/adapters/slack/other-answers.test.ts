import { expect, test } from '@jest/globals';
import type { WebClient } from '@slack/web-api';
import { slackClient } from '../../../src/adapters/slack/clients.ts';
import { openDialogs } from '../../../src/adapters/slack/inbound/dialogs.ts';
import { openSlack } from '../../../src/adapters/slack/inbound/open-slack.ts';
import { slackPeople } from '../../../src/adapters/slack/people.ts';
import { openAlerts } from '../../../src/adapters/slack/publishing/alerts.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import { openSendReply } from '../../../src/adapters/slack/publishing/send-reply.ts';
import { openThreads } from '../../../src/adapters/slack/publishing/threads.ts';
import { upsertCard } from '../../../src/adapters/slack/publishing/upsert-card.ts';
import { SIGNING_SECRET, stopAfter, until } from '../../sandbox/slack/slack-under-test.ts';
import { aChange, write } from './a-change.ts';
import { openMemory } from './bot-under-test.ts';
import { type CallAnswer, startOtherSlack } from './other-slack.ts';

const CHANNEL = 'C7OPS';
const BOB = 'U7BOB';
const message = { text: 'an answer', blocks: [] };
const to = { channel: CHANNEL, user: BOB };
const refused = (error: string): CallAnswer => ({ body: { ok: false, error } });
const PAGE = '<html><body>503 Service Unavailable</body></html>';

test.each([
  ['in its body', { body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': '0' } }],
  ['without a time', { status: 429, body: { ok: false, error: 'ratelimited' } }],
])('an answer that Slack limits %s is sent again', async (_, limited) => {
  const { slack, sendReply } = await open();
  slack.answer('chat.postEphemeral', limited, {});
  await sendReply(to, [message]);
  expect(slack.callsOf('chat.postEphemeral')).toHaveLength(2);
});

test.each([
  ['where the bot is not in the channel', refused('not_in_channel')],
  ['where the person is not in the channel', refused('user_not_in_channel')],
  ['where the server knows no ephemeral messages', refused('unknown_method')],
])('an answer arrives as a direct message %s', async (_, refusal) => {
  const { slack, sendReply } = await open();
  slack.answer('chat.postEphemeral', refusal);
  await sendReply(to, [message, { ...message, text: 'more' }]);
  const sent = slack.callsOf('chat.postMessage').map(({ fields }) => [fields.channel, fields.text]);
  expect(sent).toEqual([
    [BOB, 'an answer'],
    [BOB, 'more'],
  ]);
});

test('a direct message opens its conversation where it has to be opened first', async () => {
  const { slack, sendReply } = await open();
  slack.answer('chat.postMessage', refused('channel_not_found'), {});
  slack.answer('conversations.open', { body: { ok: true, channel: { id: 'D7BOB' } } });
  await sendReply({ ...to, directly: true }, [message]);
  expect(slack.callsOf('chat.postMessage').at(-1)?.fields).toMatchObject({ channel: 'D7BOB' });
});

test('a response_url that says no in its body is no answer', async () => {
  const { slack, sendReply } = await open();
  slack.answer('/response/1', { body: { ok: false, error: 'used_url' } });
  await sendReply({ ...to, responseUrl: urlOn(slack.apiUrl) }, [message]);
  expect(slack.callsOf('chat.postEphemeral')).toHaveLength(1);
});

test('a response_url may call this machine by another of its names', async () => {
  const { slack, sendReply } = await open();
  await sendReply({ ...to, responseUrl: urlOn(slack.apiUrl).replace('127.0.0.1', 'localhost') }, [message]);
  expect(slack.callsOf('/response/1')).toHaveLength(1);
  expect(slack.callsOf('chat.postEphemeral')).toEqual([]);
});

test('a file that Slack limits arrives, as does the message that reveals where to', async () => {
  const { slack, sendReply } = await open();
  const limited = { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': '0' } };
  const place = { ok: true, upload_url: urlOn(slack.apiUrl), file_id: 'F7' };
  slack.answer('chat.postMessage', limited, {});
  slack.answer('files.getUploadURLExternal', limited, { body: place });
  slack.answer('files.completeUploadExternal', { body: { ok: true, files: [{ id: 'F7' }] } });
  await sendReply(to, [message], [{ name: 'a.csv', content: 'a' }]);
  expect(slack.callsOf('files.completeUploadExternal')).toHaveLength(1);
  expect(slack.callsOf('chat.postEphemeral').map(({ fields }) => fields.text)).toEqual(['an answer']);
});

test('a file whose upload breaks is said, and the messages before it are not sent again', async () => {
  const { slack, sendReply } = await open();
  const place = { ok: true, upload_url: urlOn(slack.apiUrl), file_id: 'F7' };
  slack.answer('files.getUploadURLExternal', { body: place });
  slack.answer('/response/1', { status: 500, body: 'no' });
  await sendReply(to, [message], [{ name: 'a.csv', content: 'a' }]);
  expect(slack.callsOf('chat.postEphemeral').map(({ fields }) => fields.text)).toEqual([
    'an answer',
    expect.stringContaining('could not be uploaded'),
  ]);
});

test.each([
  ['is shown after a rate limit', [refused('ratelimited'), {}], 2, 'working'],
  ['is refused with what to type once somebody has closed the window', [refused('not_found')], 1, 'refusal'],
])('a dialog %s', async (_, answers, calls, kind) => {
  const { slack, client } = await open();
  slack.answer('views.update', ...answers);
  const change = aChange('BGP-1');
  const request = { person: { userId: BOB, teamId: 'T7HOME' }, channel: CHANNEL, changeId: 'BGP-1' };
  const openDialog = openDialogs(client, () => undefined);
  const reply = await openDialog('t1', request, async () => ({
    kind: 'confirm',
    verb: 'break-glass',
    change,
  }));
  expect(slack.callsOf('views.update')).toHaveLength(calls);
  expect(reply.kind).toBe(kind);
});

test('a line for a thread that is gone is given back, for the next card', async () => {
  const { slack, client } = await open();
  slack.answer('chat.postMessage', refused('thread_not_found'));
  const threads = openThreads(client, channelRateLimiter(10));
  await expect(threads.add({ channel: CHANNEL, ts: '1.1' }, 'done')).rejects.toThrow('thread_not_found');
});

test('the page of a proxy in place of an answer is no refusal of the person who is told the end', async () => {
  const { slack, client } = await open();
  slack.answer('chat.postMessage', { body: PAGE });
  const { store, locations } = await openMemory();
  const record = await write(store, aChange('BGP-1', { state: 'failed' }), 'change.failed');
  const alert = openAlerts({
    client,
    channels: [],
    rateLimiter: channelRateLimiter(10),
    store,
    locations,
    workspaceUrl: () => '',
    onError: () => undefined,
  });
  await expect(alert(record)).rejects.toThrow();
});

test('a card whose answer got lost is found again by a bot whose clock is five minutes ahead', async () => {
  const { slack, client } = await open();
  const slackNow = Date.now() / 1000 - 290;
  await drawLater(client);
  const [search] = slack.callsOf('conversations.history');
  expect(Number(search?.fields.oldest)).toBeLessThan(slackNow);
});

test.each(['missing_scope', 'unknown_method'])(
  'a card is posted although its channel can never be searched for it: %s',
  async (code) => {
    const { slack, client } = await open();
    slack.answer('conversations.history', refused(code));
    await drawLater(client);
    expect(slack.callsOf('chat.postMessage')).toHaveLength(1);
  },
);

test('somebody of an organization belongs to the workspaces that Slack lists for them, and to no other', async () => {
  const { slack, people } = await open();
  const user = { id: 'W7', team_id: 'E7CORP', enterprise_user: { id: 'W7', teams: ['T7HOME'] } };
  slack.answer('users.info', { body: { ok: true, user } });
  const teamIn = async (teamId: string) => (await people.accountStatus({ userId: 'W7', teamId }))?.teamId;
  expect(await teamIn('T7HOME')).toBe('T7HOME');
  expect(await teamIn('T8OTHER')).toBeNull();
});

test('a user group whose members Slack does not list is unknown, not empty', async () => {
  const { slack, people } = await open();
  slack.answer('usergroups.users.list', { body: { ok: true } });
  expect(await people.members('S7')).toBeUndefined();
});

test('a start that Slack limits waits for its turn', async () => {
  const slack = await startOtherSlack();
  slack.answer(
    'auth.test',
    { status: 429, headers: { 'retry-after': '0' } },
    {
      body: { ok: true, team_id: 'T7HOME' },
    },
  );
  const access = { botToken: 'xoxb-1', apiUrl: slack.apiUrl };
  const bot = await openSlack(
    { ...access, mode: 'http', signingSecret: SIGNING_SECRET, port: 0 },
    () => undefined,
  );
  stopAfter(() => bot.stop(0));
  await until(() => bot.teamId() === 'T7HOME');
});

/** A change that is older than its first record has no card yet. */
async function drawLater(client: WebClient): Promise<void> {
  const { seen, locations } = await openMemory();
  const readContext = async () => ({
    links: new Map(),
    nowMs: Date.now(),
    others: [],
    rolledBackBy: [],
    mentions: new Map(),
  });
  const rateLimiter = channelRateLimiter(10);
  await upsertCard(aChange('BGP-1', { version: 2 }), { client, locations, seen, rateLimiter, readContext });
}

function urlOn(apiUrl: string): string {
  return apiUrl.replace('/api/', '/response/1');
}

async function open() {
  const slack = await startOtherSlack();
  const { apiUrl } = slack;
  const client = slackClient({ botToken: 'xoxb-1', apiUrl }, () => undefined);
  const sendReply = openSendReply(client, apiUrl, channelRateLimiter(10));
  return { slack, client, sendReply, people: slackPeople(client, () => undefined) };
}
