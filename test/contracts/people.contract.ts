import { expect } from '@jest/globals';
import type { AccountStatus } from '../../src/domain/person.ts';
import type { People } from '../../src/ports/chat.ts';
import type { Contract } from './under-test.ts';

/** A workspace of its own for each test, with Alice in no group and Bob and Carol in S02LEADS. */
export interface WorkspacesUnderTest {
  readonly homeTeam: string;
  open(): Promise<{
    readonly people: People;
    set(userId: string, status: Partial<AccountStatus>): void;
    /** Whoever is asked about from now on, the workspace does not answer. */
    breakDown(): void;
  }>;
}

export const peopleContract: Contract<WorkspacesUnderTest> = (run, the) => {
  run('guests, deactivated people and bots are known for what they are', async () => {
    const { people, set } = await the().open();
    const teamId = the().homeTeam;
    set('U02BOB', { deactivated: true });
    set('U03CAROL', { guest: true });
    const accountStatus = (userId: string) => people.accountStatus({ userId, teamId });
    expect(await accountStatus('U01ALICE')).toEqual({ deactivated: false, bot: false, guest: false, teamId });
    expect(await accountStatus('U02BOB')).toMatchObject({ deactivated: true });
    expect(await accountStatus('U03CAROL')).toMatchObject({ guest: true });
    expect(await accountStatus('U04MALLORY')).toMatchObject({ guest: true });
  });

  run('somebody of another team is a stranger, and so is who claims another team than theirs', async () => {
    const { people, set } = await the().open();
    const home = the().homeTeam;
    const teamOf = async (userId: string, teamId: string) =>
      (await people.accountStatus({ userId, teamId }))?.teamId;
    set('U02BOB', { teamId: 'T99OTHER' });
    expect(await teamOf('U02BOB', 'T99OTHER')).not.toBe(home);
    expect(await teamOf('U02BOB', home)).not.toBe(home);
    // The same user id under two teams would be two people, who could approve each other's changes.
    expect(await teamOf('U01ALICE', 'T99OTHER')).not.toBe(home);
    expect(await teamOf('U01ALICE', home)).toBe(home);
  });

  run('a user group names its members', async () => {
    const { people } = await the().open();
    expect(await people.members('S02LEADS')).toEqual(['U02BOB', 'U03CAROL']);
  });

  run('whom nobody knows is nobody', async () => {
    const { people } = await the().open();
    expect(await people.accountStatus({ userId: 'U77NOBODY', teamId: the().homeTeam })).toBeUndefined();
    expect(await people.members('S77NONE')).toBeUndefined();
  });

  run('nothing is known of anybody while nobody can be asked', async () => {
    const { people, breakDown } = await the().open();
    breakDown();
    expect(await people.accountStatus({ userId: 'U01ALICE', teamId: the().homeTeam })).toBeUndefined();
    expect(await people.members('S02LEADS')).toBeUndefined();
  });
};
