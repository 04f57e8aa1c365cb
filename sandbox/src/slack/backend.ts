import type { ActivityLog } from './activity-log.ts';
import { openActivityLog } from './activity-log.ts';
import { type Announcements, openAnnouncements } from './announcements.ts';
import type { KnownBlocks } from './block-kit/validate-blocks.ts';
import { type Delivery, openDelivery } from './delivery/deliver.ts';
import { openSocketMode, type SocketMode } from './delivery/socket-mode.ts';
import { type Directory, openDirectory } from './directory.ts';
import { type Faults, openFaults } from './faults.ts';
import { type Files, openFiles } from './files.ts';
import { type Messages, openMessages } from './messages.ts';
import { MESSAGE_INTERVAL_MS, type Pace, pace, UPDATES_PER_MINUTE } from './pace.ts';
import { openResponseUrls, type ResponseUrls } from './response-urls.ts';
import type { SlackOptions } from './slack-options.ts';
import { timestamps } from './timestamps.ts';
import { openTriggers, type Triggers } from './triggers.ts';
import { openViews, type Views } from './views.ts';

export type TokenKind = 'bot' | 'app';

/** Everything that Slack knows, which its faces (Web API, sockets, control API, page) share. */
export interface Backend {
  readonly botToken: string;
  readonly appToken: string;
  readonly clock: () => number;
  readonly nextTs: () => string;
  readonly directory: Directory;
  readonly messages: Messages;
  readonly files: Files;
  readonly views: Views;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly faults: Faults;
  readonly log: ActivityLog;
  readonly announcements: Announcements;
  readonly sockets: SocketMode;
  readonly delivery: Delivery;
  readonly messagePace: Pace;
  readonly updatePace: Pace;
  /** How long to wait before an event is sent again; as long as the list. */
  readonly retryDelaysMs: readonly number[];
  /** What the manifest says, and the control API changes. */
  readonly app: { shouldEscape: boolean };
  /** With which error each kind of token is refused, where it is. */
  readonly refusedTokens: Map<TokenKind, string>;
  /** Which blocks it takes. */
  readonly knownBlocks: KnownBlocks;
  /** Where it listens: http://127.0.0.1:PORT, known once it does. */
  readonly address: { url: string };
}

/** Immediately, after a minute, after five. https://docs.slack.dev/apis/events-api/#retries */
const EVENT_RETRY_DELAYS_MS = [0, 60_000, 300_000];

export function openBackend(options: SlackOptions): Backend {
  const clock = options.clock ?? Date.now;
  const ackTimeoutMs = options.ackTimeoutMs ?? 3000;
  const { workspace, signingSecret } = options;
  const announcements = openAnnouncements();
  const log = openActivityLog(clock, () => announcements.announce({ changed: 'log' }));
  const nextTs = timestamps(clock);
  const sockets = openSocketMode({ appId: workspace.botUser.appId, ackTimeoutMs, clock, log });
  return {
    botToken: options.botToken,
    appToken: options.appToken,
    clock,
    nextTs,
    directory: openDirectory(workspace),
    messages: openMessages({
      teamId: workspace.teamId,
      nextTs,
      onChange: (id) => announcements.announce({ changed: 'messages', id }),
    }),
    files: openFiles(),
    views: openViews({
      teamId: workspace.teamId,
      bot: workspace.botUser,
      nextTs,
      onChange: (id) => announcements.announce({ changed: 'views', id }),
    }),
    triggers: openTriggers(clock),
    responseUrls: openResponseUrls(workspace.teamId, clock),
    faults: openFaults(),
    log,
    announcements,
    sockets,
    delivery: openDelivery({
      sockets,
      requestUrl: options.requestUrl ?? null,
      signingSecret,
      ackTimeoutMs,
      clock,
      log,
    }),
    messagePace: pace(clock, 1, MESSAGE_INTERVAL_MS),
    updatePace: pace(clock, UPDATES_PER_MINUTE, 60_000),
    retryDelaysMs: options.retryDelaysMs ?? EVENT_RETRY_DELAYS_MS,
    app: { shouldEscape: options.shouldEscape ?? false },
    refusedTokens: new Map(),
    knownBlocks: options.knownBlocks ?? 'all',
    address: { url: '' },
  };
}
