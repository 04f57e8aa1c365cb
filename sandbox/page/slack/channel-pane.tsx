import { useState } from 'preact/hooks';
import { settings } from '../settings.ts';
import { channel, channels, users } from '../state.ts';
import { nameOf } from './avatar.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';

/** The channel that is shown: its name, its messages, and where one types. */
export function ChannelPane() {
  const [sends, setSends] = useState(0);
  const shown = channels.value.find(({ id }) => id === channel.value);
  if (shown === undefined) return <p class="waiting">Connecting…</p>;
  const isDirect = shown.id.startsWith('D');
  const bot = users.value.find((user) => user.isBot);
  const name = isDirect ? (bot?.realName ?? 'App') : `#${shown.name}`;
  return (
    <section class="channel" data-channel={shown.id} aria-label={name}>
      <div class="pane-head">
        <h1>
          {!isDirect && (
            <span class="sign" aria-hidden="true">
              #{' '}
            </span>
          )}
          {isDirect ? name : shown.name}
        </h1>
        <p class="pane-note" title={shown.members.map(nameOf).join(', ')}>
          {isDirect ? 'direct messages' : `${shown.members.length} members`}
        </p>
      </div>
      <MessageList key={shown.id} channel={shown.id} name={name} welcome={settings.welcome} sends={sends} />
      <Composer key={shown.id} channel={shown.id} name={name} onSend={() => setSends(sends + 1)} />
    </section>
  );
}
