import { WebClient } from '@slack/web-api';
import type { Diagnostic } from '../../domain/fault.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { clientOptions, type SlackAccess, slackClient, slackLogger } from './clients.ts';

type Setting = SlackAccess &
  ({ readonly mode: 'socket'; readonly appToken: string } | { readonly mode: 'http' });

/** Whether the tokens are valid, and the bot is a member of every channel of the policy. */
export async function checkSlack(
  setting: Setting,
  policy: Pick<Policy, 'channels' | 'auditChannel'>,
): Promise<readonly Diagnostic[]> {
  const client = slackClient(setting, () => undefined);
  const team = await attempt('Slack with the bot token', async () => {
    const { team: name, user } = await client.auth.test();
    return `Slack knows the bot as ${user ?? '?'} in ${name ?? '?'}`;
  });
  if (team.tone === 'bad') {
    const proxy = setting.proxy === undefined ? '' : ', and the proxy of HTTPS_PROXY';
    return [{ ...team, remedy: `See SLACK_BOT_TOKEN and SLACK_API_URL${proxy}.` }];
  }
  const socket = setting.mode === 'http' ? [] : [await checkSocket(setting)];
  const channels = await Promise.all(
    [...new Set([...policy.channels, policy.auditChannel])].map(async (channel): Promise<Diagnostic> => {
      let remedy = 'In that channel: /invite the bot.';
      const found = await attempt(`channel ${channel}`, async () => {
        const { channel: info } = await client.conversations.info({ channel });
        if (info?.is_archived === true) {
          remedy = 'Unarchive it, or name another channel in the policy.';
          throw new Error('it is archived');
        }
        if (info?.is_member !== true) throw new Error('the bot is not a member');
        return `channel ${channel} (#${info.name ?? ''}): the bot is a member`;
      });
      return found.tone === 'good' ? found : { ...found, remedy };
    }),
  );
  return [team, ...socket, ...channels];
}

async function checkSocket({
  appToken,
  ...access
}: SlackAccess & { readonly appToken: string }): Promise<Diagnostic> {
  const client = new WebClient(appToken, { ...clientOptions(access), logger: slackLogger(() => undefined) });
  const found = await attempt('the app token', async () => {
    await client.apps.connections.open({});
    return 'Slack opens sockets for the app token';
  });
  return found.tone === 'good'
    ? found
    : { ...found, remedy: 'See SLACK_APP_TOKEN; it needs the scope connections:write.' };
}

async function attempt(what: string, ask: () => Promise<string>): Promise<Diagnostic> {
  try {
    return { tone: 'good', text: await ask() };
  } catch (error) {
    return { tone: 'bad', text: `${what}: ${error instanceof Error ? error.message : 'no answer'}` };
  }
}
