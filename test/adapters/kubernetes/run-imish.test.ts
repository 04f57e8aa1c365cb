import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { WebSocketServer } from 'ws';
import { runImish } from '../../../src/adapters/kubernetes/run-imish.ts';
import { type TargetApi, targetApi } from '../../../src/adapters/kubernetes/target-api.ts';
import type { ImishCommand, ImishOutcome } from '../../../src/ports/cluster.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

/** Asks a pod whose imish answers the lines after `-e` like this; with what was asked, in order. */
async function ask(
  command: ImishCommand,
  answer: (lines: readonly string[]) => string,
): Promise<{ readonly outcome: ImishOutcome; readonly asked: readonly (readonly string[])[] }> {
  const asked: string[][] = [];
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: () => 'v5.channel.k8s.io',
  });
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket, request) => {
    const words = new URL(request.url ?? '', 'http://kubelet').searchParams.getAll('command');
    const lines = words.filter((word) => word !== 'imish' && word !== '-e');
    asked.push(lines);
    socket.send(Buffer.concat([Buffer.from([1]), Buffer.from(answer(lines))]));
    socket.send(Buffer.concat([Buffer.from([3]), Buffer.from('{"status":"Success"}')]));
  });
  return { outcome: await runImish(apiOf(server), POD, command, 'uid'), asked };
}

const POD = { namespace: 'spk-ingress', name: 'tmm', uid: 'uid' };

function apiOf(server: WebSocketServer): TargetApi {
  const config = new KubeConfig();
  const { port } = server.address() as AddressInfo;
  config.loadFromClusterAndUser(
    { name: 'c', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'u' },
  );
  return targetApi(TARGET, config);
}

test.each([
  [401, 'Unauthorized', 'the API server rejected the credentials of the bot'],
  [
    403,
    'pods "tmm" is forbidden: User "bot" cannot create resource "pods/exec" in API group ""',
    'the bot may not exec in pods of namespace spk-ingress: grant it verbs get and create on pods/exec',
  ],
  [
    400,
    'admission webhook "validate.kyverno.svc-fail" denied the request: exec is blocked.',
    'the API server answered 400 to exec: admission webhook "validate.kyverno.svc-fail" denied the request: exec is blocked',
  ],
  [400, 'container f5-tmm-tmrouted is not valid for pod tmm', 'tmm has no running container f5-tmm-tmrouted'],
  [
    404,
    'unable to upgrade connection: container not found ("f5-tmm-tmrouted")',
    'tmm has no running container f5-tmm-tmrouted',
  ],
  [404, 'pods "tmm" not found', 'tmm is gone'],
  [404, 'unable to upgrade connection: pod does not exist', 'tmm is gone'],
  [404, '', 'the API server answered 404 to exec'],
  [
    500,
    'error dialing backend: dial tcp 10.0.0.7:10250: connect: connection refused',
    'the API server answered 500 to exec: error dialing backend: dial tcp 10.0.0.7:10250: connect: connection refused',
  ],
])('an exec that is refused is told by its reason, whatever the code: %d %s', async (code, message, why) => {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: (_, done) => done(false, code, JSON.stringify({ kind: 'Status', message })),
  });
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  expect(await runImish(apiOf(server), POD, 'show bgp summary', 'uid')).toEqual({ ok: false, why });
});

const INVALID = "            ^\n% Invalid input detected at '^' marker.\n";

test('a configuration that is shown in privileged mode only is asked for there', async () => {
  const answer = (lines: readonly string[]): string =>
    lines[0] === 'enable' ? '!\nrouter bgp 64443\n!\nend\n' : INVALID;
  expect(await ask('show running-config', answer)).toEqual({
    outcome: { ok: true, text: '!\nrouter bgp 64443\n!\nend\n' },
    asked: [['show running-config'], ['enable', 'show running-config']],
  });
});

test('a configuration that is shown at once takes one exec, and so does whatever else is refused', async () => {
  const config = '!\nrouter bgp 64443\n neighbor 10.0.0.1 description % of all\n!\nend\n';
  expect((await ask('show running-config', () => config)).asked).toEqual([['show running-config']]);
  expect(await ask('show bgp summary', () => INVALID)).toEqual({
    outcome: { ok: true, text: INVALID },
    asked: [['show bgp summary']],
  });
});
