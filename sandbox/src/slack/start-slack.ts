import type { Announcements } from './announcements.ts';
import { openBackend } from './backend.ts';
import { type Control, openControl } from './control/control.ts';
import { slackPage } from './page/slack-page.ts';
import { startServer } from './server.ts';
import type { SlackOptions } from './slack-options.ts';

export type { SlackOptions };

export interface Slack {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  /** For `slackApiUrl`. */
  readonly apiUrl: string;
  readonly port: number;
  /** The same as the control API, typed. */
  readonly control: Control;
  /** What those who watch are told. */
  readonly announcements: Announcements;
  stop(): Promise<void>;
}

/** Starts a Slack that speaks the real protocols and refuses what Slack refuses, on 127.0.0.1. */
export async function startSlack(options: SlackOptions): Promise<Slack> {
  const backend = openBackend(options);
  const control = openControl(backend);
  const server = await startServer(backend, {
    port: options.port,
    control,
    extraRoutes: options.extraRoutes ?? [],
    page: options.page ?? (() => slackPage()),
  });
  backend.address.url = server.url;
  return {
    url: server.url,
    apiUrl: `${server.url}/api/`,
    port: server.port,
    control,
    announcements: backend.announcements,
    async stop() {
      backend.delivery.stop();
      const closed = server.stop();
      await backend.sockets.stop();
      await closed;
    },
  };
}
