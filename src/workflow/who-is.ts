import { denyStanding } from '../domain/authority.ts';
import type { Person } from '../domain/person.ts';
import type { Membership, Policy, Rule } from '../domain/policy.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { People } from '../ports/people.ts';
import type { Bot } from './bot.ts';

/** Asks the chat anew who somebody is and which groups of the policy hold them, or says why they may do nothing. */
export async function whoIs(
  person: Person,
  bot: Pick<Bot, 'policy' | 'people' | 'teamId'>,
): Promise<Membership | Refusal> {
  const denied = denyStanding(await bot.people.standing(person), bot.teamId);
  return denied ?? membershipOf(person, bot.policy, bot.people);
}

/** Everybody a rule lets approve, as user ids; undefined when the chat could not be asked. */
export async function approversOf(
  rule: Rule,
  bot: Pick<Bot, 'policy' | 'people'>,
): Promise<ReadonlySet<string> | undefined> {
  const users = new Set<string>();
  for (const name of rule.approve) {
    const members = await membersOf(name, bot.policy, bot.people);
    if (members === undefined) return undefined;
    for (const user of members) users.add(user);
  }
  return users;
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
