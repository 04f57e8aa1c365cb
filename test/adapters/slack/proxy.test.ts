import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { checkSlack } from '../../../src/adapters/slack/check-slack.ts';
import { slackClient, withoutRetries } from '../../../src/adapters/slack/clients.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import { openSendReply } from '../../../src/adapters/slack/publishing/send-reply.ts';
import {
  ALICE,
  APP_TOKEN,
  BOT_TOKEN,
  CHANGES,
  openSlack,
  stopAfter,
  until,
} from '../../sandbox/slack/slack-under-test.ts';
import { openMemory, startBot } from './bot-under-test.ts';

const parsed = { channel: CHANGES, user: ALICE, command: '/bgp', text: 'show' };

describe('where Slack is reached by a proxy alone', () => {
  test('commands arrive on sockets through it, and are answered through it', async () => {
    const { slack, apiUrl, proxy, asked } = await openBehindProxy();
    await startBot(apiUrl, await openMemory(), {}, 'socket', proxy);
    await until(() => slack.control.connections() === 2);
    await slack.control.command(parsed);
    await until(() => slack.control.messages(CHANGES).length === 1);
    // Two sockets, whose address is the one that Slack gave, and calls of the Web API.
    expect(asked.filter((host) => host === `127.0.0.1:${slack.port}`)).toHaveLength(2);
    expect(asked).toContain(`slack.test:${slack.port}`);
  });

  test('a response_url and a file are sent through it, and so is what is sent only once', async () => {
    const { slack, apiUrl, proxy } = await openBehindProxy();
    const client = slackClient({ botToken: BOT_TOKEN, apiUrl, proxy }, () => undefined);
    const sendReply = openSendReply(client, apiUrl, channelRateLimiter());
    const urls: string[] = [];
    await startBot(slack.apiUrl, await openMemory(), {
      submit: async ({ responseUrl = '' }) => {
        urls.push(responseUrl.replace('127.0.0.1', 'slack.test'));
        return { kind: 'working' };
      },
    });
    await slack.control.command(parsed);
    await until(() => urls.length === 1);
    const file = { name: 'sessions.csv', content: 'Node,Session\r\n' };
    const to = { channel: CHANGES, user: ALICE, responseUrl: urls[0] };
    await sendReply(to, [{ text: 'an answer', blocks: [] }], [file]);
    expect(slack.control.log().filter(({ kind }) => kind === 'response_url')).toHaveLength(1);
    expect(JSON.stringify(slack.control.messages(`D${ALICE.slice(1)}`))).toContain('"preview":"Node,Session');
    await withoutRetries(client).chat.postMessage({ channel: CHANGES, text: 'once' });
    expect(slack.control.messages(CHANGES).map(({ text }) => text)).toEqual(['an answer', 'once']);
  });

  test('a host of NO_PROXY is reached without it', async () => {
    const { slack, proxy, asked } = await openBehindProxy();
    const direct = { ...proxy, except: 'example.com,127.0.0.1' };
    await startBot(slack.apiUrl, await openMemory(), {}, 'socket', direct);
    await until(() => slack.control.connections() === 2);
    expect(asked).toEqual([]);
  });

  test('doctor names the proxy as what may be wrong, without its password', async () => {
    const { apiUrl, proxy } = await openBehindProxy({ refusing: true });
    const setting = { mode: 'socket', botToken: BOT_TOKEN, appToken: APP_TOKEN, apiUrl, proxy } as const;
    const found = await checkSlack(setting, { channels: [CHANGES], auditChannel: CHANGES });
    expect(found).toMatchObject([{ tone: 'bad', remedy: expect.stringContaining('HTTPS_PROXY') }]);
    expect(JSON.stringify(found)).not.toContain('pass-word');
  });
});

/** A Slack whose name only the proxy resolves. */
async function openBehindProxy({ refusing = false } = {}) {
  const slack = await openSlack();
  const asked: string[] = [];
  const open = new Set<Socket>();
  const server = createServer().on('connect', (request, socket: Socket) => {
    const authorization = `Basic ${Buffer.from('bot:pass-word').toString('base64')}`;
    if (refusing || request.headers['proxy-authorization'] !== authorization)
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    asked.push(request.url ?? '');
    const ours = connect(slack.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.pipe(ours).pipe(socket);
    });
    for (const one of [socket, ours]) {
      open.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        socket.destroy();
        ours.destroy();
      });
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stopAfter(async () => {
    for (const one of open) one.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    slack,
    apiUrl: slack.apiUrl.replace('127.0.0.1', 'slack.test'),
    proxy: { url: `http://bot:pass-word@127.0.0.1:${port}`, except: '' },
    /** The host and port of each tunnel. */
    asked,
  };
}
