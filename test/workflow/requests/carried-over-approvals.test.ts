import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import type { Person } from '../../../src/domain/person.ts';
import { carriedOverApprovals } from '../../../src/workflow/requests/carried-over-approvals.ts';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { CHANNEL } from '../../doubles/sample-policy.ts';
import { openWorld, type World } from '../../doubles/world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LEADS = ['U02BOB', 'U03CAROL', 'U05DAVE'];
const leads = (count: number) => ({ changes: { requiredApprovals: [{ groups: ['leads'], count }] } });

/** A rotation of Alice's that Bob approved and that waits for another lead. */
async function approvedByBob(world: World) {
  const change = await world.alice.propose(ROTATE);
  await world.bob.decide('approve', change);
  return change;
}

/** Who approved the next request of the same rotation before, and for which change. */
async function carriedOver(world: World): Promise<readonly unknown[]> {
  const { decisions } = await world.alice.propose(ROTATE);
  return decisions.map(({ by, carriedOverFrom }) => [by.userId, carriedOverFrom]);
}

test('an approval that was carried over before still names the change that it was given for, and counts once', async () => {
  const world = await openWorld(leads(3));
  world.people.setMembers('S02LEADS', LEADS);
  const { id } = await approvedByBob(world);
  expect(await carriedOver(world)).toEqual([['U02BOB', id]]);
  expect(await carriedOver(world)).toEqual([['U02BOB', id]]);
});

test('approvals of several people for several requests count together, as many as are asked for', async () => {
  const world = await openWorld(leads(3));
  world.people.setMembers('S02LEADS', LEADS);
  const first = await approvedByBob(world);
  const second = await world.alice.propose(ROTATE);
  await world.carol.decide('approve', second);
  expect(new Set(await carriedOver(world))).toEqual(
    new Set([
      ['U02BOB', first.id],
      ['U03CAROL', second.id],
    ]),
  );
});

test('an approval that is not needed any more is not carried over', async () => {
  const both = [
    { groups: ['leads'], count: 1 },
    { groups: ['platform'], count: 1 },
  ];
  const group = (name: string, users: readonly string[]) => [name, { name, users, userGroups: [] }] as const;
  const groups = new Map([
    group('engineers', ['U01ALICE']),
    group('leads', ['U02BOB', 'U03CAROL']),
    group('platform', ['U05DAVE']),
  ]);
  const world = await openWorld({ changes: { requiredApprovals: both }, groups });
  const first = await approvedByBob(world);
  const second = await world.alice.propose(ROTATE);
  expect(await world.carol.decide('approve', second)).toMatchObject({ reasonCode: 'approval_not_needed' });
  expect(await carriedOver(world)).toEqual([['U02BOB', first.id]]);

  world.people.set('U02BOB', { deactivated: true });
  const third = await world.alice.propose(ROTATE);
  await world.carol.decide('approve', third);
  world.people.set('U02BOB', { deactivated: false });
  expect(await carriedOver(world)).toEqual([['U03CAROL', third.id]]);
});

test('approvals of what was rejected, or halted, are not carried over', async () => {
  const rejected = await openWorld(leads(2));
  const change = await approvedByBob(rejected);
  await rejected.carol.decide('reject', change, { reason: 'not today' });
  expect(await carriedOver(rejected)).toEqual([]);

  const halted = await openWorld();
  await haltedRotation(halted);
  halted.cluster.edit('spk-tor-bgp', 'worker1.rack.example.com', '10.20.1.1');
  expect(await carriedOver(halted)).toEqual([]);
});

test('approvals of another plan are not carried over', async () => {
  const world = await openWorld(leads(2));
  await approvedByBob(world);
  const other = await world.alice.propose('rotate worker1.rack.example.com 10.20.1.8');
  expect(other.decisions).toEqual([]);
});

test('an approval that does not count any more is not carried over, also once its giver is a lead again', async () => {
  const world = await openWorld();
  const change = await approvedByBob(world);
  world.people.setMembers('S02LEADS', ['U03CAROL']);
  await world.work();
  expect(await world.change(change.id)).toMatchObject({
    state: 'proposed',
    decisions: [{ by: world.bob.person, void: expect.anything() }],
  });
  world.people.setMembers('S02LEADS', ['U02BOB', 'U03CAROL']);
  expect(await carriedOver(world)).toEqual([]);
});

