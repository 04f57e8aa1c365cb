import { computed, signal } from '@preact/signals';
import type { Message } from '../src/slack/message.ts';
import type { View } from '../src/slack/view.ts';
import type { Channel, User, UserGroup } from '../src/slack/workspace.ts';
import { ask, type Change, listen } from './server.ts';

/** What the page knows. Components read these; only this file and `choose…` below write them. */
export const users = signal<readonly User[]>([]);
export const channels = signal<readonly Channel[]>([]);
export const userGroups = signal<readonly UserGroup[]>([]);
/** By channel, oldest first; thread replies and ephemeral messages included. */
export const messages = signal<ReadonlyMap<string, readonly Message[]>>(new Map());
export const unread = signal<ReadonlyMap<string, number>>(new Map());
/** The modals of who I am, the bottom one first. */
export const modals = signal<readonly View[]>([]);
export const home = signal<View | null>(null);
export const connected = signal(true);
/** Who I am: a user's id. */
export const me = signal(localStorage.getItem('me') ?? '');
/** The channel that is shown. */
export const channel = signal(localStorage.getItem('channel') ?? '');
/** Counts up whenever the cluster or the routers changed; the rack view reads them anew then. */
export const worldVersion = signal(0);

/** Put into the composer, which takes the focus then; the composer empties it once it has it. */
export const draft = signal('');

export const people = computed(() => users.value.filter((user) => !user.isBot && !user.deleted));

export function choosePerson(id: string): void {
  me.value = id;
  localStorage.setItem('me', id);
  soon('views', fetchViews);
}

export function chooseChannel(id: string): void {
  channel.value = id;
  localStorage.setItem('channel', id);
  unread.value = new Map(unread.value).set(id, 0);
}

/** Reads everything, and then whatever changes. */
export function watch(): void {
  listen({
    onOpen() {
      connected.value = true;
      soon('all', fetchAll);
    },
    onLost() {
      connected.value = false;
    },
    onChange: fetchChanged,
  });
}

function fetchChanged({ changed, id }: Change): void {
  if (changed === 'messages') soon(`messages ${id}`, () => fetchMessages(id));
  if (changed === 'views' && id === me.value) soon('views', fetchViews);
  if (changed === 'workspace') soon('workspace', fetchWorkspace);
  if (changed === 'world') worldVersion.value++;
}

async function fetchAll(): Promise<void> {
  await fetchWorkspace();
  await Promise.all(channels.value.map(({ id }) => fetchMessages(id)));
  unread.value = new Map();
  worldVersion.value++;
  await fetchViews();
}

async function fetchWorkspace(): Promise<void> {
  const workspace = await ask<{
    readonly users: readonly User[];
    readonly channels: readonly Channel[];
    readonly userGroups: readonly UserGroup[];
  }>('workspace');
  users.value = workspace.users;
  channels.value = workspace.channels;
  userGroups.value = workspace.userGroups;
  if (!people.value.some((user) => user.id === me.value)) me.value = people.value[0]?.id ?? '';
  if (!channels.value.some((known) => known.id === channel.value))
    channel.value = channels.value[0]?.id ?? '';
}

async function fetchMessages(id: string): Promise<void> {
  const answer = await ask<{ readonly messages: readonly Message[] }>(`messages/${encodeURIComponent(id)}`);
  const added = answer.messages.length - (messages.value.get(id)?.length ?? 0);
  messages.value = new Map(messages.value).set(id, answer.messages);
  if (id !== channel.value) {
    unread.value = new Map(unread.value).set(id, (unread.value.get(id) ?? 0) + Math.max(0, added));
  }
}

async function fetchViews(): Promise<void> {
  const asked = me.value;
  const answer = await ask<{ readonly views: readonly View[]; readonly home: View | null }>(
    `views/${encodeURIComponent(asked)}`,
  );
  if (asked !== me.value) return;
  modals.value = answer.views;
  home.value = answer.home;
}

/** Many changes at once are fetched once; what fails is fetched again when the connection is back. */
const due = new Set<string>();
function soon(key: string, read: () => Promise<void>): void {
  if (due.has(key)) return;
  due.add(key);
  setTimeout(() => {
    due.delete(key);
    read().catch(() => {
      connected.value = false;
    });
  }, 60);
}
