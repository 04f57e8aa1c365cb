import type { App, Receiver } from '@slack/bolt';
import type { SlackProxy } from '../proxy.ts';

/** How Slack connects to the bot. */
export type SlackTransport =
  | {
      readonly mode: 'socket';
      readonly appToken: string;
      readonly apiUrl: string;
      readonly proxy?: SlackProxy;
    }
  | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number };

export interface Transport {
  /** The receiver for Bolt. */
  readonly receiver: Receiver;
  /** Resolves once commands arrive, or once Slack has refused the token for them. */
  start(app: App): Promise<void>;
  /** Milliseconds since Slack could last reach the bot; 0 while it can. */
  silenceMs(): number;
  /** The port of HTTP mode. */
  port(): number | undefined;
  /** Accepts no more requests; disconnects a caller that does not complete its request after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}
