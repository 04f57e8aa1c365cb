import type { WebClient } from '@slack/web-api';
import type { AccountStatus, Person } from '../../domain/person.ts';
import type { AsOf, People } from '../../ports/chat.ts';
import { withinTime } from './within-time.ts';

const CACHED_FOR_MS = 30_000;
const TIMEOUT_MS = 3_000;
const MAX_REMEMBERED = 5_000;

/** Account status and user groups from Slack; undefined when Slack does not answer. */
export function slackPeople(client: WebClient, onError: (words: string) => void): People {
  const accounts = remember<AccountStatus>(onError);
  const groups = remember<readonly string[]>(onError);
  return {
    accountStatus: ({ userId, teamId }, asOf) =>
      accounts(`${userId} of ${teamId}`, asOf, async () =>
        accountStatusFrom((await client.users.info({ user: userId })).user, { userId, teamId }),
      ),
    members: (usergroup, asOf) =>
      groups(usergroup, asOf, async () =>
        membersFrom((await client.usergroups.users.list({ usergroup })).users),
      ),
  };
}

interface SlackUser {
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly team_id?: string;
  /** The membership of a person of an Enterprise Grid organization. */
  readonly enterprise_user?: { readonly teams?: readonly string[] };
}

function accountStatusFrom(user: SlackUser | undefined, person: Person): AccountStatus {
  if (user?.team_id === undefined) throw new Error('users.info returned no user or no team');
  const isMember =
    user.team_id === person.teamId || user.enterprise_user?.teams?.includes(person.teamId) === true;
  return {
    deactivated: user.deleted ?? false,
    bot: user.is_bot ?? false,
    guest:
      (user.is_restricted ?? false) || (user.is_ultra_restricted ?? false) || (user.is_stranger ?? false),
    // One person must not count as two here, as the same user id under two teams would.
    teamId: isMember ? person.teamId : null,
  };
}

/** A list that is missing is not an empty one: approvals would be void. */
function membersFrom(users: readonly string[] | undefined): readonly string[] {
  if (users === undefined) throw new Error('usergroups.users.list returned no users');
  return users;
}

/**
 * Caches answers by key for callers that accept a recent one; they share a call in progress. A failure is not cached. Other
 * callers always make their own call: one that started earlier may have been answered earlier.
 */
function remember<Value>(
  onError: (words: string) => void,
): (key: string, asOf: AsOf | undefined, ask: () => Promise<Value>) => Promise<Value | undefined> {
  const known = new Map<string, { readonly atMs: number; readonly value: Promise<Value | undefined> }>();
  return (key, asOf, ask) => {
    const held = known.get(key);
    if (asOf === 'cached' && held !== undefined && Date.now() - held.atMs < CACHED_FOR_MS) return held.value;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const value = withinTime(ask(), TIMEOUT_MS).catch((error: unknown) => {
      known.delete(key);
      onError(`asking Slack about ${key}: ${error instanceof Error ? error.message : 'no answer'}`);
      return undefined;
    });
    known.set(key, { atMs: Date.now(), value });
    return value;
  };
}
