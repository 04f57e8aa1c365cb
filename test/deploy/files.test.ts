import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { BGP_CHANGE, ROLL_BACK } from '../../src/adapters/slack/inbound/clicks.ts';
import { roleManifest, slackManifest } from '../../src/cli/manifest.ts';
import { loadRegistry } from '../../src/commands/registry.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { policyJsonSchema } from '../../src/config/policy-schema.ts';
import { readPolicy } from '../../src/config/read-policy.ts';

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

describe('what is deployed', () => {
  test('the Role grants what the commands declare, and nothing more (npm run role)', async () => {
    const documents = parseAllDocuments(read('deploy/role.yaml')).map((document) => document.toJS());
    expect(documents).toEqual(roleManifest((await loadRegistry()).commands, ['spk-ingress']));
  });

  test('with several namespaces each has its Role, and what is of the whole cluster is there once', async () => {
    const { commands } = await loadRegistry();
    const documents = roleManifest(commands, ['spk-a', 'spk-b', 'spk-a']);
    expect(documents).toMatchObject([
      { kind: 'Role', metadata: { namespace: 'spk-a' } },
      { kind: 'RoleBinding', metadata: { namespace: 'spk-a' } },
      { kind: 'Role', metadata: { namespace: 'spk-b' } },
      { kind: 'RoleBinding', metadata: { namespace: 'spk-b' } },
      { kind: 'ClusterRole' },
      { kind: 'ClusterRoleBinding' },
    ]);
    expect(documents).toHaveLength(6);
  });

  test('no right is a wildcard, and none reads Secrets', () => {
    const role = read('deploy/role.yaml');
    expect(role).not.toContain('*');
    expect(role).not.toContain('secrets');
  });

  test('the Slack manifest is what the program prints, within Slack’s limits', () => {
    const manifest = slackManifest({ command: '/bgp' });
    expect(parse(read('deploy/slack-manifest.yaml'))).toEqual(manifest);
    // What Home needs, and no more: the event that somebody opened it. Publishing it takes no scope.
    expect(manifest.settings.event_subscriptions).toEqual({ bot_events: ['app_home_opened'] });
    expect(manifest.oauth_config.scopes.bot).toHaveLength(9);
    const overHttp = slackManifest({ command: '/bgp', url: 'https://bot.example/' }).settings;
    expect(overHttp.event_subscriptions.request_url).toBe('https://bot.example/slack/events');
    // What the shortcuts need: themselves, and over HTTP an address for the options of menus.
    for (const { name, description } of manifest.features.shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
    expect(manifest.features.shortcuts.map(({ callback_id: id }) => id)).toEqual([BGP_CHANGE, ROLL_BACK]);
    expect(overHttp.interactivity).toEqual({
      is_enabled: true,
      request_url: 'https://bot.example/slack/events',
      message_menu_options_url: 'https://bot.example/slack/events',
    });
    const [command] = manifest.features.slash_commands;
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
    expect(manifest.features.bot_user.display_name.length).toBeLessThanOrEqual(80);
    expect(command?.command.length).toBeLessThanOrEqual(32);
    expect(command?.usage_hint.length).toBeLessThanOrEqual(1000);
    expect(command?.description.length).toBeLessThanOrEqual(2000);
  });

  test('the JSON Schema of the policy is the one that the program checks by', () => {
    // To write it anew: print policyJsonSchema() of src/config/policy-schema.ts with two blanks of indentation.
    expect(JSON.parse(read('deploy/policy.schema.json'))).toEqual(policyJsonSchema());
  });

  test('the example policy has no fault', async () => {
    const { commands } = await loadRegistry();
    expect(readPolicy(read('deploy/policy.example.yaml'), commands)).toHaveProperty('targets');
  });

  test('.env.example names every variable and no other', () => {
    const named = [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
    const source = read('src/config/environment.ts') + read('src/config/proxy.ts');
    const known = [
      ...new Set(
        source.match(
          /(?<=')(?:SLACK|PORT|OPS|REDIS|REQUESTS|LOG|AUDIT|HTTPS|NO)[A-Z_]*(?=')|(?<=env\.)[A-Z_]+/g,
        ),
      ),
    ];
    const ours = known.filter((name) => name !== 'KUBERNETES_SERVICE_HOST' && name !== 'REDIS_URL_');
    expect([...named].sort()).toEqual([...ours].sort());
    const environment = readEnvironment({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, () => '');
    expect(environment).toMatchObject({
      slack: { mode: 'socket', apiUrl: 'https://slack.com/api/' },
      opsPort: 9090,
    });
  });

  test('wrong settings end the program with code 78, every fault named with its cure and no secret shown', async () => {
    const env = {
      PATH: process.env.PATH,
      SLACK_MODE: 'carrier-pigeon',
      SLACK_BOT_TOKEN: 'xapp-very-secret',
      REDIS_URL: 'mysql://x',
      POLICY_FILE: '/nowhere/policy.yaml',
    };
    const run = promisify(execFile)(process.execPath, ['dist/cli.js', 'serve'], { env });
    const failed = await run.then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed.code).toBe(78);
    for (const name of ['SLACK_MODE', 'SLACK_BOT_TOKEN', 'REDIS_URL', 'POLICY_FILE'])
      expect(failed.stderr).toContain(name);
    expect(failed.stderr).not.toContain('very-secret');
  });
});
