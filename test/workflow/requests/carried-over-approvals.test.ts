import { expect, test } from '@jest/globals';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { openWorld, type World } from '../../doubles/world.ts';

const MINUTE_MS = 60_000;
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
