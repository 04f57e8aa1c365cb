import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../sandbox/src/free-port.ts';
import { hasRedisServer } from '../../sandbox/src/redis.ts';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { type Ran, runProgram } from '../stories/run-program.ts';

const SLACK = { SLACK_BOT_TOKEN: 'xoxb-none', SLACK_APP_TOKEN: 'xapp-none' };
const hasOpenssl = spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;

(hasRedisServer() && hasOpenssl ? describe : describe.skip)('Redis over TLS', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  const ports = { server: 0, sentinel: 0 };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const asked = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=redis'];
    const forHost = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...asked, ...forHost], { stdio: 'ignore' });
    const tls = [`tls-cert-file ${cert}`, `tls-key-file ${key}`, `tls-ca-cert-file ${cert}`];
    await writeFile(join(folder, 'policy.yaml'), sandboxPolicy());
    ports.server = await freePort();
    ports.sentinel = await freePort();
    const only = ['port 0', 'tls-auth-clients no', 'tls-replication yes', `dir ${folder}`, ...tls];
    await writeFile(
      join(folder, 'server.conf'),
      [`tls-port ${ports.server}`, 'save ""', ...only, ''].join('\n'),
    );
    const watched = `sentinel monitor bot 127.0.0.1 ${ports.server} 1`;
    await writeFile(
      join(folder, 'sentinel.conf'),
      [`tls-port ${ports.sentinel}`, ...only, watched, ''].join('\n'),
    );
    children.push(spawn('redis-server', [join(folder, 'server.conf')], { stdio: 'ignore' }));
    children.push(spawn('redis-server', [join(folder, 'sentinel.conf'), '--sentinel'], { stdio: 'ignore' }));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const audit = (url: string, authority: Readonly<Record<string, string>>): Promise<Ran> =>
    runProgram(['audit', 'export'], {
      ...SLACK,
      POLICY_FILE: join(folder, 'policy.yaml'),
      REDIS_URL: url,
      ...authority,
    });
  const urls = (): readonly string[] => [
    `rediss://127.0.0.1:${ports.server}`,
    `rediss+sentinel://127.0.0.1:${ports.sentinel}/bot`,
  ];

  test('a server and a sentinel whose certificate is of a known authority are used', async () => {
    for (const url of urls())
      await eventually(async () => {
        const ran = await audit(url, { NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') });
        expect(ran).toMatchObject({ code: 0, err: expect.not.stringContaining('certificate') });
      });
  });

  test('a server whose certificate nobody vouches for is not, and the fault says that', async () => {
    const ran = await audit(`rediss://127.0.0.1:${ports.server}`, {});
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain('certificate');
  });
});
