import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SandboxCluster, startCluster } from '../../../sandbox/src/start-cluster.ts';
import { createRouters } from '../../../sandbox/src/zebos/routers.ts';
import { eventually } from '../zebos/eventually.ts';

const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;

(hasKubectl ? describe : describe.skip)('the sandbox by kubectl', () => {
  let world: SandboxCluster;
  let folder: string;
  beforeAll(async () => {
    world = await startCluster({ port: 0, routers: createRouters() });
    folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-kubectl-'));
    await writeFile(join(folder, 'kubeconfig'), world.kubeconfig);
    await eventually(async () =>
      expect((await kubectl('get', 'pods')).match(/4\/4 +Running/g)).toHaveLength(3),
    );
  });
  afterAll(async () => {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const flags = (): readonly string[] => ['--kubeconfig', join(folder, 'kubeconfig'), '--cache-dir', folder];
  const kubectl = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('kubectl', [...flags(), ...args], { timeout: 20_000 });
    return stdout;
  };
  const aPod = async (): Promise<string> => (await kubectl('get', 'pods', '-o', 'name')).split('\n')[0] ?? '';

  test('get shows the table that people know', async () => {
    expect(await kubectl('get', 'pods', '-o', 'wide')).toMatch(
      /NAME +READY +STATUS +RESTARTS +AGE +IP +NODE/,
    );
    expect(await kubectl('get', 'nodes')).toMatch(/master1\.rack\.example\.com +Ready +master/);
    expect(
      await kubectl('get', 'cm', 'spk-tor-bgp', '-o', 'jsonpath={.data.worker3\\.rack\\.example\\.com}'),
    ).toBe('10.20.3.1,10.20.3.2');
  });

  test('describe tells of a pod and of its node', async () => {
    expect(await kubectl('describe', await aPod())).toMatch(/Controlled By: +ReplicaSet\/f5-tmm-/);
    expect(await kubectl('describe', 'node', 'worker1.rack.example.com')).toMatch(/Roles: +worker/);
  });

  test('apply creates, changes and leaves alone; delete deletes', async () => {
    const file = join(folder, 'cm.yaml');
    const write = (value: string) =>
      writeFile(file, `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mine\ndata:\n  a: "${value}"\n`);
    await write('1');
    expect(await kubectl('apply', '-f', file)).toContain('created');
    expect(await kubectl('apply', '-f', file)).toContain('unchanged');
    await write('2');
    expect(await kubectl('apply', '-f', file)).toContain('configured');
    expect(await kubectl('apply', '--server-side', '--force-conflicts', '-f', file)).toContain(
      'serverside-applied',
    );
    expect(await kubectl('delete', 'cm', 'mine')).toContain('deleted');
  });

  test('exec runs imish in the routing container', async () => {
    const summary = await kubectl(
      'exec',
      await aPod(),
      '-c',
      'f5-tmm-routing',
      '--',
      'imish',
      '-e',
      'show bgp summary',
    );
    expect(summary).toContain('local AS number 64443');
  });

  test('-w shows a pod that ends and the one that comes for it', async () => {
    const watch = spawn('kubectl', [...flags(), 'get', 'pods', '-w'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let seen = '';
    watch.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    await eventually(() => expect(seen.match(/Running/g)?.length).toBe(3));
    await kubectl('delete', await aPod(), '--wait=false');
    await eventually(() => {
      expect(seen).toContain('Terminating');
      expect(seen).toContain('Pending');
    });
    const ended = new Promise((resolve) => watch.once('exit', resolve));
    watch.kill();
    await ended;
  });
});
