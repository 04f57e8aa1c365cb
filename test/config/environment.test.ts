import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEnvironment } from '../../src/config/environment.ts';
import { describeFaults } from '../../src/config/faults-of.ts';
import type { Fault } from '../../src/domain/fault.ts';

const socket = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
const files: Readonly<Record<string, string>> = {
  '/run/bot': 'xoxb-from-file\n',
  '/run/app': 'xapp-from-file',
};
const readFile = (path: string): string => {
  const found = files[path];
  if (found === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  return found;
};

function faultsOf(env: Record<string, string>): readonly Fault[] {
  const read = readEnvironment(env, readFile);
  if ('slack' in read) throw new Error('it was taken');
  return read;
}

describe('the environment', () => {
  test('needs two tokens, and has defaults for the rest', () => {
    expect(readEnvironment(socket, readFile)).toEqual({
      slack: { mode: 'socket', botToken: 'xoxb-1', appToken: 'xapp-1', apiUrl: 'https://slack.com/api/' },
      opsPort: 9090,
      requestsPerMinute: 120,
      redisUrl: 'redis://127.0.0.1:6379',
      redisKeyPrefix: 'tor-bgp-bot',
      policyFile: './policy.yaml',
      logLevel: 'info',
      inPod: false,
      pluginEnvironment: socket,
      audit: { retention: {}, stream: 'off' },
    });
  });

  test('takes a prefix for the keys in Redis, which cannot break their one hash tag', () => {
    const read = readEnvironment({ ...socket, REDIS_KEY_PREFIX: 'lab.tor-bgp_2' }, readFile);
    expect(read).toMatchObject({ redisKeyPrefix: 'lab.tor-bgp_2' });
    for (const REDIS_KEY_PREFIX of ['{lab}', 'a:b', 'x'.repeat(65)])
      expect(faultsOf({ ...socket, REDIS_KEY_PREFIX }).map(({ path }) => path)).toEqual(['REDIS_KEY_PREFIX']);
  });

  test('of HTTP mode needs the signing secret instead of the app token', () => {
    const read = readEnvironment(
      { SLACK_MODE: 'http', SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's', PORT: '8080' },
      readFile,
    );
    expect(read).toMatchObject({ slack: { mode: 'http', signingSecret: 's', port: 8080 } });
    expect(faultsOf({ SLACK_MODE: 'http', SLACK_BOT_TOKEN: 'xoxb-1' }).map(({ path }) => path)).toEqual([
      'SLACK_SIGNING_SECRET',
    ]);
  });

  test.each([
    [{ HTTPS_PROXY: 'http://proxy.example.com:3128' }, { url: 'http://proxy.example.com:3128', except: '' }],
    [
      { https_proxy: 'proxy.example.com:3128', HTTPS_PROXY: 'http://other', NO_PROXY: '.svc,10.0.0.0/8' },
      { url: 'http://proxy.example.com:3128', except: '.svc,10.0.0.0/8' },
    ],
    [{ HTTP_PROXY: 'http://proxy.example.com:3128', NO_PROXY: '.svc' }, undefined],
    [{ HTTPS_PROXY: ' ', https_proxy: '' }, undefined],
    [
      { HTTP_PROXY: 'http://proxy:3128', SLACK_API_URL: 'http://slack.test/api/' },
      { url: 'http://proxy:3128', except: '' },
    ],
  ])('reaches Slack by the proxy of %j', (env, proxy) => {
    const read = readEnvironment({ ...socket, ...env }, readFile);
    expect('slack' in read ? read.slack.proxy : read).toEqual(proxy);
  });

  test('refuses a proxy that is none, and does not show its password', () => {
    for (const HTTPS_PROXY of ['socks5://bot:pass-word@proxy:1080', 'http://bot:pass-word@:x']) {
      const faults = faultsOf({ ...socket, HTTPS_PROXY });
      expect(faults).toMatchObject([{ path: 'HTTPS_PROXY', remedy: expect.stringContaining('3128') }]);
      expect(JSON.stringify(faults)).not.toContain('pass-word');
    }
  });

  test('takes tokens from files, as mounted secrets are, without the newline at their end', () => {
    const read = readEnvironment(
      { SLACK_BOT_TOKEN_FILE: '/run/bot', SLACK_APP_TOKEN_FILE: '/run/app' },
      readFile,
    );
    expect(read).toMatchObject({ slack: { botToken: 'xoxb-from-file', appToken: 'xapp-from-file' } });
  });

  test('refuses a token that is given twice, or whose file is not there', () => {
    const twice = faultsOf({ ...socket, SLACK_BOT_TOKEN_FILE: '/run/bot' });
    expect(twice).toHaveLength(1);
    expect(faultsOf({ SLACK_APP_TOKEN: 'xapp-1', SLACK_BOT_TOKEN_FILE: '/run/nothing' })).toHaveLength(1);
  });

  test('takes an Ed25519 key for signing heads from its file, and names one that is none without showing it', () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const keys: Readonly<Record<string, string>> = { '/run/key': pem, '/run/other': 'very-secret' };
    const read = (path: string) => readEnvironment({ ...socket, AUDIT_SIGNING_KEY_FILE: path }, readKey);
    const readKey = (path: string): string => keys[path] ?? readFile(path);
    expect(read('/run/key')).toMatchObject({ auditSigningKey: { asymmetricKeyType: 'ed25519' } });
    expect(read(' ')).not.toHaveProperty('auditSigningKey');
    for (const path of ['/run/other', '/run/nothing']) {
      expect(read(path)).toMatchObject([
        { path: 'AUDIT_SIGNING_KEY_FILE', remedy: expect.stringContaining('openssl') },
      ]);
      expect(JSON.stringify(read(path))).not.toContain('very-secret');
    }
  });

  test('counts an empty variable as unset', () => {
    expect(
      readEnvironment({ ...socket, SLACK_MODE: '', REDIS_URL: '', KUBECONFIG: '' }, readFile),
    ).not.toHaveProperty('kubeconfig');
  });

  test('names every fault at once, with its cure, and shows no token', () => {
    const faults = faultsOf({
      SLACK_MODE: 'pigeon',
      SLACK_BOT_TOKEN: 'xapp-swapped-secret',
      OPS_PORT: '70000',
      REDIS_URL: 'mysql://x',
      LOG_LEVEL: 'loud',
      SLACK_API_URL: 'ftp://x',
    });
    const paths = faults.map(({ path }) => path);
    for (const name of [
      'SLACK_MODE',
      'SLACK_BOT_TOKEN',
      'OPS_PORT',
      'REDIS_URL',
      'LOG_LEVEL',
      'SLACK_API_URL',
    ])
      expect(paths).toContain(name);
    for (const { remedy } of faults) expect(remedy.length).toBeGreaterThan(5);
    expect(JSON.stringify(faults)).not.toContain('swapped-secret');
  });

  test('keeps the audit trail for ever unless days or records are given, and refuses too few', () => {
    const auditOf = (env: Record<string, string>): unknown => {
      const read = readEnvironment({ ...socket, ...env }, readFile);
      return 'slack' in read ? read.audit : read.map(({ path, remedy }) => `${path}: ${remedy}`);
    };
    expect(auditOf({ AUDIT_KEEP_DAYS: '', AUDIT_STREAM: '' })).toEqual({ retention: {}, stream: 'off' });
    expect(auditOf({ AUDIT_KEEP_DAYS: '365', AUDIT_KEEP_RECORDS: '1000', AUDIT_STREAM: 'stdout' })).toEqual({
      retention: { keepForMs: 365 * 86_400_000, keepRecords: 1_000 },
      stream: 'stdout',
    });
    expect(auditOf({ AUDIT_KEEP_RECORDS: '50000' })).toEqual({
      retention: { keepRecords: 50_000 },
      stream: 'off',
    });
    for (const [name, wrong, remedy] of [
      ['AUDIT_KEEP_DAYS', ['0', '-1', '1.5', '2 weeks', 'forever'], '1 or more'],
      ['AUDIT_KEEP_RECORDS', ['0', '999', '1e9.5'], '1000 or more'],
      ['AUDIT_STREAM', ['stderr', 'on', '1'], 'stdout'],
    ] as const) {
      for (const value of wrong)
        expect(auditOf({ [name]: value })).toEqual([expect.stringContaining(remedy)]);
    }
  });

  test.each([
    'redis://h:1',
    'rediss://h',
    'unix:///run/redis.sock',
    'redis+sentinel://a:26379,b:26379/main',
    'rediss+sentinel://bot:p%40ss@a,b/main?db=2&sentinelPassword=x',
    'redis+cluster://:p@[::1]:6379,b',
  ])('takes %s as a Redis', (REDIS_URL) => {
    expect(readEnvironment({ ...socket, REDIS_URL }, readFile)).toMatchObject({ redisUrl: REDIS_URL });
  });

  test.each([
    ['redis:/bot:s3cr3t@host', 'scheme and ://'],
    ['//bot:s3cr3t@host', 'scheme and ://'],
    ['bot:s3cr3t@host:6379', 'scheme and ://'],
    ['postgres://bot:s3cr3t@host', 'none of redis, rediss, unix'],
    ['redis://bot:s3cr3t@host:6379/db', 'number of a database'],
    ['redis://bot:x#s3cr3t@host', 'percent-encoded'],
    ['redis://bot:x/s3cr3t@host', 'percent-encoded'],
    ['redis://bot:x?s3cr3t@host', 'percent-encoded'],
    ['redis://bot:s3cr3t%@host', 'percent-encoded'],
    ['redis://bot:s3 cr3t@host', 'white space'],
    ['redis+sentinel://:s3cr3t@a:26379/main/more', 'more than a name'],
    ['redis+sentinel://:s3cr%t@a:26379/main', 'percent-encoded'],
    ['redis+sentinel://a/main?password=s3cr3t', 'sentinelPassword'],
    ['redis+cluster://:s3cr3t@a,b/main', 'follows the hosts'],
    ['redis+sentinel://a:s3cr3t/main', 'host:port'],
    ['unix://s3cr3t', 'absolute path'],
  ])('says what is wrong with the form of %s, and nothing of what stands in it', (REDIS_URL, words) => {
    const faults = faultsOf({ ...socket, REDIS_URL });
    expect(faults.map(({ path }) => path)).toEqual(['REDIS_URL']);
    expect(faults[0]?.problem).toContain(words);
    const report = describeFaults('environment', faults);
    for (const part of ['s3cr3t', 'cr3t', 'bot:']) expect(report).not.toContain(part);
  });

  test('prints the value of no setting, whatever it is and however wrong', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SETTINGS),
        fc.constantFrom(...FORMS),
        fc.stringMatching(/^[A-Z][A-Za-z0-9]{11,30}$/),
        (name, form, secret) => {
          const value = form.replace('SECRET', secret);
          const env = { ...socket, ...(name === 'SLACK_SIGNING_SECRET' ? { SLACK_MODE: 'http' } : {}) };
          const read = readEnvironment({ ...env, [name]: value }, (path) => {
            throw new Error(`no such file: ${path}`);
          });
          const report = 'slack' in read ? '' : describeFaults('environment', read);
          expect(report.toLowerCase()).not.toContain(secret.toLowerCase());
          if (report !== '') expect(report).toContain(name.replace(/_FILE$/, ''));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

/** Every name of .env.example, and the file that each token may come from. */
const SETTINGS = [
  ...new Set(
    [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z_]+)=/gm)].flatMap(([, name = '']) =>
      /TOKEN|SECRET/.test(name) ? [name, `${name}_FILE`] : [name],
    ),
  ),
];
const FORMS = [
  'SECRET',
  'xoxb-SECRET',
  'xapp-SECRET',
  'redis://bot:SECRET@host',
  'redis:/bot:SECRET@host',
  'redis://bot:x#SECRET@host/0',
  'rediss://SECRET',
  'redis+sentinel://bot:SECRET@a,b/main',
  'unix://SECRET',
  'https://bot:SECRET@slack.example/api/',
  'ftp://bot:SECRET@slack.example/',
  '/run/secrets/SECRET',
  '-----BEGIN PRIVATE KEY----- SECRET',
  '9090 SECRET',
  '{"password":"SECRET"}',
];
