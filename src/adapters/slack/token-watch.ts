import { slackErrorCode } from './slack-errors.ts';

/** The names of their settings. */
export type SlackToken = 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';

/** Which of the bot's tokens Slack refuses at present, as far as known. */
export interface TokenWatch {
  /** Notes why a call failed; true when Slack refuses its token. */
  failed(token: SlackToken, error: unknown): boolean;
  refused(token: SlackToken, code: string): void;
  accepted(token: SlackToken): void;
  refusals(): readonly TokenRefusal[];
}

export interface TokenRefusal {
  readonly token: SlackToken;
  /** Slack's code, such as `token_revoked`. */
  readonly code: string;
}

/** Logs each refusal once, with its remedy, and its end. */
export function watchTokens(log: (level: 'info' | 'error', words: string) => void): TokenWatch {
  const refused = new Map<SlackToken, string>();
  const watch: TokenWatch = {
    failed(token, error) {
      const code = slackErrorCode(error);
      if (code === undefined || !REFUSALS.includes(code)) return false;
      watch.refused(token, code);
      return true;
    },
    refused(token, code) {
      if (refused.get(token) === code) return;
      refused.set(token, code);
      log('error', describeRefusal({ token, code }));
    },
    accepted(token) {
      if (refused.delete(token)) log('info', `Slack accepts ${token} again.`);
    },
    refusals: () => [...refused].map(([token, code]) => ({ token, code })),
  };
  return watch;
}

/** Whether the same call may pass later: Slack refuses the token, or has an outage itself. */
export function mayPassLater(error: unknown): boolean {
  const code = slackErrorCode(error);
  return code !== undefined && (REFUSALS.includes(code) || OUTAGES.includes(code));
}

// https://docs.slack.dev/reference/methods/chat.postMessage#errors
const OUTAGES: readonly string[] = [
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'accesslimited',
  'team_added_to_org',
];

/** Errors of a method about the token itself, not about the request. */
const REFUSALS: readonly string[] = [
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'team_disabled',
  'user_removed_from_team',
  'not_allowed_token_type',
];

function describeRefusal({ token, code }: TokenRefusal): string {
  return `Slack refuses ${token} (${code}); the bot is not ready, finishes what runs and tries again. ${remedyFor(token, code)}`;
}

function remedyFor(token: SlackToken, code: string): string {
  if (code === 'link_disabled') return 'Turn Socket Mode on again: api.slack.com/apps, the app, Socket Mode.';
  const made =
    token === 'SLACK_BOT_TOKEN'
      ? 'Install the app again (api.slack.com/apps, the app, OAuth & Permissions)'
      : 'Create an app-level token with the scope connections:write (api.slack.com/apps, the app, Basic Information)';
  return `${made}, set ${token} to the new token and restart the bot. The same token is used again without a restart once Slack accepts it.`;
}
