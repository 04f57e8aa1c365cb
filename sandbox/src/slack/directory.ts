import type { Channel, User, UserGroup, Workspace } from './workspace.ts';

/** The workspace as it is now. */
export interface Directory {
  readonly teamId: string;
  readonly teamDomain: string;
  readonly bot: Workspace['botUser'];
  users(): User[];
  channels(): Channel[];
  userGroups(): UserGroup[];
  user(id: string | undefined): User | undefined;
  /** By id, by name or by #name; a user's id names the direct messages with the bot. */
  channel(idOrName: string | undefined): Channel | undefined;
  userGroup(id: string | undefined): UserGroup | undefined;
  /** Changes a user, or adds one. */
  setUser(user: Partial<User> & { readonly id: string }): User;
  /** Changes who is in a group, or adds one. */
  setUserGroup(group: Partial<UserGroup> & { readonly id: string }): UserGroup;
}

export function openDirectory(workspace: Workspace): Directory {
  const users = new Map(workspace.users.map((user) => [user.id, user]));
  const groups = new Map(workspace.userGroups.map((group) => [group.id, group]));
  const channels = new Map(workspace.channels.map((channel) => [channel.id, channel]));

  function directMessages(userId: string): Channel | undefined {
    if (!users.has(userId)) return undefined;
    const id = `D${userId.slice(1)}`;
    const channel = channels.get(id) ?? {
      id,
      name: 'directmessage',
      members: [userId, workspace.botUser.id],
    };
    channels.set(id, channel);
    return channel;
  }

  return {
    teamId: workspace.teamId,
    teamDomain: workspace.teamDomain,
    bot: workspace.botUser,
    users: () => [...users.values()],
    channels: () => [...channels.values()],
    userGroups: () => [...groups.values()],
    user: (id) => users.get(id ?? ''),
    userGroup: (id) => groups.get(id ?? ''),
    channel(idOrName = '') {
      const name = idOrName.replace(/^#/, '');
      const named = () => [...channels.values()].find((channel) => channel.name === name);
      return channels.get(idOrName) ?? directMessages(idOrName) ?? named();
    },
    setUser(change) {
      const user = { ...(users.get(change.id) ?? stranger(change.id, workspace.teamId)), ...change };
      users.set(user.id, user);
      return user;
    },
    setUserGroup(change) {
      const group = {
        ...(groups.get(change.id) ?? { handle: change.id.toLowerCase(), users: [] }),
        ...change,
      };
      groups.set(group.id, group);
      return group;
    },
  };
}

function stranger(id: string, teamId: string): User {
  const name = id.toLowerCase();
  const no = { isRestricted: false, isUltraRestricted: false, deleted: false, isBot: false };
  return { id, name, realName: name, ...no, teamId, tz: 'Etc/UTC' };
}
