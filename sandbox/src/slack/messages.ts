import type { Message } from './message.ts';

/** Every message of the workspace. */
export interface Messages {
  add(message: NewMessage): Message;
  find(channel: string, ts: string | undefined): Message | undefined;
  replace(message: Message): Message;
  remove(channel: string, ts: string): void;
  /** Oldest first, thread replies and ephemeral messages included. */
  inChannel(channel: string): Message[];
  /** The persistent messages of a thread, its parent first. */
  inThread(channel: string, threadTs: string): Message[];
}

export type NewMessage = Omit<Message, 'type' | 'ts' | 'team'>;

export function openMessages(options: {
  readonly teamId: string;
  readonly nextTs: () => string;
  readonly onChange: (channel: string) => void;
}): Messages {
  const channels = new Map<string, Map<string, Message>>();

  function of(channel: string): Map<string, Message> {
    const known = channels.get(channel) ?? new Map<string, Message>();
    channels.set(channel, known);
    return known;
  }

  function replace(message: Message): Message {
    of(message.channel).set(message.ts, message);
    options.onChange(message.channel);
    return message;
  }

  return {
    add: (message) => replace({ type: 'message', ts: options.nextTs(), team: options.teamId, ...message }),
    find: (channel, ts) => of(channel).get(ts ?? ''),
    replace,
    remove(channel, ts) {
      of(channel).delete(ts);
      options.onChange(channel);
    },
    inChannel: (channel) => [...of(channel).values()],
    inThread: (channel, threadTs) =>
      [...of(channel).values()].filter(
        (message) =>
          message.subtype !== 'ephemeral' && (message.ts === threadTs || message.thread_ts === threadTs),
      ),
  };
}
