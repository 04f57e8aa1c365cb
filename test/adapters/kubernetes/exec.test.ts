import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ExecOrder, type ExecOutcome, exec } from '../../../src/adapters/kubernetes/exec.ts';
import { newCall } from '../../../src/adapters/kubernetes/target-api.ts';

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

const frame = (channel: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
const SUCCESS = frame(3, '{"status":"Success"}');

/** Runs imish against a kubelet that behaves as it likes. */
async function execAgainst(
  behave: (socket: WebSocket) => void,
  order: Partial<ExecOrder> = {},
): Promise<ExecOutcome> {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: () => 'v5.channel.k8s.io',
  });
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', behave);
  return exec(configFor((server.address() as AddressInfo).port), { ...ORDER, ...order });
}

function configFor(port: number): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'c', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'u' },
  );
  return config;
}

const ORDER: ExecOrder = {
  namespace: 'spk-ingress',
  pod: 'f5-tmm-1',
  container: 'f5-tmm-routing',
  command: ['imish', '-e', 'show bgp summary'],
  timeoutMs: 1_000,
  maxBytes: 1_000,
  call: newCall(new AbortController().signal),
};

describe('exec', () => {
  test('gives output, errors and exit code', async () => {
    const outcome = await execAgainst((socket) => {
      socket.send(frame(1, 'one\n'));
      socket.send(frame(2, 'oops'));
      socket.send(frame(1, 'two\n'));
      socket.send(
        frame(3, '{"status":"Failure","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}'),
      );
    });
    expect(outcome).toEqual({ kind: 'ended', exitCode: 3, stdout: 'one\ntwo\n', stderr: 'oops' });
  });

  test('is not cut through a character that came in two frames', async () => {
    const euro = Buffer.from('€');
    const outcome = await execAgainst((socket) => {
      socket.send(Buffer.concat([Buffer.from([1]), euro.subarray(0, 1)]));
      socket.send(Buffer.concat([Buffer.from([1]), euro.subarray(1)]));
      socket.send(SUCCESS);
    });
    expect(outcome).toMatchObject({ stdout: '€' });
  });

  test('that drops without a status has failed, whatever it said before', async () => {
    const outcome = await execAgainst((socket) => {
      socket.send(frame(1, 'half of it'));
      socket.terminate();
    });
    expect(outcome.kind).toBe('failed');
  });

  test('that hangs ends when its time is up', async () => {
    expect(await execAgainst(() => undefined)).toEqual({ kind: 'failed', why: 'no answer within 1 s' });
  });

  test('that floods is stopped, and its output is not taken for whole', async () => {
    const outcome = await execAgainst((socket) => {
      for (let times = 0; times < 50; times += 1) socket.send(frame(1, 'x'.repeat(100)));
    });
    expect(outcome).toEqual({ kind: 'failed', why: 'the output is longer than 1000 bytes' });
  });

  test('survives frames that no kubelet should send', async () => {
    const outcome = await execAgainst((socket) => {
      socket.send(Buffer.alloc(0));
      socket.send(frame(255, '\u0001'));
      socket.send(frame(9, 'what'));
      socket.send('text');
      socket.send(frame(3, 'not json'));
    });
    expect(outcome).toMatchObject({ kind: 'failed' });
  });

  test('a server that refuses the upgrade is told apart by its code', async () => {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      verifyClient: (_, done) => done(false, 403),
    });
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const outcome = await exec(configFor((server.address() as AddressInfo).port), ORDER);
    expect(outcome).toEqual({ kind: 'refused', code: 403, said: 'Forbidden' });
  });

  test.each([
    ['../../../../evil?x=', 'f5-tmm-routing'],
    ['f5-tmm-1', 'routing/../../x'],
    ['f5-tmm-1\r\nhost: evil', 'f5-tmm-routing'],
    ['', 'f5-tmm-routing'],
    ['F5-TMM', 'f5-tmm-routing'],
  ])('a name like %j never reaches a URL', async (pod, container) => {
    let reached = false;
    const outcome = await execAgainst(
      () => {
        reached = true;
      },
      { pod, container },
    );
    expect(outcome.kind).toBe('failed');
    expect(reached).toBe(false);
  });
});
