import type { AccountStatus } from '../../src/domain/person.ts';
import type { People } from '../../src/ports/chat.ts';

/** A chat's directory of people and user groups, as a test arranges it. */
export interface MemoryPeople extends People {
  /** Adds somebody of the home team, or changes what is known of them. */
  set(userId: string, status?: Partial<AccountStatus>): void;
  setMembers(userGroup: string, userIds: readonly string[]): void;
  /** While set, nobody can be asked about anybody. */
  unreachable: boolean;
}

export function memoryPeople(homeTeam: string): MemoryPeople {
  const users = new Map<string, AccountStatus>();
  const groups = new Map<string, readonly string[]>();
  return {
    unreachable: false,
    set(userId, status = {}) {
      const known = users.get(userId) ?? { deactivated: false, bot: false, guest: false, teamId: homeTeam };
      users.set(userId, { ...known, ...status });
    },
    setMembers: (userGroup, userIds) => void groups.set(userGroup, [...userIds]),
    async accountStatus({ userId, teamId: claimed }) {
      const status = this.unreachable ? undefined : users.get(userId);
      if (status === undefined) return undefined;
      // Whoever claims another team than they are of is of another team: one human must not be two people.
      const stranger = [status.teamId, claimed].find((team) => team !== homeTeam);
      return { ...status, teamId: stranger ?? homeTeam };
    },
    async members(userGroup) {
      return this.unreachable ? undefined : groups.get(userGroup);
    },
  };
}
