import type { ComponentChildren } from 'preact';
import { channels, me, myChannels, showMessage, userGroups, users } from '../state.ts';
import { decoded, Plain } from './emoji.tsx';

/** What stands between angle brackets: a person, a channel, a group, a date, a link. */
export function Reference({ inner }: { readonly inner: string }) {
  const [target = '', label] = inner.split(/\|(.*)/s);
  if (target.startsWith('@')) return <Person id={target.slice(1)} />;
  if (target.startsWith('#')) return <ChannelName id={target.slice(1)} label={label} />;
  if (target.startsWith('!date^')) {
    const [, seconds, format = '', url] = target.split('^');
    return <DateText at={Number(seconds)} format={format} fallback={label ?? target} url={url} />;
  }
  if (target.startsWith('!subteam^')) return <Group id={target.slice('!subteam^'.length)} label={label} />;
  if (target.startsWith('!')) return <Mention isMine>@{target.slice(1)}</Mention>;
  return (
    <Link url={decoded(target)}>
      <Plain text={label ?? target} />
    </Link>
  );
}

export function Person({ id }: { readonly id: string }) {
  const user = users.value.find((known) => known.id === id);
  return <Mention isMine={id === me.value}>@{user?.name ?? id}</Mention>;
}

export function ChannelName({ id, label }: { readonly id: string; readonly label?: string | undefined }) {
  const channel = channels.value.find((known) => known.id === id);
  return <Mention>#{channel?.name ?? label ?? id}</Mention>;
}

export function Group({ id, label }: { readonly id: string; readonly label?: string | undefined }) {
  const group = userGroups.value.find((known) => known.id === id);
  const isMine = group?.users.includes(me.value) ?? false;
  return <Mention isMine={isMine}>@{group?.handle ?? label?.replace(/^@/, '') ?? id}</Mention>;
}

export function Mention({
  isMine = false,
  children,
}: {
  readonly isMine?: boolean;
  readonly children: ComponentChildren;
}) {
  return <span class={isMine ? 'mention mine' : 'mention'}>{children}</span>;
}

/** Only what a browser opens as a page or a mail; anything else is its text. */
export function Link({ url, children }: { readonly url: string; readonly children: ComponentChildren }) {
  if (!/^(https?|mailto):/.test(url)) return <>{children}</>;
  const message = messageAt(url);
  const follow = (event: Event) => {
    if (message === undefined || !myChannels.value.some(({ id }) => id === message.channel)) return;
    event.preventDefault();
    showMessage(message.channel, message.ts);
  };
  return (
    <a href={url} target="_blank" rel="noreferrer noopener" onClick={follow}>
      {children}
    </a>
  );
}

/** A link to a message of this workspace; one in a thread leads to the thread. */
function messageAt(url: string): { readonly channel: string; readonly ts: string } | undefined {
  const found = /^https:\/\/[\w-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})/.exec(url);
  if (found === null) return undefined;
  const [, channel = '', seconds, fraction] = found;
  return { channel, ts: new URL(url).searchParams.get('thread_ts') ?? `${seconds}.${fraction}` };
}

interface DateProps {
  /** Seconds since 1970. */
  readonly at: number;
  readonly format: string;
  readonly fallback: string;
  readonly url?: string | undefined;
}

/** In the reader's zone. https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export function DateText({ at, format, fallback, url }: DateProps) {
  const date = new Date(at * 1000);
  if (Number.isNaN(date.getTime())) return <Plain text={fallback} />;
  const day = (style: Intl.DateTimeFormatOptions) => date.toLocaleDateString([], style);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const near = nearDay(date);
  const texts: Readonly<Record<string, string>> = {
    date_num: day({ year: 'numeric', month: '2-digit', day: '2-digit' }),
    date: day({ year: 'numeric', month: 'long', day: 'numeric' }),
    date_short: day({ year: 'numeric', month: 'short', day: 'numeric' }),
    date_long: day({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
    time,
    time_secs: date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    ago: near === undefined ? day({ month: 'short', day: 'numeric' }) : time,
  };
  const text = format.replace(/\{([a-z_]+)\}/g, (typed, name: string) => {
    const plain = name.replace(/_pretty$/, '');
    return (name === plain ? undefined : near) ?? texts[plain] ?? typed;
  });
  const shown = (
    <time title={date.toLocaleString()} dateTime={date.toISOString()}>
      {text}
    </time>
  );
  return url === undefined ? shown : <Link url={url}>{shown}</Link>;
}

function nearDay(date: Date): string | undefined {
  const days = [
    ['today', 0],
    ['yesterday', -1],
    ['tomorrow', 1],
  ] as const;
  return days.find(([, offset]) => {
    const other = new Date();
    other.setDate(other.getDate() + offset);
    return date.toDateString() === other.toDateString();
  })?.[0];
}
