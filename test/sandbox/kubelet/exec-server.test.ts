import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execDirectly } from './exec-directly.ts';
import { map, namespace, pods, type Setup, startSetup, tmmPod, untilReady } from './kubelet-setup.ts';

const routing = `${namespace}/tmm-1/f5-tmm-routing`;
let setup: Setup;
beforeAll(async () => {
  setup = await startSetup((api) => map(api, '10.20.1.1'));
  setup.api.put(`${pods}/tmm-1`, tmmPod('tmm-1'));
  await untilReady(setup.api, 'tmm-1');
});
afterAll(() => setup.stop());

const run = (command: string[], target = routing, more = {}) =>
  execDirectly(setup.kubelet.port, target, command, more);

test('imish answers one line after the other, each line being one word of the command', async () => {
  const answer = await run(['imish', '-e', 'show version', '-e', 'show bgp summary']);
  expect(answer.stdout).toMatch(/^ZebOS version.+Total number of neighbors 1\n/s);
  expect(answer.status).toEqual({ metadata: {}, status: 'Success' });
  expect(answer.protocol).toBe('v5.channel.k8s.io');
});

test('a client of the older protocol is served too, one of none is refused', async () => {
  const answer = await run(['hostname'], routing, { protocols: ['v4.channel.k8s.io'] });
  expect(answer).toMatchObject({ protocol: 'v4.channel.k8s.io', stdout: 'tmm-1\n' });
  await expect(run(['hostname'], routing, { protocols: ['channel.k8s.io'] })).rejects.toThrow('refused: 400');
});

test('an exit code that is not zero is told with the status', async () => {
  const answer = await run(['cat', '/etc/hostname', '/no such file']);
  expect(answer.stdout).toBe('tmm-1\n');
  expect(answer.stderr).toBe('cat: /no such file: No such file or directory\n');
  expect(answer.status).toMatchObject({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '1' }] },
  });
});

test.each([
  [
    'a shell',
    ['sh', '-c', 'imish -e "show version"'],
    routing,
    'exec: "sh": executable file not found in $PATH',
  ],
  [
    'imish elsewhere',
    ['imish'],
    `${namespace}/tmm-1/f5-tmm`,
    'exec: "imish": executable file not found in $PATH',
  ],
])('%s is not there to be run', async (_what, command, target, message) => {
  const answer = await run(command, target);
  expect(answer.stdout).toBe('');
  expect(answer.status).toMatchObject({ status: 'Failure', reason: 'InternalError' });
  expect(answer.status.message).toContain(message);
});

test('words are data: nothing is split or expanded', async () => {
  expect((await run(['echo', '$HOME; ls', 'a  b'])).stdout).toBe('$HOME; ls a  b\n');
});

test('what is not there cannot be entered', async () => {
  await expect(run(['ls'], `${namespace}/tmm-1/debug`)).rejects.toThrow('exec refused: 404');
  await expect(run(['ls'], `${namespace}/tmm-9/f5-tmm`)).rejects.toThrow('exec refused: 404');
});

test('imish with a person before it prompts, and ends with exit', async () => {
  const answer = await run(['imish'], routing, { input: 'show version\nexit\n' });
  expect(answer.stdout).toMatch(/^tmm-1\[0\]>ZebOS version.+tmm-1\[0\]>$/s);
  expect(answer.status.status).toBe('Success');
});
