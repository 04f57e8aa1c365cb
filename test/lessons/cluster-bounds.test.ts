import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { boundCredentialPlugins } from '../../src/adapters/kubernetes/exec-credential.ts';
import { loadKubeConfig } from '../../src/adapters/kubernetes/kube-config.ts';
import { type OpenCluster, openCluster } from '../../src/adapters/kubernetes/open-cluster.ts';
import type { Permit } from '../../src/ports/cluster.ts';
import { sandboxTarget } from '../cluster/target.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';

const SHORT_MS = { snapshot: 300, tmmState: 300, effect: 300, imish: 300 };
const LONG_MS = { ...SHORT_MS, effect: 20_000 };
const POD = { namespace: 'spk-ingress', name: 'f5-tmm-1', uid: 'u' };
const DIFFERENCE = {
  lookup: 'spk-tor-bgp',
  asn: 3535,
  node: 'worker1.rack.example.com',
  before: '10.20.1.1',
  after: '10.20.1.9',
  createsLookup: false,
};
const ANCHOR = { seq: 1, hash: 'a'.repeat(64) };
const NO_CREDENTIALS = expect.stringContaining('the kubeconfig gave no credentials');

describe('calls to the cluster', () => {
  let folder: string;
  let server: Server;
  let asked: string[];
  let patches: unknown[];
  let cluster: OpenCluster | undefined;
  /** Whether a request is answered, by its method. */
  let answers: (method: string) => boolean;
  /** Whether it is answered with a 403 from now on. */
  let refuses: boolean;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-bounds-'));
    asked = [];
    patches = [];
    answers = () => false;
    refuses = false;
    server = createServer(async (request, response) => {
      const { method = '' } = request;
      asked.push(method);
      if (method === 'PATCH') patches.push(await json(request));
      const metadata = { name: DIFFERENCE.lookup, uid: 'u', resourceVersion: '1' };
      response.setHeader('content-type', 'application/json');
      if (refuses) response.writeHead(403).end('{}');
      else if (answers(method))
        response.end(JSON.stringify({ metadata, data: { [DIFFERENCE.node]: DIFFERENCE.before } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    cluster?.close();
    for (const pid of await pids()) end(pid);
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });

  const pids = async (): Promise<readonly number[]> => {
    const lines = await readFile(join(folder, 'pids'), 'utf8').catch(() => '');
    return lines.split('\n').filter(Boolean).map(Number);
  };
  /** A kubeconfig whose credential plugin notes its process and then runs this. */
  const kubeconfig = (then: string): string => {
    const { port } = server.address() as AddressInfo;
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: '/bin/sh',
      args: ['-c', `echo $$ >> ${join(folder, 'pids')}; ${then}`],
    };
    return stringify({
      clusters: [
        {
          name: 'c',
          cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true },
        },
      ],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    });
  };
  const open = async (then: string, timeoutsMs = SHORT_MS): Promise<OpenCluster> => {
    const file = join(folder, 'kubeconfig');
    await writeFile(file, kubeconfig(then));
    const config = loadKubeConfig({ kubeconfig: file, inPod: false, pluginEnvironment: process.env });
    if (!(config instanceof KubeConfig)) throw new Error(config.problem);
    cluster = openCluster(sandboxTarget(), config, () => undefined, timeoutsMs);
    return cluster;
  };

  test('lesson 45: every call ends within its time-out while the credential plugin hangs, and one plugin hangs at most', async () => {
    const { snapshot, tmmState, write, evict, remove, imish } = await open('exec sleep 600');
    const startedAtMs = performance.now();
    const refusal = { reasonCode: 'cluster_unreachable', sentence: NO_CREDENTIALS };
    // Nothing went out: nothing can have happened.
    const refused = { kind: 'refused', refusal };
    const all = () =>
      Promise.all([
        snapshot(),
        tmmState(),
        imish(POD, 'show bgp summary'),
        write(DIFFERENCE, ANCHOR),
        evict(POD),
        remove(POD),
      ]);
    for (const _ of [1, 2, 3])
      expect(await all()).toMatchObject([
        refusal,
        refusal,
        { ok: false, why: NO_CREDENTIALS },
        refused,
        refused,
        refused,
      ]);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    expect(await pids()).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  test('lesson 45: what came too late is not sent any more', async () => {
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: 't' } });
    const { write, evict, snapshot } = await open(`sleep 1; echo '${credential}'`);
    const outcomes = await Promise.all([write(DIFFERENCE, ANCHOR), evict(POD), snapshot()]);
    expect(outcomes).toMatchObject([{ kind: 'refused' }, { kind: 'refused' }, { kind: 'refusal' }]);
    // The watches ask as soon as they may; the write and the eviction are over.
    await eventually(() => expect(asked.length).toBeGreaterThan(0));
    // The next call has the credential that came late, and is the only one of them that is sent.
    expect(await evict(POD)).toMatchObject({ kind: 'unknown' });
    await eventually(() => expect(asked.filter((method) => method !== 'GET')).toEqual(['POST']));
  });

  test('lesson 45: a write that was sent and not answered in time is unknown, one that was not is refused', async () => {
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: 't' } });
    // Enough for a plugin and two requests on a busy machine.
    const { write } = await open(`echo '${credential}'`, { ...SHORT_MS, effect: 3_000 });
    await eventually(() => expect(asked.length).toBeGreaterThan(0));
    const why = 'the API server did not answer within 3 s';
    expect(await write(DIFFERENCE, ANCHOR)).toMatchObject({
      kind: 'refused',
      refusal: { reasonCode: 'cluster_unreachable', sentence: 'The API server did not answer within 3 s.' },
    });
    answers = (method) => method === 'GET';
    expect(await write(DIFFERENCE, ANCHOR)).toEqual({ kind: 'unknown', why });
  });

  test('lesson 41: after a stop, a write or an eviction without an answer is looked for, and not sent again', async () => {
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: 't' } });
    const { write, evict } = await open(`echo '${credential}'`, LONG_MS);
    answers = (method) => method === 'GET';
    for (const [method, act] of [
      ['PATCH', (permit: Permit) => write(DIFFERENCE, ANCHOR, permit)],
      ['POST', (permit: Permit) => evict(POD, permit)],
    ] as const) {
      const stop = new AbortController();
      const outcome = act({ signal: stop.signal, holds: () => true });
      await eventually(() => expect(asked).toContain(method));
      stop.abort();
      server.closeAllConnections();
      expect(await outcome).toMatchObject({ kind: 'unknown' });
      expect(asked.filter((one) => one === method)).toHaveLength(1);
    }
  });

  test('lesson 29: a write names the version that was read, so that one which arrives late changes no key that was set back', async () => {
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: 't' } });
    const { write } = await open(`echo '${credential}'`, LONG_MS);
    answers = () => true;
    expect(await write(DIFFERENCE, ANCHOR)).toEqual({ kind: 'written' });
    expect(patches).toEqual([
      expect.arrayContaining([{ op: 'test', path: '/metadata/resourceVersion', value: '1' }]),
    ]);
  });

  test('an effect without an answer is unknown also where the server refuses the bot from then on', async () => {
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: 't' } });
    const { write, evict } = await open(`echo '${credential}'`, LONG_MS);
    answers = (method) => method === 'GET';
    for (const [method, act] of [
      ['PATCH', () => write(DIFFERENCE, ANCHOR)],
      ['POST', () => evict(POD)],
    ] as const) {
      refuses = false;
      const outcome = act();
      await eventually(() => expect(asked).toContain(method));
      refuses = true;
      server.closeAllConnections();
      expect(await outcome).toMatchObject({ kind: 'unknown' });
    }
  });

  test('lesson 45: a credential plugin that hangs is ended, with what it started, and run again when it is needed', async () => {
    const config = new KubeConfig();
    config.loadFromString(kubeconfig('sleep 600 & sleep 600'));
    boundCredentialPlugins(config, process.env, 200);
    const ask = () => config.applyToHTTPSOptions({});
    const why = 'the credential plugin /bin/sh did not answer within 0 s';
    expect(await Promise.allSettled([ask(), ask()])).toMatchObject([
      { status: 'rejected', reason: { message: why } },
      { status: 'rejected', reason: { message: why } },
    ]);
    const [first = 0] = await pids();
    await eventually(() => expect(() => process.kill(-first, 0)).toThrow('ESRCH'));
    await expect(ask()).rejects.toThrow(why);
    expect(await pids()).toHaveLength(2);
  });

  test('a credential is asked for once, and again when it has expired; a plugin that fails says why', async () => {
    const config = new KubeConfig();
    const status = { token: 't', expirationTimestamp: new Date(Date.now() + 2_000).toISOString() };
    config.loadFromString(kubeconfig(`echo '${JSON.stringify({ status })}'`));
    boundCredentialPlugins(config, process.env);
    const options: { headers?: Record<string, string> } = {};
    await Promise.all([config.applyToHTTPSOptions(options), config.applyToHTTPSOptions({})]);
    await config.applyToHTTPSOptions({});
    expect(options.headers).toEqual({ Authorization: 'Bearer t' });
    expect(await pids()).toHaveLength(1);
    await eventually(async () => {
      await config.applyToHTTPSOptions({});
      expect(await pids()).toHaveLength(2);
    });
    const failing = new KubeConfig();
    failing.loadFromString(kubeconfig('echo no session >&2; exit 3'));
    await expect(boundCredentialPlugins(failing, process.env).applyToHTTPSOptions({})).rejects.toThrow(
      'the credential plugin /bin/sh ended with exit code 3: no session',
    );
  });
});

function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!String(error).includes('ESRCH')) throw error;
  }
}
