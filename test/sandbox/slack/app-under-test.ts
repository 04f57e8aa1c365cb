import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, silent, stopAfter } from './slack-under-test.ts';

/** A real Bolt app on a socket of that Slack; `prepare` registers its listeners. */
export async function startSocketApp(slack: Slack, prepare: (app: App) => void): Promise<App> {
  const receiver = new SocketModeReceiver({
    appToken: APP_TOKEN,
    logger: silent,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = appOn(slack, receiver);
  prepare(app);
  await app.start();
  stopAfter(async () => app.stop());
  return app;
}

/** A real Bolt app behind a request URL of its own. */
export async function startHttpApp(
  slack: Slack,
  prepare: (app: App) => void,
  secret = SIGNING_SECRET,
): Promise<string> {
  const receiver = new HTTPReceiver({ signingSecret: secret, logger: silent });
  const app = appOn(slack, receiver);
  prepare(app);
  const server = await receiver.start({ host: '127.0.0.1', port: 0 });
  stopAfter(async () => {
    server.closeAllConnections();
    await receiver.stop();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const url = `http://127.0.0.1:${port}/slack/events`;
  slack.control.setApp({ requestUrl: url });
  return url;
}

function appOn(slack: Slack, receiver: SocketModeReceiver | HTTPReceiver): App {
  return new App({
    token: BOT_TOKEN,
    receiver,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
}
