import { describe, expect, test } from '@jest/globals';
import type { Change, JournalEntry } from '../../../src/domain/change/change.ts';
import { decide } from '../../../src/workflow/decisions/decide.ts';
import { readRemainingPlan } from '../../../src/workflow/decisions/remaining-plan.ts';
import { haltedRotation, ROTATE, runningRotation } from '../../doubles/halted-rotation.ts';
import { RACK } from '../../doubles/sample-policy.ts';
import { openWorld, type World } from '../../doubles/world.ts';

describe('before somebody is asked to confirm, a change that is not there', () => {
  test('is refused to whoever may do something, and is nobody’s business who may not', async () => {
    const world = await openWorld();
    expect(await world.bob.prepare('approve', 'BGP-77')).toMatchObject({ reasonCode: 'unknown_change' });
    expect(await world.mallory.prepare('approve', 'BGP-77')).toMatchObject({ reasonCode: 'guest' });
  });
});

test('the record of a refusal has the digest that was seen, and none for a typed decision', async () => {
  const world = await openWorld();
  const change = await world.alice.propose(ROTATE);
  await world.alice.decide('approve', change);
  await world.alice.decide('approve', change.id);
  expect(world.records('request.refused').map(({ digest }) => digest)).toEqual([change.digest, null]);
});

test('a refusal is recorded with the change that was meant, however its id was typed', async () => {
  const world = await openWorld();
  const change = await world.alice.propose(ROTATE);
  for (const id of ['bgp-1', '#1', '1']) await world.alice.submit(`approve ${id}`);
  expect(world.records('request.refused').map((record) => record.change)).toEqual([
    change.id,
    change.id,
    change.id,
  ]);
});

test('a reason with half a character, or longer than a reason may be, is recorded as far as it is text', async () => {
  const world = await openWorld();
  const change = await world.alice.propose(ROTATE);
  const reason = `not today \ud800${'!'.repeat(5_000)}`;
  expect(await world.bob.decide('reject', change, { reason })).toMatchObject({ kind: 'card' });
  const said = (await world.change(change.id)).outcome?.sentence;
  expect(said).toMatch(/^not today \ufffd!+$/);
  expect(said).toHaveLength(500);
});

describe('while the cluster is slow to give the plan again', () => {
  const slowly = (world: World, meanwhile: () => Promise<unknown>): World['dependencies'] => {
    const snapshot = async () => {
      await meanwhile();
      return world.cluster.snapshot();
    };
    const clusters = new Map([[RACK.name, { ...world.cluster, snapshot }]]);
    return { ...world.dependencies, clusters };
  };
  const approveSlowly = async (meanwhile: (world: World) => Promise<unknown>) => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    const { person } = world.bob;
    const request = { person, channel: change.channel, changeId: change.id };
    const reply = await decide(
      'approve',
      request,
      slowly(world, () => meanwhile(world)),
    );
    return { reply, state: (await world.change(change.id)).state };
  };

  test('a freeze that is declared meanwhile forbids the approval', async () => {
    const approved = await approveSlowly((world) => world.carol.submit('freeze new core routers'));
    expect(approved).toMatchObject({ reply: { reasonCode: 'frozen' }, state: 'proposed' });
  });

  test('the time to approve may be over', async () => {
    const approved = await approveSlowly((world) => world.clock.advance(60 * 60_000));
    expect(approved).toMatchObject({ reply: { reasonCode: 'expired' }, state: 'proposed' });
  });
});

test('who may not close a running change does not keep its lease from anybody', async () => {
  const world = await openWorld();
  const change = await runningRotation(world);
  const asked: string[] = [];
  const leases = {
    ...world.leases,
    acquire(scope: string, holder: string) {
      asked.push(holder);
      return world.leases.acquire(scope, holder);
    },
  };
  const close = ({ person }: World['alice']) => {
    const request = { person, channel: change.channel, changeId: change.id };
    return decide('close', request, { ...world.dependencies, leases });
  };
  expect(await close(world.dave)).toMatchObject({ reasonCode: 'not_an_approver' });
  expect(asked).toEqual([]);
  expect(await close(world.bob)).toMatchObject({ kind: 'card', change: { state: 'closed' } });
  expect(asked).toEqual(['close BGP-1']);
});

test('a change whose worker is at it is not closed', async () => {
  const world = await openWorld();
  const change = await runningRotation(world);
  const { cluster } = change.plan;
  const scope = `${cluster.uid}/${cluster.tmm.namespace}/${cluster.tmm.selector}`;
  await world.leases.acquire(scope, change.id);
  expect(await world.bob.decide('close', change)).toMatchObject({ reasonCode: 'not_open' });
  expect((await world.change(change.id)).state).toBe('running');
});

