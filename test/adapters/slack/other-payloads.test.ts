import { expect, test } from '@jest/globals';
import { signature } from '../../../sandbox/src/slack/delivery/signature.ts';
import type { CommandRequest, DecisionRequest } from '../../../src/workflow/requests.ts';
import { SIGNING_SECRET, until } from '../../sandbox/slack/slack-under-test.ts';
import { openMemory, saying, startBot } from './bot-under-test.ts';
import { startOtherSlack } from './other-slack.ts';

const TEAM = 'T7HOME';
const CHANNEL = 'C7OPS';
const BOB = 'U7BOB';
const VALUE = '{"change":"BGP-1","digest":"d1"}';
const command = { command: '/bgp', text: 'show', user_id: BOB, team_id: TEAM, channel_id: CHANNEL };

test('a command without trigger and response_url is done each time that it is typed, and once when it is delivered twice', async () => {
  const { slack, asked } = await open();
  const typed = (envelope_id: string) => ({ type: 'slash_commands', envelope_id, payload: command });
  slack.send(typed('e1'), typed('e1'), typed('e2'), typed('e3'));
  await until(() => asked.length >= 3);
  await until(() => slack.callsOf('chat.postEphemeral').length === 3);
  expect(asked.map(({ text }) => text)).toEqual(['show', 'show', 'show']);
});

test('a command is done although Slack closes the socket before it hears of it', async () => {
  const { slack, asked } = await open();
  slack.send(
    { type: 'slash_commands', envelope_id: 'e1', payload: { ...command, trigger_id: 't1' } },
    { type: 'disconnect', reason: 'refresh_requested' },
  );
  await until(() => asked.length === 1);
  await until(() => slack.callsOf('chat.postEphemeral').length === 1);
});

test.each([
  ['with fields that are null', { view: null, response_url: null, container: null, state: null, team: null }],
  ['without any field that it can do without', {}],
])('a click %s is decided for its channel', async (_, fields) => {
  const { slack, decided } = await open();
  const [user, channel] = [{ id: BOB, team_id: TEAM }, { id: CHANNEL }];
  slack.send(click({ ...fields, user, channel }, button));
  await until(() => decided.length === 1);
  const person = { userId: BOB, teamId: TEAM };
  expect(decided[0]).toEqual({ person, channel: CHANNEL, changeId: 'BGP-1', digest: 'd1' });
});

test('a click that does not say its channel is answered by direct message', async () => {
  const { slack } = await open();
  slack.answer('chat.postEphemeral', { body: { ok: false, error: 'channel_not_found' } });
  slack.send(click({ user: { id: BOB }, team: { id: TEAM } }, button));
  await until(() => slack.callsOf('chat.postMessage').length === 1);
  expect(slack.callsOf('chat.postMessage')[0]?.fields.channel).toBe(BOB);
});

test('the choice of a menu entry that carries none is answered', async () => {
  const { slack } = await open();
  const menu = { type: 'overflow', action_id: 'more', block_id: 'decide', selected_option: null };
  slack.send(click({ user: { id: BOB, team_id: TEAM }, channel: { id: CHANNEL } }, menu));
  await until(() => slack.callsOf('chat.postEphemeral').length === 1);
  expect(slack.callsOf('chat.postEphemeral')[0]?.fields.text).toContain('outdated card');
});

test('the dialog of a decision counts without the state of its fields', async () => {
  const { slack, decided } = await open();
  const memory = JSON.stringify({ change: 'BGP-1', digest: 'd1', channel: CHANNEL });
  const view = { id: 'V1', type: 'modal', callback_id: 'approve', private_metadata: memory };
  slack.send(interactive({ type: 'view_submission', user: { id: BOB }, team: { id: TEAM }, view }));
  await until(() => decided.length === 1);
});

test('a dialog that nothing is known of says that it has expired', async () => {
  const { slack } = await open();
  const view = { id: 'V1', type: 'modal' };
  slack.send(interactive({ type: 'view_submission', user: { id: BOB }, team: { id: TEAM }, view }));
  expect(await slack.acknowledged('e1')).toMatchObject({ response_action: 'update' });
});

test.each([
  ['null', { view: null }],
  ['missing', {}],
])('the options of a view that is %s are empty', async (_, fields) => {
  const { slack } = await open();
  const typing = { type: 'block_suggestion', action_id: 'field', block_id: 'node', value: 'n' };
  slack.send(interactive({ ...typing, user: { id: BOB }, team: { id: TEAM }, ...fields }));
  expect(await slack.acknowledged('e1')).toEqual({ options: [] });
});

test('a member of an Enterprise Grid organization counts as one of the workspace that the click came from', async () => {
  const { slack, decided } = await open();
  const user = { id: 'W7GRID', team_id: 'E7CORP' };
  slack.send(click({ user, team: { id: TEAM }, channel: { id: CHANNEL } }, button));
  await until(() => decided.length === 1);
  expect(decided[0]?.person).toEqual({ userId: 'W7GRID', teamId: TEAM });
});

test('a socket is open whatever else its first frame says', async () => {
  const slack = await startOtherSlack({ type: 'hello', reason: null, payload: null });
  const bot = await startBot(slack.apiUrl, await openMemory(), {});
  expect(bot.slack.silenceMs()).toBe(0);
});

test('a form may name its character set', async () => {
  const asked: CommandRequest[] = [];
  const slack = await startOtherSlack();
  const submit = async (request: CommandRequest) => {
    asked.push(request);
    return saying('shown');
  };
  const bot = await startBot(slack.apiUrl, await openMemory(), { submit }, 'http');
  const body = new URLSearchParams({ ...command, trigger_id: 't1' }).toString();
  const stamp = Math.floor(Date.now() / 1000);
  const answer = await fetch(`http://127.0.0.1:${bot.slack.port()}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-slack-request-timestamp': String(stamp),
      'x-slack-signature': signature(SIGNING_SECRET, stamp, body),
    },
    body,
  });
  expect(answer.status).toBe(200);
  await until(() => asked.length === 1);
});

const button = { type: 'button', action_id: 'approve', block_id: 'decide', value: VALUE };

function click(fields: object, action: object) {
  return interactive({ type: 'block_actions', actions: [action], ...fields });
}

function interactive(payload: object) {
  return { type: 'interactive', envelope_id: 'e1', payload };
}

async function open() {
  const slack = await startOtherSlack();
  const asked: CommandRequest[] = [];
  const decided: DecisionRequest[] = [];
  await startBot(slack.apiUrl, await openMemory(), {
    submit: async (request) => {
      asked.push(request);
      return saying('shown');
    },
    decide: async (_, request) => {
      decided.push(request);
      return saying('decided');
    },
  });
  return { slack, asked, decided };
}
