import type { Backend } from '../backend.ts';
import { isEmpty, readContent } from '../content.ts';
import type { JsonObject } from '../json.ts';
import { stringIn } from '../json.ts';
import type { ResponsePlace } from '../response-urls.ts';
import { botMessage } from '../web-api/bot-message.ts';

/**
 * Posts what the app answered, by response_url or in the body of its acknowledgement. The bot need not be a
 * member of the channel. Returns Slack's error when the content is refused.
 */
export function postResponse(backend: Backend, place: ResponsePlace, body: JsonObject): string | undefined {
  const original = backend.messages.find(place.channel, place.messageTs);
  if (body.delete_original === true) {
    if (original !== undefined) backend.messages.remove(original.channel, original.ts);
    return undefined;
  }
  const content = readContent(body, { blockText: false, knownBlocks: backend.knownBlocks });
  if ('error' in content) return content.error;
  if (isEmpty(content)) return 'no_text';
  if (body.replace_original === true && original !== undefined) {
    const edited = { user: backend.directory.bot.id, ts: backend.nextTs() };
    backend.messages.replace({ ...original, blocks: [], ...content, text: content.text ?? '', edited });
    return undefined;
  }
  const threadTs = stringIn(body, 'thread_ts') ?? place.threadTs;
  backend.messages.add({
    ...botMessage(backend, place.channel, content),
    ...(body.response_type !== 'in_channel' && { subtype: 'ephemeral' as const, ephemeral_to: place.user }),
    ...(threadTs && { thread_ts: threadTs }),
  });
  return undefined;
}
