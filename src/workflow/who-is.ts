import { refuseAccount } from '../domain/authorization/authorize.ts';
import { type Person, samePerson } from '../domain/person.ts';
import type { Membership, Policy, Rule } from '../domain/policy/policy.ts';
import { approvingGroups, unsatisfied } from '../domain/policy/required-approvals.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { People } from '../ports/people.ts';
import type { Dependencies } from './dependencies.ts';

/** Asks the chat anew who somebody is and which groups of the policy hold them, or says why they may do nothing. */
export async function whoIs(
  person: Person,
  bot: Pick<Dependencies, 'policy' | 'people' | 'teamId'>,
): Promise<Membership | Refusal> {
  const denied = refuseAccount(await bot.people.accountStatus(person), bot.teamId);
  return denied ?? membershipOf(person, bot.policy, bot.people);
}

/**
 * The groups of people who could approve under this rule and are really there, until they are enough; `authors` never
 * count. Undefined when the chat could not be asked.
 */
export async function approversOf(
  { requiredApprovals }: Rule,
  authors: readonly Person[],
  bot: Pick<Dependencies, 'policy' | 'people' | 'teamId'>,
): Promise<readonly (readonly string[])[] | undefined> {
  const people = await membersByPerson(approvingGroups(requiredApprovals), bot);
  if (people === undefined) return undefined;
  const present: (readonly string[])[] = [];
  for (const [userId, groups] of people) {
    if (unsatisfied(requiredApprovals, present).length === 0) break;
    const person = { userId, teamId: bot.teamId };
    if (authors.some((author) => samePerson(author, person))) continue;
    // Whoever cannot be asked about does not count: the answer is no rather than a guess.
    if (refuseAccount(await bot.people.accountStatus(person), bot.teamId) === undefined) present.push(groups);
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

async function membershipOf(person: Person, policy: Policy, people: People): Promise<Membership | Refusal> {
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
