import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { ALICE, CHANGES, stopAfter, until } from '../../sandbox/slack/slack-under-test.ts';
import { openMemory, saying, startBot } from './bot-under-test.ts';

const UNREADABLE = [
  '',
  'null',
  '[]',
  '1',
  '"hello"',
  '{}',
  '{',
  '{"type":null}',
  '{"type":"events_api"}',
  '{"type":"events_api","payload":null}',
  '{"type":"events_api","payload":{}}',
  '{"type":"events_api","payload":{"event":null}}',
  '{"type":"events_api","payload":{"event":{}}}',
  '{"type":"slash_commands","envelope_id":"1"}',
  '{"type":"slash_commands","envelope_id":"2","payload":{}}',
  '{"type":"interactive","envelope_id":"3","payload":{"type":"block_actions"}}',
  '{"type":"interactive","envelope_id":"4","payload":{"type":"view_submission","view":null}}',
  '{"type":"something_new","payload":{}}',
];

test('lesson 50: no frame of a socket ends the process, whatever it is; the next command is served', async () => {
  const lost: unknown[] = [];
  const note = (error: unknown): void => void lost.push(error);
  process.on('unhandledRejection', note);
  stopAfter(async () => process.off('unhandledRejection', note));
  const texts: string[] = [];
  const { slack } = await startBot(await startSlackThatSends(UNREADABLE), await openMemory(), {
    submit: async ({ text }) => {
      texts.push(text);
      return saying(text);
    },
  });
  await until(() => texts.includes('after all of them'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(lost).toEqual([]);
  expect(slack.silenceMs()).toBe(0);
});

/** The Web API, as little of it as a start needs, and sockets on which these frames come before a command. */
async function startSlackThatSends(frames: readonly string[]): Promise<string> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const body = request.url?.includes('apps.connections.open')
      ? { ok: true, url: `ws://127.0.0.1:${port}/link` }
      : { ok: true, team_id: 'T01RACK', user_id: 'U00BOT', bot_id: 'B00BOT' };
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
    for (const frame of frames) socket.send(frame);
    socket.send(Buffer.from([0, 1, 2]));
    const payload = {
      command: '/bgp',
      text: 'after all of them',
      user_id: ALICE,
      team_id: 'T01RACK',
      channel_id: CHANGES,
      trigger_id: 't1',
      response_url: '',
    };
    socket.send(JSON.stringify({ type: 'slash_commands', envelope_id: 'e1', payload }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stopAfter(async () => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/api/`;
}
