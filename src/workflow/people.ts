import { refuseAccount } from '../domain/authorization/people.ts';
import { type Person, samePerson } from '../domain/person.ts';
import type { Membership, Policy, Rule } from '../domain/policy/policy.ts';
import { approvingGroups, unsatisfied } from '../domain/policy/required-approvals.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { People } from '../ports/chat.ts';
import type { Dependencies } from './dependencies.ts';

/** The groups of the policy that a person is in, as Slack says now, or why they may do nothing. */
export async function membershipOf(
  person: Person,
  dependencies: Pick<Dependencies, 'policy' | 'people' | 'teamId'>,
): Promise<Membership | Refusal> {
  const denied = refuseAccount(await dependencies.people.accountStatus(person), dependencies.teamId);
  return denied ?? groupsOf(person, dependencies.policy, dependencies.people);
}

/**
 * The groups of each person who could approve under this rule and has an active account, until they are enough;
 * `authors` never count. Undefined when Slack could not be asked.
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
    // Whoever cannot be asked about does not count: the answer is no rather than a guess.
    if (refuseAccount(await dependencies.people.accountStatus(person), dependencies.teamId) === undefined)
      present.push(groups);
  }
  return present;
}

/** The groups that hold each member of any of them. */
async function membersByPerson(
  groups: readonly string[],
  { policy, people }: Pick<Dependencies, 'policy' | 'people'>,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const byPerson = new Map<string, string[]>();
  for (const name of groups) {
    const members = await membersOf(name, policy, people);
    if (members === undefined) return undefined;
    for (const user of members) byPerson.set(user, [...(byPerson.get(user) ?? []), name]);
  }
  return byPerson;
}

async function groupsOf(person: Person, policy: Policy, people: People): Promise<Membership | Refusal> {
  const held = await Promise.all(
    [...policy.groups.keys()].map(async (name) => ({ name, members: await membersOf(name, policy, people) })),
  );
  // A group that could not be asked holds nobody: the answer is no rather than a guess.
  const membership = new Set(
    held.filter(({ members }) => members?.has(person.userId)).map(({ name }) => name),
  );
  const unknown = held.some(({ members }) => members === undefined);
  return unknown && membership.size === 0
    ? refuse(
        'people_unreachable',
        'Slack could not be asked for the user groups you are in, so the answer is no.',
        'Try again in a minute.',
      )
    : membership;
}

async function membersOf(
  group: string,
  policy: Policy,
  people: People,
): Promise<ReadonlySet<string> | undefined> {
  const { users = [], userGroups = [] } = policy.groups.get(group) ?? {};
  const lists = await Promise.all(userGroups.map((id) => people.members(id)));
  const known = lists.filter((list) => list !== undefined);
  if (known.length < lists.length && users.length === 0) return undefined;
  return new Set([...users, ...known.flat()]);
}
