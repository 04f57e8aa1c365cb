import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Message, messages, visibleMessages, wanted } from '../state.ts';
import { continues, dayOf, MessageView } from './message.tsx';
import { Mrkdwn } from './mrkdwn.tsx';
import { Thread } from './thread.tsx';

/** This near to the end counts as at the end, so that new messages come into view. */
const NEAR_END_PX = 120;

interface ListProps {
  readonly channel: string;
  readonly name: string;
  readonly welcome: readonly string[];
  /** Counts what I sent; each time the end comes into view. */
  readonly sends: number;
}

/** The messages of a channel, by day, each with its thread below it. It stays at its end while somebody reads there. */
export function MessageList({ channel, name, welcome, sends }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (content.current === null) return;
    // Also when a picture arrives, or a thread is opened.
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
    });
    observer.observe(content.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    isAtEnd.current = true;
  }, [sends]);
  useLayoutEffect(() => {
    if (wanted.value?.channel !== channel) return;
    const found = list.current?.querySelector<HTMLElement>(`[data-ts="${CSS.escape(wanted.value.ts)}"]`);
    wanted.value = undefined;
    if (!found) return;
    isAtEnd.current = false;
    found.scrollIntoView({ block: 'start' });
    found.focus();
  }, [wanted.value]);
  const isLoaded = messages.value.has(channel);
  const { parents, repliesOf } = inThreads(visibleMessages(channel));
  return (
    <div
      ref={list}
      class="messages"
      role="log"
      aria-label={`Messages in ${name}`}
      aria-busy={!isLoaded}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
      tabIndex={0}
      onClickCapture={({ target }) => {
        // Who opens a thread reads it from its beginning.
        if (target instanceof Element && target.closest('.thread-line')) isAtEnd.current = false;
      }}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      }}
    >
      <div ref={content}>
        {isLoaded && parents.length === 0 && (
          <div class="welcome">
            {welcome.map((line) => (
              <p key={line}>
                <Mrkdwn text={line} />
              </p>
            ))}
          </div>
        )}
        {parents.map((message, index) => {
          const before = parents[index - 1];
          const replies = repliesOf.get(message.ts) ?? [];
          return (
            <div key={message.ts} class="thread" data-ts={message.ts} tabIndex={-1}>
              {dayOf(before) !== dayOf(message) && <p class="day">{dayOf(message)}</p>}
              <MessageView
                message={message}
                isContinued={continues(before, message) && !repliesOf.has(before?.ts ?? '')}
              />
              <Thread parent={message} replies={replies} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A reply whose parent is gone, or hidden from me, stands by itself. */
function inThreads(all: readonly Message[]) {
  const known = new Set(all.map(({ ts }) => ts));
  const repliesOf = new Map<string, Message[]>();
  const parents: Message[] = [];
  for (const message of all) {
    const thread = message.thread_ts;
    if (thread === undefined || thread === message.ts || !known.has(thread)) parents.push(message);
    else repliesOf.set(thread, [...(repliesOf.get(thread) ?? []), message]);
  }
  return { parents, repliesOf };
}
