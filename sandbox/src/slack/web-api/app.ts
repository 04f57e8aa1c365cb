import { answer, type Method } from './answer.ts';

/** https://docs.slack.dev/reference/methods/auth.test */
export const authTest: Method = ({ backend }) => {
  const { teamId, teamDomain, bot } = backend.directory;
  return answer({
    url: `https://${teamDomain}.slack.com/`,
    team: teamDomain,
    team_id: teamId,
    user: backend.directory.user(bot.id)?.name ?? 'bot',
    user_id: bot.id,
    bot_id: bot.botId,
    app_id: bot.appId,
    is_enterprise_install: false,
  });
};

/** https://docs.slack.dev/reference/methods/apps.connections.open */
export const connectionsOpen: Method = ({ backend }) =>
  answer({ url: backend.address.url.replace('http:', 'ws:') + backend.sockets.issueAddress() });
