import { stringIn } from '../json.ts';
import { answer, type Method, refuse } from './answer.ts';
import { findJoinedChannel } from './find-channel.ts';

/** https://docs.slack.dev/reference/methods/reactions.add */
export const add: Method = (call) => {
  const { backend, args } = call;
  const found = findJoinedChannel(call);
  if ('refusal' in found) return found.refusal;
  const name = stringIn(args, 'name');
  if (name === undefined || !/^[a-z0-9_+'-]+$/.test(name)) return refuse('invalid_name');
  const message = backend.messages.find(found.channel.id, stringIn(args, 'timestamp'));
  if (message === undefined || message.subtype === 'ephemeral') return refuse('message_not_found');
  const reactions = message.reactions ?? [];
  const users = reactions.find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(backend.directory.bot.id)) return refuse('already_reacted');
  const added = { name, users: [...users, backend.directory.bot.id], count: users.length + 1 };
  backend.messages.replace({
    ...message,
    reactions: [...reactions.filter((reaction) => reaction.name !== name), added],
  });
  return answer({});
};
