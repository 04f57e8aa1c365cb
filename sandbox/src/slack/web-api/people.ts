import { type JsonObject, stringIn } from '../json.ts';
import type { User, UserGroup } from '../workspace.ts';
import { answer, type Method, missingArgument, refuse } from './answer.ts';
import { pageOf } from './pages.ts';

/** https://docs.slack.dev/reference/methods/users.info */
export const userInfo: Method = ({ backend, args }) => {
  const id = stringIn(args, 'user');
  if (id === undefined) return missingArgument('user');
  const user = backend.directory.user(id);
  return user === undefined ? refuse('user_not_found') : answer({ user: seenUser(user) });
};

/** https://docs.slack.dev/reference/methods/users.list */
export const userList: Method = ({ backend, args }) => {
  const { page, response_metadata } = pageOf(backend.directory.users(), args);
  return answer({
    members: page.map(seenUser),
    cache_ts: Math.floor(backend.clock() / 1000),
    response_metadata,
  });
};

/** https://docs.slack.dev/reference/methods/usergroups.list */
export const groupList: Method = ({ backend, args }) => {
  const withUsers = String(args.include_users) === 'true';
  const groups = backend.directory.userGroups();
  return answer({ usergroups: groups.map((group) => seenGroup(group, backend.directory.teamId, withUsers)) });
};

/** https://docs.slack.dev/reference/methods/usergroups.users.list */
export const groupUsers: Method = ({ backend, args }) => {
  const id = stringIn(args, 'usergroup');
  if (id === undefined) return missingArgument('usergroup');
  const group = backend.directory.userGroup(id);
  return group === undefined ? refuse('no_such_subteam') : answer({ users: group.users });
};

function seenUser(user: User): JsonObject {
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    real_name: user.realName,
    deleted: user.deleted,
    tz: user.tz,
    profile: { real_name: user.realName, display_name: user.name, team: user.teamId },
    is_bot: user.isBot,
    is_app_user: false,
    is_restricted: user.isRestricted || user.isUltraRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    updated: 0,
  };
}

function seenGroup(group: UserGroup, teamId: string, withUsers: boolean): JsonObject {
  return {
    id: group.id,
    team_id: teamId,
    is_usergroup: true,
    name: group.handle,
    handle: group.handle,
    user_count: group.users.length,
    ...(withUsers && { users: group.users }),
  };
}
