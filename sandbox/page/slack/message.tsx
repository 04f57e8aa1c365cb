import { tell } from '../server.ts';
import { settings } from '../settings.ts';
import { type Message, me } from '../state.ts';
import { type Outcome, report } from './act.ts';
import { Avatar, nameOf } from './avatar.tsx';
import { Blocks } from './blocks.tsx';
import { NamedEmoji } from './emoji.tsx';
import { FileView } from './file.tsx';
import { Menu } from './menu.tsx';
import { Mrkdwn } from './mrkdwn.tsx';

interface MessageProps {
  readonly message: Message;
  /** It follows another of the same author, whose name is not repeated. */
  readonly isContinued: boolean;
}

export function MessageView({ message, isContinued }: MessageProps) {
  const isEphemeral = message.subtype === 'ephemeral';
  const isApp = message.bot_id !== undefined;
  const name = nameOf(message.user);
  const classes = ['message', isEphemeral && 'ephemeral', isContinued && 'continued'];
  return (
    <article class={classes.filter(Boolean).join(' ')} aria-label={`${name}, ${timeOf(message)}`}>
      <div class="margin">
        {isContinued ? <Time message={message} /> : <Avatar user={message.user} isApp={isApp} />}
      </div>
      <div class="content">
        {isEphemeral && <p class="only">Only visible to you</p>}
        {!isContinued && (
          <p class="by">
            <b class="author">{name}</b>
            {isApp && <span class="app-tag">APP</span>}
            <Time message={message} />
          </p>
        )}
        <Content message={message} />
        {message.files?.map((file) => (
          <FileView key={file.id} file={file} />
        ))}
        {message.edited && <span class="edited">(edited)</span>}
        {message.reactions && message.reactions.length > 0 && (
          <div class="reactions">
            {message.reactions.map((reaction) => (
              <span key={reaction.name} class="reaction" title={reaction.users.map(nameOf).join(', ')}>
                <NamedEmoji name={reaction.name} /> {reaction.count}
              </span>
            ))}
          </div>
        )}
      </div>
      {!isEphemeral && <MessageMenu message={message} />}
    </article>
  );
}

function Content({ message }: { readonly message: Message }) {
  if (message.blocks && message.blocks.length > 0)
    return <Blocks blocks={message.blocks} place={{ channel: message.channel, messageTs: message.ts }} />;
  if (message.text === '') return null;
  return (
    <div class="text">
      <Mrkdwn text={message.text} />
    </div>
  );
}

function Time({ message }: { readonly message: Message }) {
  const at = new Date(Number(message.ts) * 1000);
  return (
    <time title={at.toLocaleString()} dateTime={at.toISOString()}>
      {timeOf(message)}
    </time>
  );
}

export function timeOf({ ts }: Message): string {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** Messages of one author within this time stand below one name. */
const TOGETHER_SEC = 300;
/** Whether it is read as one with the message before it. */
export function continues(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    before.user === message.user &&
    before.subtype !== 'ephemeral' &&
    message.subtype !== 'ephemeral' &&
    dayOf(before) === dayOf(message) &&
    Number(message.ts) - Number(before.ts) < TOGETHER_SEC
  );
}

export function dayOf(message: Message | undefined): string {
  if (message === undefined) return '';
  const at = new Date(Number(message.ts) * 1000);
  if (at.toDateString() === new Date().toDateString()) return 'Today';
  return at.toLocaleDateString([], { weekday: 'long', month: 'long', day: 'numeric' });
}

/** The message shortcuts of the app. */
function MessageMenu({ message }: { readonly message: Message }) {
  const shortcuts = settings.shortcuts.filter(({ type }) => type === 'message');
  if (shortcuts.length === 0) return null;
  return (
    <Menu
      class="message-menu"
      label={`More actions for the message of ${timeOf(message)}`}
      items={shortcuts.map(({ name, callbackId }) => ({
        key: callbackId,
        label: name,
        async choose() {
          const body = {
            user: me.value,
            callback_id: callbackId,
            channel: message.channel,
            messageTs: message.ts,
          };
          report(await tell<Outcome>('shortcut', body));
        },
      }))}
    >
      ⋯
    </Menu>
  );
}