test('Go on without on a card of an earlier halt is refused', async () => {
  const world = await openWorld();
  const halted = await haltedRotation(world);
  const outcome = { reasonCode: 'node_without_tmm', sentence: 'No TMM.', node: 'worker1', atMs: 20 } as const;
  const store = { ...world.store, change: async () => ({ ...halted, outcome }) };
  const on = (haltedAtMs: number) =>
    decide(
      'go-on',
      { person: world.bob.person, channel: halted.channel, changeId: halted.id, haltedAtMs },
      { ...world.dependencies, store, clock: { ...world.clock, now: () => 30 } },
    );
  expect(await on(10)).toMatchObject({ reasonCode: 'not_open' });
  expect(await on(20)).toMatchObject({ kind: 'card', change: { state: 'running' } });
});

describe('what a change would still do', () => {
  const restart = async () => {
    const world = await openWorld();
    return { world, change: await world.alice.propose('restart worker2.rack.example.com') };
  };
  const journalOf = ({ plan }: Change, phase: JournalEntry['phase']): readonly JournalEntry[] =>
    plan.restarts.flatMap(({ node, pods }) =>
      pods.map(
        ({ name, uid }) => ({ step: { kind: 'evict', node, pod: name, uid }, phase, atMs: 1 }) as const,
      ),
    );

  test('is read for the dialog that shows it alone', async () => {
    const { world, change } = await restart();
    expect(await readRemainingPlan('reject', change, world.dependencies)).toBeUndefined();
    expect(await readRemainingPlan('break-glass', change, world.dependencies)).toMatchObject({
      plan: change.plan,
      impact: { readAtMs: world.clock.now() },
    });
  });

  test('is the plan alone where the target or its cluster is gone, or cannot be read', async () => {
    const { world, change } = await restart();
    const { dependencies, policy } = world;
    const policyOfOthers = { ...policy, targets: [{ ...RACK, name: 'another' }] as const };
    const only = { plan: change.plan };
    expect(
      await readRemainingPlan('break-glass', change, { ...dependencies, policy: policyOfOthers }),
    ).toEqual(only);
    expect(await readRemainingPlan('break-glass', change, { ...dependencies, clusters: new Map() })).toEqual(
      only,
    );
    world.cluster.setWatch('lost');
    expect(await readRemainingPlan('break-glass', change, dependencies)).toHaveProperty('impact');
    world.cluster.unreachable = {
      kind: 'refusal',
      reasonCode: 'cluster_unreachable',
      sentence: 'The API server does not answer.',
      next: 'Wait.',
    };
    expect(await readRemainingPlan('break-glass', change, dependencies)).toEqual(only);
  });

  test('has the restart of which it is not known yet whether it was done, and not the one that was', async () => {
    const { world, change } = await restart();
    const restartsAfter = async (phase: JournalEntry['phase']) => {
      const begun = { ...change, journal: journalOf(change, phase) };
      return (await readRemainingPlan('break-glass', begun, world.dependencies))?.plan.restarts;
    };
    expect(await restartsAfter('intended')).toEqual(change.plan.restarts);
    expect(await restartsAfter('found')).toEqual([]);
  });
});

test('a change does not go on while Slack says nothing of who requested it', async () => {
  const world = await openWorld();
  const halted = await haltedRotation(world);
  const asFound = world.people.accountStatus.bind(world.people);
  Object.assign(world.people, {
    accountStatus: async (person: Parameters<typeof asFound>[0]) =>
      person.userId === 'U01ALICE' ? undefined : asFound(person),
  });
  expect(await world.carol.decide('resume', halted)).toMatchObject({ kind: 'refusal' });
  expect((await world.change(halted.id)).state).toBe('halted');
});

test('the dialog of a change that has not begun says nothing of what traffic does now', async () => {
  const world = await openWorld();
  const asked = await world.bob.prepare('break-glass', await world.alice.propose(ROTATE));
  expect(asked).toMatchObject({ kind: 'confirm', remaining: { plan: { verb: 'rotate' } } });
  expect(asked).not.toHaveProperty('remaining.traffic');
});

test('the reason of a rejection is what was typed behind it', async () => {
  const world = await openWorld();
  const { id } = await world.alice.propose(ROTATE);
  await world.bob.submit(`reject ${id} another router comes`);
  expect((await world.change(id)).outcome?.sentence).toBe('another router comes');
  const next = await world.alice.propose(ROTATE);
  await world.bob.submit(`reject ${next.id} another`);
  expect((await world.change(next.id)).outcome?.sentence).toBe('another');
});

test('a halted change is closed while another one runs by break-glass in its place', async () => {
  const world = await openWorld();
  const halted = await haltedRotation(world);
  const other = await world.alice.propose('restart worker2.rack.example.com');
  await world.bob.decide('break-glass', other, { reason: 'r1 is dead' });
  await world.pass(1_000);
  expect((await world.change(other.id)).state).toBe('running');
  expect(await world.carol.decide('close', halted)).toMatchObject({
    kind: 'card',
    change: { state: 'closed' },
  });
});
