import { refuseAccount } from '../domain/authorization/people.ts';
import { type Person, samePerson } from '../domain/person.ts';
import type { Membership, Rule } from '../domain/policy/policy.ts';
import { approvingGroups, unsatisfied } from '../domain/policy/required-approvals.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { AsOf } from '../ports/chat.ts';
import type { Dependencies } from './dependencies.ts';

/** The policy's groups of a person, as Slack says now, or why they may do nothing. */
export async function membershipOf(
  person: Person,
  dependencies: Pick<Dependencies, 'policy' | 'people' | 'teamId'>,
  asOf: AsOf = 'now',
): Promise<Membership | Refusal> {
  const status = await dependencies.people.accountStatus(person, asOf);
  return refuseAccount(status, dependencies.teamId) ?? groupsOf(person, dependencies, asOf);
}

/**
 * The same for several people, limited to these groups; each group is read once. Undefined when Slack did not answer completely:
 * missing data is no reason to void somebody's decision.
 */
export async function membershipsAmong(
  groups: readonly string[],
  people: readonly Person[],
  dependencies: Pick<Dependencies, 'policy' | 'people' | 'teamId'>,
): Promise<((person: Person) => Membership | Refusal | undefined) | undefined> {
  const read = await Promise.all(
    groups.map(async (name) => ({ name, members: await allMembersOf(name, dependencies) })),
  );
  const asked = await Promise.all(
    people.map(async (person) => ({ person, status: await dependencies.people.accountStatus(person) })),
  );
  if (asked.some(({ status }) => status === undefined)) return undefined;
  if (read.some(({ members }) => members === undefined)) return undefined;
  const memberships = asked.map(({ person, status }) => {
    const held = read.filter(({ members }) => members?.has(person.userId)).map(({ name }) => name);
    return { person, membership: refuseAccount(status, dependencies.teamId) ?? new Set(held) };
  });
  return (wanted) => memberships.find(({ person }) => samePerson(person, wanted))?.membership;
}

/**
 * The groups of each person who could approve under this rule and has an active account, until there are enough; `authors` never
 * count. Undefined when Slack could not be read.
 */
export async function approversOf(
  { requiredApprovals }: Rule,
  authors: readonly Person[],
  dependencies: Pick<Dependencies, 'policy' | 'people' | 'teamId'>,
): Promise<readonly (readonly string[])[] | undefined> {
  const people = await membersByPerson(approvingGroups(requiredApprovals), dependencies);
  if (people === undefined) return undefined;
  const present: (readonly string[])[] = [];
  for (const [userId, groups] of people) {
    if (unsatisfied(requiredApprovals, present).length === 0) break;
    const person = { userId, teamId: dependencies.teamId };
    if (authors.some((author) => samePerson(author, person))) continue;
    // A person whose status cannot be read does not count: refuse rather than guess.
    const status = await dependencies.people.accountStatus(person, 'cached');
    if (refuseAccount(status, dependencies.teamId) === undefined) present.push(groups);
  }
  return present;
}

/** For each member of any of these groups, the groups that they are in. */
async function membersByPerson(
  groups: readonly string[],
  { policy, people }: Directory,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const byPerson = new Map<string, string[]>();
  for (const name of groups) {
    const members = await membersOf(name, { policy, people }, 'cached');
    if (members === undefined) return undefined;
    for (const user of members) byPerson.set(user, [...(byPerson.get(user) ?? []), name]);
  }
  return byPerson;
}

async function groupsOf(person: Person, directory: Directory, asOf: AsOf): Promise<Membership | Refusal> {
  const held = await Promise.all(
    [...directory.policy.groups.keys()].map(async (name) => ({
      name,
      members: await membersOf(name, directory, asOf),
    })),
  );
  // A group that could not be read has no members: refuse rather than guess.
  const membership = new Set(
    held.filter(({ members }) => members?.has(person.userId)).map(({ name }) => name),
  );
  const unknown = held.some(({ members }) => members === undefined);
  return unknown && membership.size === 0
    ? refuse(
        'people_unreachable',
        'Slack could not be asked for the user groups you are in, so the answer is no.',
        'Try again in a minute; if this persists, the log of the bot says why.',
      )
    : membership;
}

type Directory = Pick<Dependencies, 'policy' | 'people'>;

async function allMembersOf(
  group: string,
  { policy, people }: Directory,
): Promise<ReadonlySet<string> | undefined> {
  const { users = [], userGroups = [] } = policy.groups.get(group) ?? {};
  const lists = await Promise.all(userGroups.map((id) => people.members(id)));
  const known = lists.filter((list) => list !== undefined);
  return known.length < lists.length ? undefined : new Set([...users, ...known.flat()]);
}

async function membersOf(
  group: string,
  { policy, people }: Directory,
  asOf: AsOf,
): Promise<ReadonlySet<string> | undefined> {
  const { users = [], userGroups = [] } = policy.groups.get(group) ?? {};
  const lists = await Promise.all(userGroups.map((id) => people.members(id, asOf)));
  const known = lists.filter((list) => list !== undefined);
  if (known.length < lists.length && users.length === 0) return undefined;
  return new Set([...users, ...known.flat()]);
}
