import { expect, test } from '@jest/globals';
import type { Change, Decision } from '../../src/domain/change/change.ts';
import type { Policy, Rule } from '../../src/domain/policy/policy.ts';
import { type StillAuthorized, stillAuthorized } from '../../src/workflow/still-authorized.ts';
import { aChange } from '../contracts/a-stored-change.ts';
import { fakeClock } from '../doubles/fake-clock.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryPeople } from '../doubles/memory-people.ts';
import { memoryStore } from '../doubles/memory-store.ts';
import { CHANNEL, HOME_TEAM, samplePolicy } from '../doubles/sample-policy.ts';

const person = (userId: string) => ({ userId, teamId: HOME_TEAM });
const approval = (userId: string, more: Partial<Decision> = {}): Decision => {
  const decision = { kind: 'approval', by: person(userId), digest: 'd', atMs: 1, groups: ['leads'] } as const;
  return { ...decision, ...more };
};

/** A rotation of Alice's, approved by Bob of the leads. */
function aRotation(more: Partial<Change> = {}): Change {
  const { outcome: _outcome, resumedAtMs: _resumedAtMs, ...change } = aChange('BGP-1');
  const requester = person('U01ALICE');
  return {
    ...change,
    state: 'approved',
    requester,
    authors: [requester],
    channel: CHANNEL,
    decisions: [approval('U02BOB')],
    ...more,
  };
}

/** Where only this rule allows anything. Bob is a lead and a manager, Carol a manager, who may break the glass. */
function policyOf(rule: Partial<Rule>): Policy {
  const policy = samplePolicy({ changes: rule });
  const groups = new Map([
    ...policy.groups,
    ['managers', { name: 'managers', users: ['U02BOB', 'U03CAROL'], userGroups: [] }] as const,
    ['emergency', { name: 'emergency', users: ['U03CAROL'], userGroups: [] }] as const,
  ]);
  return { ...policy, groups, rules: policy.rules.filter(({ name }) => name === 'changes') };
}

async function weigh(
  change: Change,
  rule: Partial<Rule> = {},
  leads = ['U02BOB'],
  undone?: Change,
): Promise<StillAuthorized> {
  const people = memoryPeople(HOME_TEAM);
  for (const user of ['U01ALICE', 'U02BOB', 'U03CAROL']) people.set(user);
  people.setMembers('S02LEADS', leads);
  const clock = fakeClock();
  const store = { ...memoryStore(memoryLeases(clock)), change: async () => undone };
  return stillAuthorized(change, { policy: policyOf(rule), people, teamId: HOME_TEAM, clock, store });
}

const MANAGERS = { requiredApprovals: [{ groups: ['managers'], count: 1 }] };

test('an approver who is in the groups of then and of now is asked about both', async () => {
  expect(await weigh(aRotation(), MANAGERS)).toEqual({ kind: 'yes' });
});

test('an approver whom the rule names now, and who is in none of the groups that were asked, does not count', async () => {
  expect(await weigh(aRotation(), MANAGERS, ['U03CAROL'])).toMatchObject({
    kind: 'void',
    approvals: { decisions: [{ void: 'not_an_approver' }] },
  });
});

test('what was void before stays so for its own reason, and what counts has the groups of now', async () => {
  const change = aRotation({
    requiredApprovals: [{ groups: ['leads', 'managers'], count: 2 }],
    decisions: [approval('U09GONE', { void: 'deactivated' }), approval('U02BOB'), approval('U03CAROL')],
  });
  const rule = { requiredApprovals: [{ groups: ['leads'], count: 2 }] };
  const weighed = await weigh(change, rule);
  expect(weighed).toMatchObject({
    kind: 'void',
    approvals: {
      decisions: [
        { by: person('U09GONE'), void: 'deactivated' },
        { by: person('U02BOB'), groups: ['leads'] },
        { by: person('U03CAROL'), groups: ['leads'], void: 'not_an_approver' },
      ],
    },
  });
  expect(weighed).not.toHaveProperty('approvals.breakGlass');
  expect(weighed).not.toHaveProperty('approvals.decisions.1.void');
});

test('who used break-glass is asked about in the groups that have the right to it', async () => {
  const change = aRotation({
    decisions: [],
    breakGlassUse: { by: person('U03CAROL'), reason: 'r1 is dead', atMs: 1 },
  });
  expect(await weigh(change, { breakGlass: ['emergency'] })).toEqual({ kind: 'yes' });
  expect(await weigh(change, { breakGlass: ['leads'] })).toMatchObject({
    kind: 'void',
    approvals: { breakGlass: 'not_allowed' },
  });
});

test('a rollback is requested by whoever may request what it undoes', async () => {
  const { plan } = aRotation();
  const rollback = { ...plan, verb: 'rollback', rollsBack: { change: 'BGP-0', verb: 'rotate' } };
  expect(await weigh(aRotation({ plan: rollback }))).toEqual({ kind: 'yes' });
  expect(await weigh(aRotation({ plan: rollback }), { commands: ['add'] })).toMatchObject({
    kind: 'requester refused',
    refusal: { reasonCode: 'not_allowed' },
  });
});

test('where the rule of now is satisfied, what was required then still is, by the groups of then', async () => {
  const change = aRotation({
    requiredApprovals: [{ groups: ['leads', 'managers'], count: 2 }],
    decisions: [approval('U02BOB'), approval('U03CAROL', { void: 'deactivated' })],
  });
  const weighed = await weigh(change, { requiredApprovals: [{ groups: ['leads'], count: 1 }] });
  expect(weighed).toMatchObject({
    kind: 'void',
    approvals: {
      decisions: [{ by: person('U02BOB'), groups: ['leads', 'managers'] }, { void: 'deactivated' }],
    },
  });
  expect(weighed).not.toHaveProperty('approvals.requiredApprovals');
});

test('a rollback whose approval the rule waives needs none while what it undoes is halted', async () => {
  const { plan } = aRotation();
  const rollback = aRotation({
    plan: { ...plan, verb: 'rollback', rollsBack: { change: 'BGP-0', verb: 'rotate' } },
    requiredApprovals: [],
    decisions: [],
  });
  const { startedAtMs: _, ...waiting } = rollback;
  const undone = aRotation({ state: 'halted' });
  expect(await weigh(waiting, { waiveRollback: true }, ['U02BOB'], undone)).toEqual({ kind: 'yes' });
  const closed = aRotation({ state: 'closed' });
  for (const other of [closed, undefined])
    expect(await weigh(waiting, { waiveRollback: true }, ['U02BOB'], other)).toMatchObject({ kind: 'void' });
});
