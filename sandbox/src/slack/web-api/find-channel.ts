import { stringIn } from '../json.ts';
import type { Channel } from '../workspace.ts';
import { type Answer, type Call, missingArgument, refuse } from './answer.ts';

export type Found = { readonly channel: Channel } | { readonly refusal: Answer };

/** The channel of a call. A private one without the bot does not exist for it. */
export function findChannel({ backend, args }: Call): Found {
  const named = stringIn(args, 'channel');
  if (named === undefined) return { refusal: missingArgument('channel') };
  const channel = backend.directory.channel(named);
  const hidden = channel?.isPrivate === true && !channel.members.includes(backend.directory.bot.id);
  if (channel === undefined || hidden) return { refusal: refuse('channel_not_found') };
  return { channel };
}

/** The channel of a call, when the bot is a member. */
export function findJoinedChannel(call: Call): Found {
  const found = findChannel(call);
  if ('refusal' in found || found.channel.members.includes(call.backend.directory.bot.id)) return found;
  return { refusal: refuse('not_in_channel') };
}
