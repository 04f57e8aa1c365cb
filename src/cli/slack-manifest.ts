import type { AppsManifestCreateArguments } from '@slack/web-api';

/** What the bot asks of a workspace: one command, buttons, and the least scopes. Limits: Slack's app manifest reference. */
export function slackManifest({ command, url }: { readonly command: string; readonly url?: string }) {
  const where = url === undefined ? {} : { url: `${url.replace(/\/$/, '')}/slack/events` };
  return {
    display_information: {
      name: 'BGP bot',
      description: 'Top-of-Rack BGP of F5 SPK: planned, approved, watched',
      background_color: '#1a3a5c',
    },
    features: {
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
      interactivity: { is_enabled: true, ...(url === undefined ? {} : { request_url: where.url ?? '' }) },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  } satisfies AppsManifestCreateArguments['manifest'];
}