test.each([
  ['the time to approve', { approveByMs: 10 * MINUTE_MS, executeByMs: 60 * MINUTE_MS }],
  ['the time to start', { approveByMs: 60 * MINUTE_MS, executeByMs: 10 * MINUTE_MS }],
])('an approval is carried over for as long as %s lasts, where that is the shorter one', async (_, times) => {
  const world = await openWorld({ changes: { ...times, ...leads(2).changes } });
  const { id } = await approvedByBob(world);
  await world.clock.advance(10 * MINUTE_MS - 1);
  expect(await carriedOver(world)).toEqual([['U02BOB', id]]);
  await world.clock.advance(1);
  expect(await carriedOver(world)).toEqual([]);
});

describe('approvals of an identical plan', () => {
  const TWO = { changes: { requiredApprovals: [{ groups: ['leads'], count: 2 }] } };

  test('lesson 61: count on for the next request of it, and are recorded with it under the name of who gave them', async () => {
    const world = await openWorld({
      changes: { approveByMs: HOUR_MS, executeByMs: 2 * HOUR_MS, ...TWO.changes },
    });
    const first = await world.alice.propose(ROTATE);
    await world.clock.advance(HOUR_MS / 2);
    await world.bob.decide('approve', first);
    await world.clock.advance(HOUR_MS / 2);
    await world.work();
    expect((await world.change(first.id)).state).toBe('expired');

    const again = await world.alice.propose(ROTATE);
    expect(again).toMatchObject({
      state: 'proposed',
      decisions: [{ by: world.bob.person, carriedOverFrom: first.id, groups: ['leads'] }],
    });
    expect(world.store.trail.at(-1)?.data).toMatchObject({ carriedOver: [{ by: 'U02BOB', from: first.id }] });
    await world.carol.decide('approve', again);
    expect((await world.change(again.id)).state).toBe('approved');
  });

  test('that are enough approve it at once: one record, and its job', async () => {
    const world = await openWorld(TWO);
    const first = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', first);
    const second = await world.alice.propose(ROTATE);
    await world.carol.decide('approve', first);
    // The first is approved and carries nothing over any more; the second is still there with one of two.
    expect(await world.change(second.id)).toMatchObject({
      state: 'proposed',
      decisions: [{ by: world.bob.person }],
    });
    await world.carol.decide('approve', second);
    expect((await world.change(second.id)).state).toBe('approved');

    const stale = await openWorld();
    const change = await stale.alice.propose(ROTATE);
    await stale.bob.decide('approve', change);
    stale.cluster.edit('spk-tor-bgp', 'worker1.rack.example.com', '10.20.1.2');
    await stale.work();
    expect((await stale.change(change.id)).state).toBe('stale');
    stale.cluster.edit('spk-tor-bgp', 'worker1.rack.example.com', '10.20.1.1');
    const seq = stale.store.trail.length + 1;
    expect(await stale.alice.propose(ROTATE)).toMatchObject({ state: 'approved', version: 1 });
    expect(stale.events(seq)).toEqual(['change.proposed approvals_carried_over']);
    await stale.stream.deliverAll();
    expect(stale.jobs.due().map(({ kind }) => kind)).toEqual(['change']);
  });

  test.each<[string, (world: World) => unknown]>([
    ['whose giver is deactivated since', (world) => world.people.set('U02BOB', { deactivated: true })],
    [
      'whose giver is no lead any more',
      (world) => world.people.setMembers('S02LEADS', ['U03CAROL', 'U05DAVE']),
    ],
    ['that were given too long ago', (world) => world.clock.advance(HOUR_MS / 2)],
  ])('%s do not count', async (_, meanwhile) => {
    const world = await openWorld(TWO);
    world.people.setMembers('S02LEADS', ['U02BOB', 'U03CAROL', 'U05DAVE']);
    const first = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', first);
    await meanwhile(world);
    expect((await world.alice.propose(ROTATE)).decisions).toEqual([]);
  });

  test('never count for a plan of their giver', async () => {
    const world = await openWorld(TWO);
    world.people.setMembers('S02LEADS', ['U02BOB', 'U03CAROL', 'U05DAVE']);
    const first = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', first);
    expect((await world.bob.propose(ROTATE)).decisions).toEqual([]);
  });
});

