import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { sandboxWorkspace } from '../../../sandbox/src/slack/sandbox-workspace.ts';
import { checkSlack } from '../../../src/adapters/slack/check-slack.ts';
import { APP_TOKEN, BOT_TOKEN, CHANGES, openSlack } from '../../sandbox/slack/slack-under-test.ts';
import { startOtherSlack } from './other-slack.ts';

const policy = { channels: [CHANGES], auditChannel: 'C02AUDIT' };

test('all is well where the tokens are right and the bot was invited', async () => {
  const slack = await openSlack();
  const findings = await checkSlack(settingOf(slack.apiUrl), policy);
  expect(findings.map(({ tone }) => tone)).toEqual(['good', 'good', 'good', 'good']);
});

test('a channel without the bot is named, with what to do', async () => {
  const [changes, audit] = sandboxWorkspace.channels;
  if (changes === undefined || audit === undefined) throw new Error('the workspace has no channels');
  const alone = { ...audit, members: audit.members.filter((member) => member !== 'U00BOT') };
  const slack = await openSlack({ workspace: { ...sandboxWorkspace, channels: [changes, alone] } });
  const findings = await checkSlack(settingOf(slack.apiUrl), policy);
  expect(findings.filter(({ tone }) => tone === 'bad')).toEqual([
    expect.objectContaining({
      text: expect.stringContaining('C02AUDIT'),
      remedy: expect.stringContaining('/invite'),
    }),
  ]);
});

test('an archived channel is named as such: nobody can be invited to it', async () => {
  const slack = await startOtherSlack();
  const channel = { id: CHANGES, name: 'bgp-changes', is_member: false, is_archived: true };
  slack.answer('conversations.info', { body: { ok: true, channel } });
  const [, , found] = await checkSlack(settingOf(slack.apiUrl), policy);
  expect(found).toMatchObject({
    tone: 'bad',
    text: expect.stringContaining('it is archived'),
    remedy: 'Unarchive it, or name another channel in the policy.',
  });
});

test('a wrong token is named, and never shown', async () => {
  const slack = await openSlack();
  const wrong = { ...settingOf(slack.apiUrl), botToken: 'xoxb-wrong' };
  expect(JSON.stringify(await checkSlack(wrong, policy))).not.toContain('xoxb-wrong');
  expect(await checkSlack(wrong, policy)).toMatchObject([
    { tone: 'bad', remedy: expect.stringContaining('SLACK_BOT_TOKEN') },
  ]);
  const findings = await checkSlack({ ...settingOf(slack.apiUrl), appToken: 'xapp-wrong' }, policy);
  expect(findings.filter(({ tone }) => tone === 'bad')).toMatchObject([
    { remedy: expect.stringContaining('SLACK_APP_TOKEN') },
  ]);
});

// https://docs.slack.dev/reference/methods; apps.connections.open is the app token's.
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'apps.connections.open': [],
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'files.uploadV2': ['files:write'],
  // Slack opens direct messages by itself; only where another server does not is this asked for, and it may be refused.
  'conversations.open': [],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'users.info': ['users:read'],
  'usergroups.users.list': ['usergroups:read'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
};

test('the manifest asks for the scopes of what the bot calls, and for no other', () => {
  const folder = fileURLToPath(new URL('../../../src/adapters/slack', import.meta.url));
  const called = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(METHOD)])
    .map(([, method = '']) => method);
  expect(called.length).toBeGreaterThan(7);
  const needed = called.flatMap((method) => SCOPES[method] ?? [`whatever ${method} needs`]);
  const manifest = parse(
    readFileSync(fileURLToPath(new URL('../../../deploy/slack-manifest.yaml', import.meta.url)), 'utf8'),
  );
  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...new Set(['commands', ...needed])].sort());
});

const METHOD = /\.((?:auth|apps|chat|conversations|users|usergroups|views|files|reactions)(?:\.\w+)+)\(/g;

function settingOf(apiUrl: string) {
  return { mode: 'socket' as const, botToken: BOT_TOKEN, appToken: APP_TOKEN, apiUrl };
}
