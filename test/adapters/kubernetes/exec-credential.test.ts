import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { boundCredentialPlugins } from '../../../src/adapters/kubernetes/exec-credential.ts';
import { eventually } from '../../sandbox/zebos/eventually.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-plugin-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The credential of each next request; the plugin numbers its tokens, and fails when it has given so many. */
function credentials(renewedAfterMs: number, most: number): () => Promise<unknown> {
  const config = new KubeConfig();
  const runs = join(folder, 'runs');
  const script = `echo >> ${runs}; n=$(($(wc -l < ${runs}))); test $n -le ${most} && echo "{\\"status\\":{\\"token\\":\\"token-$n\\"}}"`;
  config.loadFromClusterAndUser(
    { name: 'c', server: 'http://127.0.0.1:1', skipTLSVerify: true },
    { name: 'u', exec: { command: '/bin/sh', args: ['-c', script] } },
  );
  boundCredentialPlugins(config, process.env, 5_000, renewedAfterMs);
  return async () => {
    const options: { headers?: Record<string, string> } = {};
    await config.applyToHTTPSOptions(options);
    return options.headers?.Authorization;
  };
}

test('a credential that names no expiry is renewed from time to time: the API server may reject it at any time', async () => {
  const next = credentials(0, 99);
  expect(await next()).toBe('Bearer token-1');
  await eventually(async () => expect(await next()).toBe('Bearer token-3'));
});

test('it is kept until then, and where the plugin fails', async () => {
  const long = credentials(60_000, 99);
  expect([await long(), await long()]).toEqual(['Bearer token-1', 'Bearer token-1']);
  await rm(join(folder, 'runs'));
  const failing = credentials(0, 1);
  expect(await failing()).toBe('Bearer token-1');
  for (const _ of [1, 2, 3]) expect(await failing()).toBe('Bearer token-1');
});
