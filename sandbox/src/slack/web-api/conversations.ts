import type { Backend } from '../backend.ts';
import { type JsonObject, stringIn } from '../json.ts';
import type { Message } from '../message.ts';
import type { Channel } from '../workspace.ts';
import { answer, type Method, refuse } from './answer.ts';
import { findChannel, findJoinedChannel } from './find-channel.ts';
import { pageOf } from './pages.ts';
import { seenMessage } from './seen-message.ts';

/** https://docs.slack.dev/reference/methods/conversations.info */
export const info: Method = (call) => {
  const found = findChannel(call);
  return 'refusal' in found ? found.refusal : answer({ channel: seenChannel(call.backend, found.channel) });
};

/** https://docs.slack.dev/reference/methods/conversations.list */
export const list: Method = ({ backend, args }) => {
  const channels = backend.directory.channels().filter((channel) => !channel.id.startsWith('D'));
  const { page, response_metadata } = pageOf(channels, args);
  return answer({ channels: page.map((channel) => seenChannel(backend, channel)), response_metadata });
};

/** https://docs.slack.dev/reference/methods/conversations.members */
export const members: Method = (call) => {
  const found = findChannel(call);
  if ('refusal' in found) return found.refusal;
  const { page, response_metadata } = pageOf(found.channel.members, call.args);
  return answer({ members: page, response_metadata });
};

/** https://docs.slack.dev/reference/methods/conversations.history: the newest first, no replies. */
export const history: Method = (call) => {
  const found = findJoinedChannel(call);
  if ('refusal' in found) return found.refusal;
  const { backend, args } = call;
  const messages = backend.messages
    .inChannel(found.channel.id)
    .filter((message) => message.subtype !== 'ephemeral' && isTopLevel(message) && isBetween(message, args))
    .reverse();
  const { page, hasMore, response_metadata } = pageOf(messages, args);
  const seen = page.map((message) => seenMessage(backend, message, asksMetadata(args)));
  return answer({ messages: seen, has_more: hasMore, pin_count: 0, response_metadata });
};

/** https://docs.slack.dev/reference/methods/conversations.replies: the parent first, then the oldest. */
export const replies: Method = (call) => {
  const found = findJoinedChannel(call);
  if ('refusal' in found) return found.refusal;
  const { backend, args } = call;
  const asked = backend.messages.find(found.channel.id, stringIn(args, 'ts'));
  if (asked === undefined || asked.subtype === 'ephemeral') return refuse('thread_not_found');
  const threadTs = asked.thread_ts ?? asked.ts;
  const thread = backend.messages
    .inThread(found.channel.id, threadTs)
    .filter((message) => message.ts === threadTs || isBetween(message, args));
  const { page, hasMore, response_metadata } = pageOf(thread, args);
  const seen = page.map((message) => seenMessage(backend, message, asksMetadata(args)));
  return answer({ messages: seen, has_more: hasMore, response_metadata });
};

function isTopLevel(message: Message): boolean {
  return message.thread_ts === undefined || message.subtype === 'thread_broadcast';
}

function isBetween(message: Message, args: JsonObject): boolean {
  const oldest = stringIn(args, 'oldest') || '0';
  const latest = stringIn(args, 'latest') || '9999999999.999999';
  const at = Number(message.ts);
  if (String(args.inclusive) === 'true') return at >= Number(oldest) && at <= Number(latest);
  return at > Number(oldest) && at < Number(latest);
}

function asksMetadata(args: JsonObject): boolean {
  return String(args.include_all_metadata) === 'true';
}

function seenChannel(backend: Backend, channel: Channel): JsonObject {
  const direct = channel.id.startsWith('D');
  return {
    id: channel.id,
    name: channel.name,
    is_channel: !direct,
    is_im: direct,
    is_private: channel.isPrivate ?? false,
    is_archived: false,
    is_member: channel.members.includes(backend.directory.bot.id),
    num_members: channel.members.length,
  };
}
