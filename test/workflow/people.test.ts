import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../src/domain/refusal.ts';
import type { People } from '../../src/ports/chat.ts';
import { approversOf, membershipOf, membershipsAmong } from '../../src/workflow/people.ts';
import { type MemoryPeople, memoryPeople } from '../doubles/memory-people.ts';
import { HOME_TEAM, samplePolicy } from '../doubles/sample-policy.ts';

const person = (userId: string, teamId = HOME_TEAM) => ({ userId, teamId });
const BOB = person('U02BOB');
const sample = samplePolicy();
const [changes] = sample.rules;

/** The engineers are named one by one, the leads are a user group, the managers are both. */
function open(policy = sample) {
  const people = memoryPeople(HOME_TEAM);
  for (const user of ['U01ALICE', 'U02BOB', 'U03CAROL']) people.set(user);
  people.setMembers('S02LEADS', ['U02BOB', 'U03CAROL']);
  people.setMembers('S03MANAGERS', ['U03CAROL']);
  const managers = { name: 'managers', users: ['U02BOB'], userGroups: ['S03MANAGERS'] };
  const groups = new Map([...policy.groups]).set('managers', managers);
  return { people, bot: { policy: { ...policy, groups }, people, teamId: HOME_TEAM } };
}

/** The same where Slack does not say who is in this user group. */
function without(group: string, people: MemoryPeople): People {
  return {
    accountStatus: (one) => people.accountStatus(one),
    members: async (id) => (id === group ? undefined : people.members(id)),
  };
}

async function groupsOf(...[of, bot]: Parameters<typeof membershipOf>): Promise<unknown> {
  const membership = await membershipOf(of, bot);
  return isRefusal(membership) ? membership.reasonCode : [...membership];
}

describe('the groups that somebody is in', () => {
  test('are those that name them or whose user group has them', async () => {
    const { bot } = open();
    expect(await groupsOf(person('U01ALICE'), bot)).toEqual(['engineers']);
    expect(await groupsOf(BOB, bot)).toEqual(['leads', 'managers']);
    expect(await groupsOf(person('U03CAROL'), bot)).toEqual(['leads', 'managers']);
  });

  test('are none for a full member whom no group has, which is no refusal', async () => {
    const { people, bot } = open();
    people.set('U05DAVE');
    expect(await groupsOf(person('U05DAVE'), bot)).toEqual([]);
  });

  test('are refused to an account that may do nothing here', async () => {
    const { people, bot } = open();
    people.set('U02BOB', { guest: true });
    expect(await groupsOf(BOB, bot)).toBe('guest');
    expect(await groupsOf(person('U03CAROL', 'T99OTHER'), bot)).toBe('other_workspace');
    expect(await groupsOf(person('U99NOBODY'), bot)).toBe('people_unreachable');
  });

  test('do not lack those that are known because another one could not be asked for', async () => {
    const { people, bot } = open();
    const silent = { ...bot, people: without('S02LEADS', people) };
    expect(await groupsOf(BOB, silent)).toEqual(['managers']);
    expect(await groupsOf(person('U01ALICE'), silent)).toEqual(['engineers']);
  });

  test('cannot be told of somebody whom only such a group may have', async () => {
    const { people, bot } = open();
    people.set('U05DAVE');
    const silent = { ...bot, people: without('S02LEADS', people) };
    expect(await groupsOf(person('U05DAVE'), silent)).toBe('people_unreachable');
  });

  test('are those of the people it names, where a group is also a user group that cannot be asked for', async () => {
    const { people, bot } = open();
    const silent = { ...bot, people: without('S03MANAGERS', people) };
    expect(await groupsOf(BOB, silent)).toEqual(['leads', 'managers']);
    expect(await groupsOf(person('U03CAROL'), silent)).toEqual(['leads']);
  });
});

describe('the groups of several people', () => {
  test('are asked for as far as they matter, and told of those who were asked about alone', async () => {
    const { people, bot } = open();
    people.set('U03CAROL', { deactivated: true });
    const of = await membershipsAmong(['leads'], [BOB, person('U01ALICE'), person('U03CAROL')], bot);
    expect(of?.(BOB)).toEqual(new Set(['leads']));
    expect(of?.(person('U01ALICE'))).toEqual(new Set());
    expect(of?.(person('U03CAROL'))).toMatchObject({ reasonCode: 'deactivated' });
    expect(of?.(person('U02BOB', 'T99OTHER'))).toBeUndefined();
  });

  test('are not known when Slack does not know one of the people or does not say who is in one of the groups', async () => {
    const { people, bot } = open();
    expect(await membershipsAmong(['leads'], [BOB, person('U99NOBODY')], bot)).toBeUndefined();
    const silent = { ...bot, people: without('S03MANAGERS', people) };
    expect(await membershipsAmong(['leads', 'managers'], [BOB], silent)).toBeUndefined();
    expect(await membershipsAmong(['leads'], [BOB], silent)).toBeDefined();
  });

  test('a group that the policy does not have any more has nobody', async () => {
    const of = await membershipsAmong(['gone', 'leads'], [BOB], open().bot);
    expect(of?.(BOB)).toEqual(new Set(['leads']));
  });
});

describe('who could approve under a rule', () => {
  const rule = (count: number) => {
    if (changes === undefined) throw new Error('the sample has no rule');
    return { ...changes, requiredApprovals: [{ groups: ['leads', 'managers'], count }] };
  };

  test('is asked about until they are enough', async () => {
    const { people, bot } = open();
    const asked: string[] = [];
    const counting: People = {
      members: (id) => people.members(id),
      accountStatus(one) {
        asked.push(one.userId);
        return people.accountStatus(one);
      },
    };
    expect(await approversOf(rule(1), [], { ...bot, people: counting })).toEqual([['leads', 'managers']]);
    expect(asked).toEqual(['U02BOB']);
    expect(await approversOf(rule(2), [], bot)).toHaveLength(2);
    expect(await approversOf(rule(3), [], bot)).toHaveLength(2);
  });

  test('is nobody who worded the change, and nobody whose account may do nothing', async () => {
    const { people, bot } = open();
    people.set('U03CAROL', { guest: true });
    expect(await approversOf(rule(1), [BOB], bot)).toEqual([]);
    expect(await approversOf(rule(1), [person('U02BOB', 'T99OTHER')], bot)).toHaveLength(1);
  });

  test('cannot be told while Slack does not say who is in one of the groups', async () => {
    const { people, bot } = open();
    const silent = { ...bot, people: without('S02LEADS', people) };
    expect(await approversOf(rule(1), [], silent)).toBeUndefined();
  });
});
