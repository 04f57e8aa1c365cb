import type { KnownBlock } from '@slack/types';

/** What a message of Slack is made of; `text` is what notifications and screen readers say. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}
