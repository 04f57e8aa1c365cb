import type { User, Workspace } from './workspace.ts';

const TEAM = 'T01RACK';

/** The workspace of `npm run sandbox`: an engineer, two leads, a guest and two channels. */
export const sandboxWorkspace: Workspace = {
  teamId: TEAM,
  teamDomain: 'rack',
  botUser: { id: 'U00BOT', botId: 'B00BOT', appId: 'A00BOT' },
  users: [
    person('U01ALICE', 'alice', 'Alice (engineer)'),
    person('U02BOB', 'bob', 'Bob (lead)'),
    person('U03CAROL', 'carol', 'Carol (lead)'),
    { ...person('U04MALLORY', 'mallory', 'Mallory (guest)'), isRestricted: true },
    { ...person('U00BOT', 'bgp', 'BGP bot'), isBot: true },
  ],
  channels: [
    { id: 'C01CHANGES', name: 'network-changes', members: everybody() },
    { id: 'C02AUDIT', name: 'bgp-audit', members: everybody() },
  ],
  userGroups: [
    { id: 'S01ENGINEERS', handle: 'engineers', users: ['U01ALICE'] },
    { id: 'S02LEADS', handle: 'leads', users: ['U02BOB', 'U03CAROL'] },
  ],
};

function person(id: string, name: string, realName: string): User {
  return {
    id,
    name,
    realName,
    isRestricted: false,
    isUltraRestricted: false,
    deleted: false,
    isBot: false,
    teamId: TEAM,
    tz: 'Europe/Berlin',
  };
}

function everybody(): string[] {
  return ['U01ALICE', 'U02BOB', 'U03CAROL', 'U04MALLORY', 'U00BOT'];
}
