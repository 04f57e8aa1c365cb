import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { kubeconfigFor } from '../../sandbox/src/kubernetes/kubeconfig-for.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, CAROL, CHANGES, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';

let story: Story;
let pids: string;
let hangs: string;
beforeAll(async () => {
  story = await startStory({
    policy: aPolicy((file) => {
      const [rack] = file.targets;
      file.targets.push({ ...structuredClone(rack), name: 'hung', context: 'hung' });
    }),
    environment: async (folder, { url }) => {
      pids = join(folder, 'pids');
      hangs = join(folder, 'hangs');
      const kubeconfig = join(folder, 'kubeconfig-of-two');
      await writeFile(kubeconfig, kubeconfigOfTwo(url));
      return { KUBECONFIG: kubeconfig };
    },
  });
}, 60_000);
afterAll(async () => {
  await story?.stop();
  for (const pid of await running()) process.kill(pid, 'SIGKILL');
}, 30_000);

/** The sandbox's context, and one with a credential plugin that hangs once the file says so. */
function kubeconfigOfTwo(url: string): string {
  const config = parse(kubeconfigFor(url, 'spk-ingress'));
  const [{ context }] = config.contexts;
  // Expired at once, so that each request needs the plugin.
  const status = { token: 't', expirationTimestamp: '2026-01-01T00:00:00Z' };
  const script = [
    `if [ -e ${hangs} ]; then echo $$ >> ${pids}; exec sleep 600; fi`,
    `echo '${JSON.stringify({ status })}'`,
  ].join('\n');
  config.users.push({ name: 'plugin', user: { exec: { command: '/bin/sh', args: ['-c', script] } } });
  config.contexts.push({ name: 'hung', context: { ...context, user: 'plugin' } });
  return stringify(config);
}

async function running(): Promise<readonly number[]> {
  const lines = await readFile(pids, 'utf8').catch(() => '');
  return lines.split('\n').filter(Boolean).map(Number).filter(isRunning);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('lesson 45: while the credentials of one target hang, everybody is answered, the others at once', async () => {
  const { control } = story.slack;
  const told = (user: string): string =>
    JSON.stringify(control.messages(CHANGES).filter(({ ephemeral_to: to }) => to === user));
  const type = (user: string, text: string) =>
    control.command({ channel: CHANGES, user, command: '/bgp', text });
  expect(await story.ask(CAROL, 'show --target hung')).toContain('worker1');
  await writeFile(hangs, '');
  await eventually(async () => expect(await running()).toHaveLength(1), 30_000);
  // More than wait for one target at once.
  for (const text of ['show', 'verify', 'show', 'nodes', 'show', 'verify'])
    await type(ALICE, `${text} --target hung`);
  expect(await story.ask(BOB, 'show --target rack')).toContain('worker1');
  expect(told(ALICE)).not.toContain('credentials');
  await eventually(() => expect(told(ALICE)).toContain('the kubeconfig gave no credentials'), 40_000);
  expect((await running()).length).toBeLessThanOrEqual(1);
  await rm(hangs);
  for (const pid of await running()) process.kill(pid, 'SIGKILL');
  await eventually(
    async () => expect(await story.ask(CAROL, 'show --target hung')).toContain('10.20.1.1'),
    60_000,
  );
}, 150_000);
