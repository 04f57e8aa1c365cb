import type { AppsManifestCreateArguments } from '@slack/web-api';
import { stringify } from 'yaml';
import type { Command, Right } from '../commands/grammar/declaration.ts';
import { loadRegistry } from '../commands/registry.ts';
import { OK } from './exit-codes.ts';

/** Prints the app manifest for "Create from manifest" on api.slack.com. */
export async function printSlackManifest(options: {
  readonly command: string;
  readonly url?: string;
}): Promise<number> {
  process.stdout.write(`${SLACK_HEADER}${stringify(slackManifest(options), { lineWidth: 0 })}`);
  return OK;
}

/** Prints a Role for each namespace, the ClusterRole, and their bindings. */
export async function printRole({ namespace }: { readonly namespace: readonly string[] }): Promise<number> {
  const { commands } = await loadRegistry();
  const namespaces = namespace.length === 0 ? [USUAL_NAMESPACE] : namespace;
  const documents = roleManifest(commands, namespaces).map((document) =>
    stringify(document, { lineWidth: 0 }),
  );
  process.stdout.write(`${ROLE_HEADER}${documents.join('---\n')}`);
  return OK;
}

const SLACK_HEADER =
  '# Made by `tor-bgp-bot manifest slack`. At api.slack.com/apps: Create New App, From a manifest.\n';
const ROLE_HEADER = `# The least rights that the commands need. Made by \`npm run role\`; a test compares.
# For other namespaces, or several: \`tor-bgp-bot manifest role --namespace NAME --namespace NAME\`.
`;
const USUAL_NAMESPACE = 'spk-ingress';

/** The needs of the bot in a workspace: one command, buttons, and minimal scopes. Limits: Slack's app manifest reference. */
export function slackManifest({ command, url }: { readonly command: string; readonly url?: string }) {
  const where = url === undefined ? {} : { url: `${url.replace(/\/$/, '')}/slack/events` };
  return {
    display_information: {
      name: 'BGP bot',
      description: 'Top-of-Rack BGP of F5 SPK: planned, approved, watched',
      background_color: '#1a3a5c',
    },
    features: {
      // The end of a change, and answers to the Home tab's buttons, are sent by direct message.
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: true,
      },
      shortcuts: [
        {
          name: 'BGP change',
          type: 'global',
          callback_id: 'bgp_change',
          description: 'Plan a change of Top-of-Rack BGP peers',
        },
        {
          name: 'Roll back this change',
          type: 'message',
          callback_id: 'roll_back_change',
          description: 'On the card of a change: plan its rollback',
        },
      ],
      bot_user: { display_name: 'bgp', always_online: true },
      slash_commands: [
        {
          command,
          description: 'Show and change the Top-of-Rack BGP peers of SPK',
          usage_hint: 'help | show | rotate NODE ADDRESS',
          should_escape: false,
          ...where,
        },
      ],
    },
    oauth_config: {
      scopes: {
        bot: [
          'commands',
          'chat:write',
          'files:write',
          'channels:read',
          'groups:read',
          'users:read',
          'usergroups:read',
          'channels:history',
          'groups:history',
        ],
      },
    },
    settings: {
      event_subscriptions: {
        bot_events: ['app_home_opened'],
        ...(url === undefined ? {} : { request_url: where.url ?? '' }),
      },
      interactivity: {
        is_enabled: true,
        ...(url === undefined
          ? {}
          : { request_url: where.url ?? '', message_menu_options_url: where.url ?? '' }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  } satisfies AppsManifestCreateArguments['manifest'];
}

const NAME = 'tor-bgp-bot';
const NODES = `${NAME}-nodes`;
const GROUP = 'rbac.authorization.k8s.io';

/** Role and ClusterRole with their bindings to the bot's service account, derived from what the commands declare. */
export function roleManifest(commands: readonly Command[], namespaces: readonly string[]): readonly object[] {
  return [
    ...[...new Set(namespaces)].flatMap((namespace) => [
      { ...of('Role', { name: NAME, namespace }), rules: roleRules(commands, 'namespace') },
      { ...of('RoleBinding', { name: NAME, namespace }), ...binding('Role', NAME) },
    ]),
    { ...of('ClusterRole', { name: NODES }), rules: roleRules(commands, 'cluster') },
    { ...of('ClusterRoleBinding', { name: NODES }), ...binding('ClusterRole', NODES) },
  ];
}

function of(kind: string, metadata: object): object {
  return { apiVersion: `${GROUP}/v1`, kind, metadata };
}

function binding(kind: string, name: string): object {
  return {
    roleRef: { apiGroup: GROUP, kind, name },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAME }],
  };
}

/** One rule of a Kubernetes Role. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The minimal rules that these commands declare, resource by resource. */
export function roleRules(commands: readonly Command[], scope: Right['scope']): readonly RoleRule[] {
  const byResource = new Map<string, Omit<Right, 'verbs' | 'scope'> & { readonly verbs: Set<string> }>();
  for (const right of commands.flatMap(({ rights }) => rights).filter((one) => one.scope === scope)) {
    const { group, resource, names } = right;
    const key = JSON.stringify([group, resource, names]);
    const held = byResource.get(key) ?? {
      group,
      resource,
      verbs: new Set<string>(),
      ...(names === undefined ? {} : { names }),
    };
    for (const verb of right.verbs) held.verbs.add(verb);
    byResource.set(key, held);
  }
  return [...byResource.values()]
    .sort((one, other) => (one.resource < other.resource ? -1 : 1))
    .map(({ group, resource, names, verbs }) => ({
      apiGroups: [group],
      resources: [resource],
      ...(names === undefined ? {} : { resourceNames: names }),
      verbs: [...verbs].sort(),
    }));
}