describe('one approval is for one execution', () => {
  const ADD = 'add worker3.rack.example.com 2001:db8:20:3::1 --lookup spk-tor-bgp-v6';

  /** A change of Alice's that is approved at once, by what Bob approved before it became stale. */
  async function carriedOverFromStale(world: World) {
    const change = await world.alice.propose(ADD);
    await world.bob.decide('approve', change);
    world.cluster.edit('spk-tor-bgp-v6', 'worker3.rack.example.com', '2001:db8:20:3::7');
    await world.work();
    expect((await world.change(change.id)).state).toBe('stale');
    world.cluster.edit('spk-tor-bgp-v6', 'worker3.rack.example.com', null);
    const again = await world.alice.propose(ADD);
    expect(again).toMatchObject({ state: 'approved', decisions: [{ carriedOverFrom: change.id }] });
    return again;
  }

  test('what was carried out and rolled back since is approved anew', async () => {
    const world = await openWorld();
    const again = await carriedOverFromStale(world);
    await world.pass(1_000);
    const rollback = await world.alice.propose(`rollback ${again.id}`);
    await world.carol.decide('approve', rollback);
    await world.pass(1_000);
    expect((await world.change(again.id)).state).toBe('rolled_back');
    expect(await world.alice.propose(ADD)).toMatchObject({ state: 'proposed', decisions: [] });
  });

  test('and for none once somebody rejected the same plan', async () => {
    const world = await openWorld(leads(2));
    const first = await world.alice.propose(ROTATE);
    const second = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', first);
    await world.clock.advance(1_000);
    await world.carol.decide('reject', second, { reason: 'not today' });
    expect(await carriedOver(world)).toEqual([]);
  });

  test('or once it did not count any more where it was carried over to', async () => {
    const world = await openWorld();
    const again = await carriedOverFromStale(world);
    world.people.setMembers('S02LEADS', ['U03CAROL']);
    await world.work();
    expect(await world.change(again.id)).toMatchObject({
      state: 'proposed',
      decisions: [{ void: expect.anything() }],
    });
    world.people.setMembers('S02LEADS', ['U02BOB', 'U03CAROL']);
    expect((await world.alice.propose(ADD)).decisions).toEqual([]);
  });

  test('an approval of one query is not carried over to another one, nor to another person', async () => {
    const world = await openWorld();
    const rules = world.policy.rules.map((rule) =>
      rule.name === 'configurations' ? { ...rule, ...leads(2).changes } : rule,
    );
    Object.assign(world.policy, { rules });
    await world.bob.decide('approve', await world.alice.propose('config worker1.rack.example.com'));
    expect((await world.alice.propose('config worker3.rack.example.com')).decisions).toEqual([]);
  });
});

test('a rejection of the same plan in the same moment as an approval ends that for good', async () => {
  const world = await openWorld(leads(2));
  world.people.setMembers('S02LEADS', LEADS);
  await approvedByBob(world);
  world.people.set('U02BOB', { deactivated: true });
  const second = await world.alice.propose(ROTATE);
  expect(second.decisions).toEqual([]);
  await world.dave.decide('approve', second);
  await world.carol.decide('reject', second, { reason: 'not tonight' });
  world.people.set('U02BOB', { deactivated: false });
  expect(await carriedOver(world)).toEqual([]);
});

test('what others approved in the same moment, and used, spends nobody else’s approval', async () => {
  const world = await openWorld(leads(2));
  world.people.setMembers('S02LEADS', LEADS);
  const { id } = await approvedByBob(world);
  world.people.set('U02BOB', { deactivated: true });
  const second = await world.alice.propose(ROTATE);
  await world.carol.decide('approve', second);
  await world.dave.decide('approve', second);
  expect((await world.change(second.id)).state).toBe('approved');
  world.people.set('U02BOB', { deactivated: false });
  expect(await carriedOver(world)).toEqual([['U02BOB', id]]);
});

/** What would be carried over now to another request of the same plan. */
async function carriedTo(
  world: World,
  { digest, requiredApprovals }: Change,
  authors: readonly Person[] = [world.alice.person],
): Promise<readonly unknown[]> {
  const rule = world.policy.rules.find(({ name }) => name === 'changes');
  if (rule === undefined) throw new Error('there is one');
  return carriedOverApprovals({ digest, authors, requiredApprovals, rule }, world.dependencies);
}

test('an approval is not carried over to a plan that its giver is one of several authors of', async () => {
  const world = await openWorld(leads(2));
  world.people.setMembers('S02LEADS', LEADS);
  const change = await approvedByBob(world);
  const [alice, bob] = [world.alice.person, world.bob.person];
  expect(await carriedTo(world, change)).toMatchObject([{ by: bob }]);
  expect(await carriedTo(world, change, [alice, bob])).toEqual([]);
});

test('an approval of a request in a channel that the policy does not list any more is not carried over', async () => {
  const other = 'C02OTHER';
  const world = await openWorld({ ...leads(2), channels: [CHANNEL, other] });
  const reply = await world.alice.submit(ROTATE, other);
  if (reply.kind !== 'card') throw new Error(reply.kind);
  await world.bob.decide('approve', reply.change, { channel: other });
  expect(await carriedTo(world, reply.change)).toMatchObject([{ by: world.bob.person }]);
  Object.assign(world.policy, { channels: [CHANNEL] });
  expect(await carriedTo(world, reply.change)).toEqual([]);
});
