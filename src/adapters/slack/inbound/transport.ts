import type { App, Receiver } from '@slack/bolt';

/** How Slack reaches us. */
export type SlackTransport =
  | { readonly mode: 'socket'; readonly appToken: string; readonly apiUrl: string }
  | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number };

export interface Transport {
  /** What Bolt is made with. */
  readonly receiver: Receiver;
  /** Resolves once commands arrive, or once Slack has refused the token with which they would. */
  start(app: App): Promise<void>;
  /** Milliseconds since Slack could last reach us; 0 while it can. */
  silenceMs(): number;
  /** The port of HTTP mode. */
  port(): number | undefined;
  /** Takes no more; a caller that does not finish its request is hung up on after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}
