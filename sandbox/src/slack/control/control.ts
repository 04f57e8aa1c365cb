import type { LogLine } from '../activity-log.ts';
import type { Backend, TokenKind } from '../backend.ts';
import type { DisconnectReason } from '../delivery/socket-mode.ts';
import type { InjectedFault, SlackService } from '../faults.ts';
import { clickInMessage, clickInView, type MessageClick, type ViewClick } from '../interaction/click.ts';
import { closeView } from '../interaction/close-view.ts';
import { sendEvent } from '../interaction/event.ts';
import type { Outcome } from '../interaction/outcome.ts';
import { type ShortcutUse, useShortcut } from '../interaction/shortcut.ts';
import { slashCommand, type TypedCommand } from '../interaction/slash-command.ts';
import { type Submission, submitView } from '../interaction/submit-view.ts';
import { suggest, type Typing } from '../interaction/suggest.ts';
import type { JsonObject } from '../json.ts';
import type { Message } from '../message.ts';
import type { View } from '../view.ts';
import type { Channel, User, UserGroup } from '../workspace.ts';

/** What people do in Slack, what they see, and what may go wrong there. */
export interface Control {
  command(typed: TypedCommand): Promise<Outcome>;
  /** A message that somebody types, for everybody in the channel to read. */
  say(said: { readonly channel: string; readonly user: string; readonly text: string }): Message;
  interact(click: MessageClick | ViewClick): Promise<Outcome>;
  submitView(submission: Submission): Promise<Outcome>;
  closeView(closing: {
    readonly user: string;
    readonly viewId: string;
    readonly all?: boolean;
  }): Promise<Outcome>;
  suggest(typing: Typing): Promise<Outcome>;
  shortcut(use: ShortcutUse): Promise<Outcome>;
  event(event: JsonObject): Promise<Outcome>;
  /** Oldest first; thread replies and ephemeral messages included. */
  messages(channel: string): Message[];
  /** The modals of a user, the bottom one first, and the Home tab. */
  views(user: string): { readonly views: View[]; readonly home: View | null };
  log(): LogLine[];
  workspace(): { readonly users: User[]; readonly channels: Channel[]; readonly userGroups: UserGroup[] };
  connections(): number;
  /** How many connections it went to: the oldest one, or all; `cut` drops them without a word. */
  disconnect(how: {
    readonly reason: DisconnectReason;
    readonly all?: boolean;
    readonly cut?: boolean;
  }): number;
  setApp(app: { readonly requestUrl?: string | null; readonly shouldEscape?: boolean }): void;
  fault(fault: InjectedFault): void;
  service(): SlackService;
  /** `out` also drops every connection. */
  setService(service: SlackService): void;
  /** From now on a token is refused with this error, such as `token_revoked`; with null it is taken again. */
  refuseToken(refusal: { readonly token: TokenKind; readonly error: string | null }): void;
  setUser(user: Partial<User> & { readonly id: string }): User;
  setUserGroup(group: Partial<UserGroup> & { readonly id: string }): UserGroup;
}

export function openControl(backend: Backend): Control {
  const { directory, announcements } = backend;
  return {
    command: (typed) => slashCommand(backend, typed),
    say: (said) => backend.messages.add(said),
    interact: (click) => ('viewId' in click ? clickInView(backend, click) : clickInMessage(backend, click)),
    submitView: (submission) => submitView(backend, submission),
    closeView: (closing) => closeView(backend, closing),
    suggest: (typing) => suggest(backend, typing),
    shortcut: (use) => useShortcut(backend, use),
    event: (event) => sendEvent(backend, event),
    messages: (channel) => backend.messages.inChannel(directory.channel(channel)?.id ?? channel),
    views: (user) => ({ views: backend.views.stack(user), home: backend.views.home(user) ?? null }),
    log: () => backend.log.entries(),
    workspace: () => ({
      users: directory.users(),
      channels: directory.channels(),
      userGroups: directory.userGroups(),
    }),
    connections: () => backend.sockets.connections(),
    disconnect: ({ reason, all = reason === 'link_disabled', cut = false }) =>
      backend.sockets.disconnect(reason, { all, cut }),
    setApp(app) {
      if (app.requestUrl !== undefined) backend.delivery.setRequestUrl(app.requestUrl);
      if (app.shouldEscape !== undefined) backend.app.shouldEscape = app.shouldEscape;
    },
    fault: (fault) => backend.faults.inject(fault),
    service: () => backend.faults.service(),
    setService(service) {
      backend.faults.setService(service);
      if (service === 'out') backend.sockets.disconnect('warning', { all: true, cut: true });
    },
    refuseToken({ token, error }) {
      if (error === null) backend.refusedTokens.delete(token);
      else backend.refusedTokens.set(token, error);
    },
    setUser(user) {
      const changed = directory.setUser(user);
      announcements.announce({ changed: 'workspace', id: user.id });
      return changed;
    },
    setUserGroup(group) {
      const changed = directory.setUserGroup(group);
      announcements.announce({ changed: 'workspace', id: group.id });
      return changed;
    },
  };
}
