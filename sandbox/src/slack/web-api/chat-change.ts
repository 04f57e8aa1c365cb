import { readContent } from '../content.ts';
import { stringIn } from '../json.ts';
import type { Message } from '../message.ts';
import { type Answer, answer, type Call, limited, type Method, refuse } from './answer.ts';
import { findChannel } from './find-channel.ts';
import { seenMessage } from './seen-message.ts';

/**
 * https://docs.slack.dev/reference/methods/chat.update: blocks, attachments and metadata that are not given
 * stay as they are.
 */
export const update: Method = (call) => {
  const { backend, args } = call;
  const found = findOwnMessage(call, 'cant_update_message');
  if ('refusal' in found) return found.refusal;
  const content = readContent(args, { blockText: true, knownBlocks: backend.knownBlocks });
  if ('error' in content) return refuse(content.error, content.messages);
  const { text, blocks, attachments } = content;
  if (text === undefined && blocks === undefined && attachments === undefined) return refuse('no_text');
  const shown = { ...found.message, ...content };
  if (shown.text.trim() === '' && !shown.blocks?.length && !shown.attachments?.length)
    return refuse('no_text');
  const waitMs = backend.updatePace(found.message.channel);
  if (waitMs > 0) return limited(waitMs);
  const message = backend.messages.replace({
    ...shown,
    text: text ?? '',
    edited: { user: backend.directory.bot.id, ts: backend.nextTs() },
  });
  return answer({
    channel: message.channel,
    ts: message.ts,
    text: message.text,
    message: seenMessage(backend, message, true),
  });
};

/** https://docs.slack.dev/reference/methods/chat.delete */
export const remove: Method = (call) => {
  const found = findOwnMessage(call, 'cant_delete_message');
  if ('refusal' in found) return found.refusal;
  const { channel, ts } = found.message;
  call.backend.messages.remove(channel, ts);
  return answer({ channel, ts });
};

function findOwnMessage(call: Call, otherAuthor: string): { message: Message } | { refusal: Answer } {
  const found = findChannel(call);
  if ('refusal' in found) return found;
  const message = call.backend.messages.find(found.channel.id, stringIn(call.args, 'ts'));
  // An ephemeral message is nowhere for these methods: only its response_url changes it.
  if (message === undefined || message.subtype === 'ephemeral')
    return { refusal: refuse('message_not_found') };
  return message.user === call.backend.directory.bot.id ? { message } : { refusal: refuse(otherAuthor) };
}
