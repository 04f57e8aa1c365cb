import { sandboxWorkspace } from '../../sandbox/src/slack/sandbox-workspace.ts';
import type { User, Workspace } from '../../sandbox/src/slack/workspace.ts';

/** Everybody who may turn up in a workspace, beside the sandbox's own people. */
export const ERIN = 'U05ERIN';
export const DAVE = 'U06DAVE';
export const STRANGER = 'U07STRANGER';
export const ROBOT = 'U08ROBOT';

/** The sandbox's workspace with a full member in no group, a deactivated lead, somebody of another team, and a bot. */
export function crowdedWorkspace(): Workspace {
  const [alice] = sandboxWorkspace.users;
  const like = (id: string, more: Partial<User> = {}): User => ({
    id,
    name: id.toLowerCase(),
    realName: id,
    isRestricted: false,
    isUltraRestricted: false,
    deleted: false,
    isBot: false,
    teamId: sandboxWorkspace.teamId,
    tz: alice?.tz ?? 'UTC',
    ...more,
  });
  const more = [
    like(DAVE),
    like(ERIN, { deleted: true }),
    like(STRANGER, { teamId: 'T99OTHER' }),
    like(ROBOT, { isBot: true }),
  ];
  const ids = more.map(({ id }) => id);
  return {
    ...sandboxWorkspace,
    users: [...sandboxWorkspace.users, ...more],
    channels: sandboxWorkspace.channels.map((channel) => ({
      ...channel,
      members: [...channel.members, ...ids],
    })),
    // In the group that approves, so that only who they are forbids it.
    userGroups: sandboxWorkspace.userGroups.map((group) =>
      group.id === 'S02LEADS' ? { ...group, users: [...group.users, ERIN, STRANGER, ROBOT] } : group,
    ),
  };
}
