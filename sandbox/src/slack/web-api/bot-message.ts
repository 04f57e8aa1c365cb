import type { Backend } from '../backend.ts';
import type { Content } from '../content.ts';
import type { NewMessage } from '../messages.ts';

/** A message of the bot. */
export function botMessage(backend: Backend, channel: string, content: Content): NewMessage {
  const { id, botId, appId } = backend.directory.bot;
  return { channel, user: id, bot_id: botId, app_id: appId, ...content, text: content.text ?? '' };
}
