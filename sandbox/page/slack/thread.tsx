import { useState } from 'preact/hooks';
import type { Message } from '../state.ts';
import { Avatar } from './avatar.tsx';
import { continues, MessageView, timeOf } from './message.tsx';

interface ThreadProps {
  readonly parent: Message;
  readonly replies: readonly Message[];
}

const FACES = 3;

/** Replies below their message: one line until it is opened. What only I see is shown even then. */
export function Thread({ parent, replies }: ThreadProps) {
  const [isOpen, open] = useState(false);
  const last = replies.at(-1);
  if (last === undefined) return null;
  const shown = isOpen ? replies : replies.filter(({ subtype }) => subtype === 'ephemeral');
  const lasting = replies.filter(({ subtype }) => subtype !== 'ephemeral');
  const authors = [...new Map(lasting.map((reply) => [reply.user, reply])).values()].slice(0, FACES);
  return (
    <div class="replies">
      {lasting.length > 0 && (
        <button type="button" class="thread-line" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
          {authors.map(({ user, bot_id: botId }) => (
            <Avatar key={user} user={user} isApp={botId !== undefined} />
          ))}
          <span class="count">
            {lasting.length} {lasting.length === 1 ? 'reply' : 'replies'}
          </span>
          <span class="last">{isOpen ? 'Hide' : `last ${timeOf(last)}`}</span>
        </button>
      )}
      {shown.length > 0 && (
        <section class="thread-body" aria-label={`Thread of ${timeOf(parent)}`}>
          {shown.map((reply, index) => (
            <MessageView key={reply.ts} message={reply} isContinued={continues(shown[index - 1], reply)} />
          ))}
        </section>
      )}
    </div>
  );
}
