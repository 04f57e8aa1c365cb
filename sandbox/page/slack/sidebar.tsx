import type { ComponentChildren } from 'preact';
import { settings } from '../settings.ts';
import {
  channel,
  chooseChannel,
  choosePerson,
  me,
  myChannels,
  people,
  showHome,
  shown,
  showRack,
  unread,
  users,
} from '../state.ts';
import { Avatar } from './avatar.tsx';

/** Channels, direct messages and the app at the left; at its foot, who I am. On a phone a strip at the top. */
export function Sidebar() {
  const named = myChannels.value.filter(({ id }) => !id.startsWith('D'));
  const direct = myChannels.value.filter(({ id }) => id.startsWith('D'));
  const bot = users.value.find((user) => user.isBot);
  return (
    <header class="side">
      <p class="workspace">
        <span class="mark" aria-hidden="true" />
        {settings.title}
      </p>
      <nav class="places" aria-label="Channels and apps">
        <Group name="Channels">
          {named.map(({ id, name }) => (
            <Place
              key={id}
              sign="#"
              name={name}
              isShown={isShown(id)}
              unread={unread.value.get(id) ?? 0}
              onClick={() => chooseChannel(id)}
            />
          ))}
        </Group>
        <Group name="Apps">
          <Place sign="⌂" name="Home" isShown={shown.value === 'home'} unread={0} onClick={showHome} />
          <span class="narrow-only">
            <Place sign="▤" name="Rack" isShown={shown.value === 'rack'} unread={0} onClick={showRack} />
          </span>
          {direct.map(({ id }) => (
            <Place
              key={id}
              sign="@"
              name={bot?.realName ?? 'App'}
              isShown={isShown(id)}
              unread={unread.value.get(id) ?? 0}
              onClick={() => chooseChannel(id)}
            />
          ))}
        </Group>
      </nav>
      <People />
    </header>
  );
}

function isShown(id: string): boolean {
  return shown.value === 'channel' && channel.value === id;
}

function Group({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div class="group">
      <p class="group-name" aria-hidden="true">
        {name}
      </p>
      {children}
    </div>
  );
}

interface PlaceProps {
  readonly sign: string;
  readonly name: string;
  readonly isShown: boolean;
  readonly unread: number;
  readonly onClick: () => void;
}

function Place({ sign, name, isShown: current, unread: count, onClick }: PlaceProps) {
  return (
    <button
      type="button"
      class={count > 0 ? 'place has-unread' : 'place'}
      aria-current={current ? 'page' : undefined}
      onClick={onClick}
    >
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      <span class="place-name">{name}</span>
      {count > 0 && (
        <span class="unread">
          {count}
          <span class="for-readers"> unread</span>
        </span>
      )}
    </button>
  );
}

/** One Tab stop; the arrow keys change the person, as in any group of radio buttons. */
function People() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the choice of one has this role
    <fieldset class="people" role="radiogroup">
      <legend class="group-name">Who you are</legend>
      {people.value.map((user) => (
        <label key={user.id} class={user.id === me.value ? 'person current' : 'person'} title={user.realName}>
          <input
            type="radio"
            name="person"
            class="for-readers"
            aria-label={user.realName}
            checked={user.id === me.value}
            onChange={() => choosePerson(user.id)}
          />
          <Avatar user={user.id} />
          <span class="person-name">
            {user.realName.split(' ')[0]}
            <small> {user.realName.split(' ').slice(1).join(' ')}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
