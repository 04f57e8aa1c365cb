import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runProgram } from '../stories/run-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tor-bgp-bot-settings-'));
const file = join(folder, '.env');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('--version says the version of package.json', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(await runProgram(['--version'], {})).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('audit export says that Redis does not answer, and ends with 69', async () => {
  const env = {
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    REDIS_URL: 'redis://127.0.0.1:1',
    POLICY_FILE: resolve('deploy/policy.example.yaml'),
  };
  const { code, out, err } = await runProgram(['audit', 'export'], env);
  expect({ code, out }).toEqual({ code: 69, out: '' });
  expect(err).toBe('Redis: connect ECONNREFUSED 127.0.0.1:1\n');
});

describe('a file .env in the working directory', () => {
  beforeEach(() => rmSync(file, { recursive: true, force: true }));

  test.each([
    [['serve']],
    [['doctor']],
    [['audit', 'export']],
    [['policy', 'explain', '--user', 'U1', '--command', 'show']],
  ])('is read by `%s`', async (args) => {
    writeFileSync(file, 'SLACK_MODE=pigeon\nLOG_LEVEL="chatty" # a comment\n');
    const { code, err } = await runProgram(args, {}, folder);
    expect(code).toBe(78);
    expect(err).toContain('SLACK_MODE: it is none of socket, http');
    expect(err).toContain('LOG_LEVEL: it is none of');
  });

  test('never overrides what the environment says', async () => {
    writeFileSync(file, 'SLACK_MODE=pigeon\nLOG_LEVEL=chatty\n');
    const { code, err } = await runProgram(['doctor'], { SLACK_MODE: 'socket' }, folder);
    expect(code).toBe(78);
    expect(err).not.toContain('SLACK_MODE');
    expect(err).toContain('LOG_LEVEL: it is none of');
  });

  test('may be missing: then only the environment counts', async () => {
    const { code, err } = await runProgram(['doctor'], { SLACK_MODE: 'pigeon' }, folder);
    expect(code).toBe(78);
    expect(err).toContain('SLACK_MODE: it is none of socket, http');
    expect(err).not.toContain('.env');
  });

  test('that cannot be read is a fault, and not passed over', async () => {
    mkdirSync(file);
    const { code, err } = await runProgram(['doctor'], {}, folder);
    expect(code).toBe(78);
    expect(err).toContain(file);
  });

  test('copied from .env.example needs nothing but its own values: tokens, policy and kubeconfig', async () => {
    copyFileSync('.env.example', file);
    copyFileSync('deploy/policy.example.yaml', join(folder, 'policy.yaml'));
    const nowhere = { SLACK_API_URL: 'http://127.0.0.1:1/api/', REDIS_URL: 'redis://127.0.0.1:1' };
    const untouched = await runProgram(['doctor'], nowhere, folder);
    expect(untouched.code).toBe(78);
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'])
      expect(untouched.err).toContain(`${name}: it has a blank or a character that is not ASCII`);
    const filledIn = { ...nowhere, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
    const { out, err } = await runProgram(['doctor'], filledIn, folder);
    expect(err).toBe('');
    expect(out).toContain('✓ settings and policy');
    expect(out).toContain('there is no file /home/me/.kube/config');
    // The reason, and not only that `fetch` failed.
    expect(out).toContain('✗ Slack with the bot token: A request error occurred: bad port\n');
  });
});
