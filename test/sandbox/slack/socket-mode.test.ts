import { expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { ALICE, APP_TOKEN, CHANGES, clientOf, openSlack, stopAfter, until } from './slack-under-test.ts';

test('a ticket opens one connection, not two', async () => {
  const slack = await openSlack();
  const url = await ticket(slack);
  const first = connect(url);
  await until(() => first.frames.length === 1);
  expect(first.frames[0]).toMatchObject({
    type: 'hello',
    num_connections: 1,
    connection_info: { app_id: 'A00BOT' },
  });
  const second = connect(url);
  await until(() => second.closed());
  expect(second.frames).toEqual([]);
  expect(slack.control.connections()).toBe(1);
});

test('the eleventh connection is refused with too_many_websockets', async () => {
  const slack = await openSlack();
  for (let count = 1; count <= 10; count += 1) connect(await ticket(slack));
  await until(() => slack.control.connections() === 10);
  const eleventh = connect(await ticket(slack));
  await until(() => eleventh.closed());
  expect(eleventh.frames).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
  expect(slack.control.connections()).toBe(10);
});

test('envelopes go round the open connections, one each', async () => {
  const slack = await openSlack();
  const first = connect(await ticket(slack), { acknowledges: true });
  const second = connect(await ticket(slack), { acknowledges: true });
  await until(() => slack.control.connections() === 2);
  for (let count = 0; count < 4; count += 1) {
    const typed = { channel: CHANGES, user: ALICE, command: '/bgp', text: String(count) };
    expect(await slack.control.command(typed)).toMatchObject({ ok: true });
  }
  expect([first.envelopes().length, second.envelopes().length]).toEqual([2, 2]);
  expect(first.envelopes()[0]).toMatchObject({ type: 'slash_commands', accepts_response_payload: true });
});

test('with nobody connected a command fails with dispatch_failed', async () => {
  const slack = await openSlack();
  const outcome = await slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: '' });
  expect(outcome).toEqual({ ok: false, ack_ms: 0, error: 'dispatch_failed' });
  expect(slack.control.messages(CHANGES)[0]?.text).toBe('/bgp failed with the error "dispatch_failed"');
});

test('a connection that is lost before it acknowledged fails its command', async () => {
  const slack = await openSlack();
  const connection = connect(await ticket(slack));
  await until(() => slack.control.connections() === 1);
  const outcome = slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: '' });
  await until(() => connection.envelopes().length === 1);
  expect(slack.control.disconnect({ reason: 'warning', cut: true })).toBe(1);
  expect(await outcome).toMatchObject({ ok: false, error: 'dispatch_failed' });
});

test('a late acknowledgement is noted, and changes nothing', async () => {
  const slack = await openSlack({ ackTimeoutMs: 100 });
  const connection = connect(await ticket(slack));
  await until(() => slack.control.connections() === 1);
  const outcome = await slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: '' });
  expect(outcome).toMatchObject({ error: 'operation_timeout' });
  connection.acknowledge(String(connection.envelopes()[0]?.envelope_id));
  await until(() => slack.control.log().some((line) => line.kind === 'late_ack'));
});

test('a refresh is asked of the oldest connection, or of all', async () => {
  const slack = await openSlack();
  const first = connect(await ticket(slack));
  await until(() => slack.control.connections() === 1);
  const second = connect(await ticket(slack));
  await until(() => slack.control.connections() === 2);
  expect(slack.control.disconnect({ reason: 'refresh_requested' })).toBe(1);
  await until(() => first.frames.length === 2);
  expect(first.frames[1]).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
  expect(slack.control.disconnect({ reason: 'warning', all: true })).toBe(2);
  await until(() => second.frames.length === 2);
});

async function ticket(slack: Slack): Promise<string> {
  const { url } = await clientOf(slack, APP_TOKEN).apps.connections.open({});
  expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/link\?ticket=/);
  return url ?? '';
}

function connect(url: string, options = { acknowledges: false }) {
  const socket = new WebSocket(url);
  const frames: Record<string, unknown>[] = [];
  let closed = false;
  const acknowledge = (envelopeId: string) =>
    socket.send(JSON.stringify({ envelope_id: envelopeId, payload: {} }));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
  });
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    frames.push(frame);
    if (options.acknowledges && frame.envelope_id) acknowledge(frame.envelope_id);
  });
  stopAfter(async () => socket.terminate());
  const envelopes = () => frames.filter((frame) => frame.envelope_id !== undefined);
  return { frames, acknowledge, envelopes, closed: () => closed };
}
