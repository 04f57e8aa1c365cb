import type { Backend } from '../backend.ts';
import type { JsonObject } from '../json.ts';
import type { Message } from '../message.ts';

/** A message as the conversations methods return it: with its thread's numbers, metadata only when asked. */
export function seenMessage(backend: Backend, message: Message, withMetadata: boolean): JsonObject {
  const { channel: _, metadata, ...seen } = message;
  const replies = backend.messages
    .inThread(message.channel, message.ts)
    .filter((reply) => reply.ts !== message.ts);
  const latest = replies.at(-1);
  return {
    ...seen,
    ...(withMetadata && metadata !== undefined && { metadata }),
    ...(latest !== undefined && {
      thread_ts: message.ts,
      reply_count: replies.length,
      reply_users: [...new Set(replies.map((reply) => reply.user))],
      latest_reply: latest.ts,
    }),
  };
}
