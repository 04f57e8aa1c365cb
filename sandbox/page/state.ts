import { computed, effect, type Signal, signal } from '@preact/signals';
import type { Block } from '../src/slack/block-kit/validate-blocks.ts';
import type { Message as StoredMessage } from '../src/slack/message.ts';
import type { View as StoredView } from '../src/slack/view.ts';
import type { Channel, User, UserGroup } from '../src/slack/workspace.ts';
import { markRead, readMarks, readUpTo } from './read-marks.ts';
import { ask, type Change, listen, tell } from './server.ts';

/** The sandbox checked the blocks when the app sent them, so that they have their types here. */
export interface Message extends Omit<StoredMessage, 'blocks' | 'files'> {
  readonly blocks?: readonly Block[];
  readonly files?: readonly SharedFile[];
}

export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly size: number;
  readonly mimetype: string;
  readonly alt_txt?: string;
  /** The beginning of a text. */
  readonly preview: string;
  readonly url_private: string;
}

export interface View extends Omit<StoredView, 'blocks' | 'title' | 'submit' | 'close'> {
  readonly blocks: readonly Block[];
  readonly title?: ViewText;
  readonly submit?: ViewText;
  readonly close?: ViewText;
}

interface ViewText {
  readonly type: 'plain_text';
  readonly text: string;
}

/** What the page knows. Components read these; only this file writes them. */
export const users = signal<readonly User[]>([]);
export const channels = signal<readonly Channel[]>([]);
export const userGroups = signal<readonly UserGroup[]>([]);
/** By channel, oldest first; thread replies and ephemeral messages included. */
export const messages = signal<ReadonlyMap<string, readonly Message[]>>(new Map());
/** The modals of who I am, the bottom one first. */
export const modals = signal<readonly View[]>([]);
export const home = signal<View | null>(null);
export const connected = signal(true);
/** Counts up whenever the cluster or the routers changed; the rack view reads them anew then. */
export const worldVersion = signal(0);

/** Who I am: a user's id. It and the two below survive a reload. */
export const me = remembered('me');
/** The channel that was shown last. */
export const channel = remembered('channel');
/** `channel`, `home`, or `rack`, which matters only where the window is too narrow to show the rack beside. */
export const shown = remembered('shown');
/** Put into the composer, which takes the focus then; the composer empties it once it has it. */
export const draft = signal('');

export const people = computed(() => users.value.filter((user) => !user.isBot && !user.deleted));
/** Those where I am; the direct messages of others are theirs. */
export const myChannels = computed(() =>
  channels.value.filter(({ id, members }) => !id.startsWith('D') || members.includes(me.value)),
);

/** By channel, how many messages I have not read. */
export const unread = computed<ReadonlyMap<string, number>>(
  () =>
    new Map(
      myChannels.value.map(({ id }) => {
        const read = readUpTo(me.value, id) ?? 0;
        return [id, visibleMessages(id).filter(({ ts }) => Number(ts) > read).length];
      }),
    ),
);

/** Those of a channel that I see; ephemeral ones are for one person each. */
export function visibleMessages(id: string): readonly Message[] {
  return (messages.value.get(id) ?? []).filter(
    (message) => message.subtype !== 'ephemeral' || message.ephemeral_to === me.value,
  );
}

export function choosePerson(id: string): void {
  me.value = id;
  modals.value = [];
  home.value = null;
  if (!myChannels.value.some((known) => known.id === channel.value))
    channel.value = myChannels.value[0]?.id ?? '';
  if (shown.value === 'home') tellHomeOpened();
  soon('views', fetchViews);
}

export function chooseChannel(id: string): void {
  channel.value = id;
  shown.value = 'channel';
}

/** The message that a link led to, until the list has brought it into view. */
export const wanted = signal<{ readonly channel: string; readonly ts: string } | undefined>(undefined);

export function showMessage(channelId: string, ts: string): void {
  chooseChannel(channelId);
  wanted.value = { channel: channelId, ts };
}

export function showHome(): void {
  shown.value = 'home';
  tellHomeOpened();
}

export function showRack(): void {
  shown.value = 'rack';
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
  effect(() => {
    const last = messages.value.get(channel.value)?.at(-1);
    if (shown.value === 'channel' && last !== undefined) markRead(me.value, channel.value, Number(last.ts));
  });
}

function fetchChanged({ changed, id }: Change): void {
  if (changed === 'messages')
    soon(`messages ${id}`, async () => {
      if (!channels.value.some((known) => known.id === id)) await fetchWorkspace();
      await fetchMessages(id);
    });
  if (changed === 'views' && id === me.value) soon('views', fetchViews);
  if (changed === 'workspace') soon('workspace', fetchWorkspace);
  if (changed === 'world') worldVersion.value++;
}

let isFirst = true;
/** Whether this browser opens the page for the first time. */
let isFirstVisit = Object.keys(readMarks.peek()).length === 0;

async function fetchAll(): Promise<void> {
  await fetchWorkspace();
  await Promise.all(channels.value.map(({ id }) => fetchMessages(id)));
  if (isFirstVisit) readAll();
  isFirstVisit = false;
  if (isFirst && shown.value === 'home') tellHomeOpened();
  isFirst = false;
  worldVersion.value++;
  await fetchViews();
}

/** What was there before this browser opened the page for the first time counts as read, for everybody. */
function readAll(): void {
  for (const { id } of channels.value)
    for (const person of people.value)
      markRead(person.id, id, Number(messages.value.get(id)?.at(-1)?.ts ?? 0));
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
  if (!myChannels.value.some((known) => known.id === channel.value))
    channel.value = myChannels.value[0]?.id ?? '';
}

async function fetchMessages(id: string): Promise<void> {
  const answer = await ask<{ readonly messages: readonly Message[] }>(`messages/${encodeURIComponent(id)}`);
  messages.value = new Map(messages.value).set(id, answer.messages);
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

/** Slack tells the app each time that somebody opens its Home tab. */
function tellHomeOpened(): void {
  const event = { type: 'app_home_opened', user: me.value, channel: 'D0HOME', tab: 'home' };
  tell('event', { event }).catch(lost);
}

/** Many changes at once are fetched once; what fails is fetched again when the connection is back. */
const due = new Set<string>();
function soon(key: string, read: () => Promise<void>): void {
  if (due.has(key)) return;
  due.add(key);
  setTimeout(() => {
    due.delete(key);
    read().catch(lost);
  }, 60);
}

function lost(): void {
  connected.value = false;
}

/** Of this tab of the browser, so that two of them may be two people. */
function remembered(key: string): Signal<string> {
  const value = signal(sessionStorage.getItem(key) ?? (key === 'shown' ? 'channel' : ''));
  value.subscribe((now) => sessionStorage.setItem(key, now));
  return value;
}
