import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { slackErrorCode } from '../slack-errors.ts';

interface DirectMessage {
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
}

/** Posts a direct message of the bot, and resolves to the id of the conversation. */
export async function postDirectly(
  client: WebClient,
  user: string,
  { text, blocks }: DirectMessage,
): Promise<string> {
  const post = async (channel: string): Promise<string> => {
    const message = blocks === undefined ? { text } : { text, blocks: [...blocks] };
    return (await client.chat.postMessage({ channel, ...message })).channel ?? channel;
  };
  try {
    return await post(user);
  } catch (error) {
    if (slackErrorCode(error) !== 'channel_not_found') throw error;
    // Slack opens the conversation by itself where it can; what is refused here stays refused for the first reason.
    const opened = await client.conversations.open({ users: user }).catch(() => undefined);
    if (opened?.channel?.id === undefined) throw error;
    return post(opened.channel.id);
  }
}
