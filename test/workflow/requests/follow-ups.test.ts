import { describe, expect, test } from '@jest/globals';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { openWorld, type World } from '../../doubles/world.ts';

const NODE = 'worker1.rack.example.com';

/** A change of Alice's whose plan does not hold any more, and the cluster as it is then. */
async function staleRotation(world: World) {
  const change = await world.alice.propose(`${ROTATE} --reason r1 is replaced`);
  world.cluster.edit('spk-tor-bgp', NODE, '10.20.1.2');
  await world.bob.decide('approve', change);
  return world.change(change.id);
}

describe('requesting a stale change again', () => {
  test('makes a new change of the same words, planned from the cluster as it is now', async () => {
    const world = await openWorld();
    const stale = await staleRotation(world);
    const seq = world.store.trail.length + 1;
    const reply = await world.alice.followUp('re-request', stale);
    if (reply.kind !== 'card') throw new Error(reply.kind);
    expect(reply.change).toMatchObject({
      id: 'BGP-2',
      state: 'proposed',
      parsed: stale.parsed,
      reason: 'r1 is replaced',
      plan: stale.freshPlan,
    });
    expect(world.events(seq)).toEqual(['change.proposed']);
    expect((await world.change(stale.id)).state).toBe('stale');
  });

  test('makes whoever presses the requester, and nobody who worded the plan before approves it', async () => {
    const world = await openWorld();
    world.people.setMembers('S02LEADS', ['U01ALICE', 'U02BOB', 'U03CAROL']);
    const reply = await world.carol.followUp('re-request', await staleRotation(world));
    if (reply.kind !== 'card') throw new Error(reply.kind);
    expect(reply.change).toMatchObject({
      requester: world.carol.person,
      authors: [world.alice.person, world.carol.person],
    });
    for (const author of [world.alice, world.carol])
      expect(await author.decide('approve', reply.change)).toMatchObject({ reasonCode: 'own_change' });
    expect((await world.bob.decide('approve', reply.change)).kind).toBe('card');
  });

  test('is refused and recorded once where the change is not stale, or not there', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    expect(await world.alice.followUp('re-request', change)).toMatchObject({
      reasonCode: 'not_open',
      sentence: 'BGP-1 is proposed; only a stale change is requested again.',
    });
    expect(await world.alice.followUp('re-request', 'BGP-77')).toMatchObject({
      reasonCode: 'unknown_change',
    });
    expect(world.events(2)).toEqual(['request.refused not_open', 'request.refused unknown_change']);
    expect(world.store.trail.at(-1)).toMatchObject({
      change: 'BGP-77',
      data: { said: 'request BGP-77 again' },
    });
  });

  test('is authorized like the command itself', async () => {
    const world = await openWorld();
    const stale = await staleRotation(world);
    expect(await world.dave.followUp('re-request', stale)).toMatchObject({ reasonCode: 'not_allowed' });
    expect(await world.mallory.followUp('re-request', stale)).toMatchObject({ reasonCode: 'guest' });
    for (const id of ['BGP-77', (await world.alice.propose(ROTATE)).id])
      expect(await world.mallory.followUp('re-request', id)).toMatchObject({ reasonCode: 'guest' });
    await world.bob.submit('freeze new core routers');
    expect(await world.alice.followUp('re-request', stale)).toMatchObject({ reasonCode: 'frozen' });
    expect(await world.store.change('BGP-3')).toBeUndefined();
  });
});

describe('the button that rolls back', () => {
  test('requests the rollback of its change', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    const reply = await world.bob.followUp('rollback', halted);
    if (reply.kind !== 'card') throw new Error(reply.kind);
    expect(reply.change).toMatchObject({
      requester: world.bob.person,
      parsed: { verb: 'rollback', args: [halted.id] },
      plan: {
        rollsBack: { change: halted.id, verb: 'rotate' },
        differences: [{ node: NODE, before: '10.20.1.9', after: '10.20.1.1' }],
      },
    });
    expect(world.records('change.proposed').at(-1)?.data).toMatchObject({
      verb: 'rollback',
      args: [halted.id],
    });
  });

  test('is refused where there is nothing to roll back', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    expect(await world.bob.followUp('rollback', change)).toMatchObject({ reasonCode: 'not_open' });
    expect(world.events(2)).toEqual(['request.refused not_open']);
    expect(world.records('request.refused')[0]?.data).toMatchObject({ said: `rollback ${change.id}` });
  });

  test('and the value that somebody wrote since is not overwritten', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    world.cluster.edit('spk-tor-bgp', NODE, '10.20.1.7', 'kubectl-edit');
    expect(await world.bob.followUp('rollback', halted)).toMatchObject({
      reasonCode: 'mapping_changed_meanwhile',
      sentence: expect.stringContaining('kubectl-edit'),
    });
  });
});
