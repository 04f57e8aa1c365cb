import { isEmpty, readContent } from '../content.ts';
import { stringIn } from '../json.ts';
import { answer, type Call, limited, type Method, missingArgument, refuse } from './answer.ts';
import { botMessage } from './bot-message.ts';
import { findChannel, findJoinedChannel } from './find-channel.ts';
import { seenMessage } from './seen-message.ts';

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const postMessage: Method = (call) => {
  const { backend, args } = call;
  const found = findJoinedChannel(call);
  if ('refusal' in found) return found.refusal;
  const content = readContent(args, { blockText: true, knownBlocks: backend.knownBlocks });
  if ('error' in content) return refuse(content.error, content.messages);
  if (isEmpty(content)) return refuse('no_text');
  const channel = found.channel.id;
  const threadTs = stringIn(args, 'thread_ts');
  const parent = backend.messages.find(channel, threadTs);
  if (threadTs && (parent === undefined || parent.subtype === 'ephemeral'))
    return refuse('cannot_reply_to_message');
  const waitMs = backend.messagePace(channel);
  if (waitMs > 0) return limited(waitMs);
  const broadcast = String(args.reply_broadcast) === 'true';
  const message = backend.messages.add({
    ...botMessage(backend, channel, content),
    ...(threadTs && { thread_ts: parent?.thread_ts ?? threadTs }),
    ...(threadTs && broadcast && { subtype: 'thread_broadcast' as const }),
  });
  return answer({ channel, ts: message.ts, message: seenMessage(backend, message, true) });
};

/** https://docs.slack.dev/reference/methods/chat.postEphemeral */
export const postEphemeral: Method = (call) => {
  const { backend, args } = call;
  const found = findChannel(call);
  if ('refusal' in found) return found.refusal;
  const user = stringIn(args, 'user');
  if (user === undefined) return missingArgument('user');
  if (backend.directory.user(user) === undefined) return refuse('user_not_found');
  if (!found.channel.members.includes(backend.directory.bot.id)) return refuse('not_in_channel');
  if (!found.channel.members.includes(user)) return refuse('user_not_in_channel');
  const content = readContent(args, { blockText: true, knownBlocks: backend.knownBlocks });
  if ('error' in content) return refuse(content.error, content.messages);
  if (isEmpty(content)) return refuse('no_text');
  const threadTs = stringIn(args, 'thread_ts');
  const message = backend.messages.add({
    ...botMessage(backend, found.channel.id, content),
    subtype: 'ephemeral',
    ephemeral_to: user,
    ...(threadTs && { thread_ts: threadTs }),
  });
  return answer({ message_ts: message.ts });
};

/** https://docs.slack.dev/reference/methods/chat.getPermalink */
export const getPermalink: Method = (call: Call) => {
  const found = findChannel(call);
  if ('refusal' in found) return found.refusal;
  const channel = found.channel.id;
  const message = call.backend.messages.find(channel, stringIn(call.args, 'message_ts'));
  if (message === undefined) return refuse('message_not_found');
  const thread = message.thread_ts ? `?thread_ts=${message.thread_ts}&cid=${channel}` : '';
  const host = `https://${call.backend.directory.teamDomain}.slack.com`;
  return answer({
    channel,
    permalink: `${host}/archives/${channel}/p${message.ts.replace('.', '')}${thread}`,
  });
};
