import { describe, expect, test } from '@jest/globals';
import { replan } from '../../../src/workflow/execution/replan.ts';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { openWorld, type World } from '../../doubles/world.ts';

const ANOTHER = 'uid-of-another-kube-system';

/** What would have an effect on a cluster, or has had one. */
function effects({ cluster }: World): number {
  const operations = ['write', 'evict', 'remove'] as const;
  return operations.reduce((sum, operation) => sum + (cluster.calls.get(operation) ?? 0), 0);
}

describe('an approval is for one cluster', () => {
  test('lesson 49: a kubeconfig that leads to another one after the approval makes the plan stale', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    world.cluster.clusterUid = ANOTHER;
    await world.work();
    const stale = await world.change(change.id);
    expect(stale).toMatchObject({
      state: 'stale',
      outcome: {
        reasonCode: 'other_cluster',
        sentence: `This is a different cluster from the one that was approved: its kube-system has uid ${ANOTHER}, not uid-of-kube-system. Nothing was done.`,
        next: 'Check kubeconfig and context of target rack; request it again if they are as they should be.',
      },
    });
    expect(stale.freshPlan).toBeUndefined();
    expect(effects(world)).toBe(0);
    expect(world.events().at(-1)).toBe('change.stale other_cluster');
  });

  test('lesson 49: the click that approves is refused there, and says why', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    world.cluster.clusterUid = ANOTHER;
    expect(await world.bob.decide('approve', change)).toMatchObject({
      reasonCode: 'stale_plan',
      sentence: expect.stringContaining('This is a different cluster from the one that it was planned for'),
    });
    expect((await world.change(change.id)).decisions).toEqual([]);
  });

  test('lesson 49: an approval does not count on for the same change in another cluster', async () => {
    const world = await openWorld({ changes: { requiredApprovals: [{ groups: ['leads'], count: 2 }] } });
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    expect((await world.alice.propose(ROTATE)).decisions).toMatchObject([{ carriedOverFrom: change.id }]);
    world.cluster.clusterUid = ANOTHER;
    const there = await world.alice.propose(ROTATE);
    expect(there.digest).not.toBe(change.digest);
    expect(there.decisions).toEqual([]);
  });

  test('lesson 49: requested again, the change is planned for the cluster there is, and approved anew', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    world.cluster.clusterUid = ANOTHER;
    await world.bob.decide('approve', change);
    const reply = await world.alice.followUp('re-request', change);
    if (reply.kind !== 'card') throw new Error(reply.kind);
    expect(reply.change).toMatchObject({
      state: 'proposed',
      plan: { cluster: { uid: ANOTHER } },
      decisions: [],
    });
  });

  test('lesson 49: what was written in one cluster is not rolled back in another', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    world.cluster.clusterUid = ANOTHER;
    expect(await world.bob.followUp('rollback', halted)).toMatchObject({
      reasonCode: 'other_cluster',
      sentence: `${halted.id} was carried out in a different cluster from the one that target rack points to now.`,
    });
  });

  test('lesson 49: a change that halted in one cluster does not go on in another', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    const before = effects(world);
    world.cluster.clusterUid = ANOTHER;
    await world.bob.decide('resume', halted);
    await world.work();
    expect(await world.change(halted.id)).toMatchObject({
      state: 'halted',
      outcome: {
        reasonCode: 'other_cluster',
        sentence: `Target rack now points to a different cluster from the one in which this change started: its kube-system has uid ${ANOTHER}, not uid-of-kube-system. Nothing was done there.`,
      },
    });
    expect(effects(world)).toBe(before);
  });

  test('lesson 49: a query that was approved is not answered from another cluster', async () => {
    const world = await openWorld();
    const change = await world.alice.propose('config worker1.rack.example.com');
    await world.bob.decide('approve', change);
    world.cluster.clusterUid = ANOTHER;
    await world.work();
    expect((await world.change(change.id)).state).toBe('stale');
    expect(world.cluster.calls.has('imish')).toBe(false);
  });

  test('a lookup that was made anew makes the plan stale, though it holds the same', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    const data = world.cluster.lookup('spk-tor-bgp-v6')?.data ?? {};
    world.cluster.removeLookup('spk-tor-bgp-v6');
    for (const [node, value] of Object.entries(data)) world.cluster.edit('spk-tor-bgp-v6', node, value);
    expect(await world.bob.decide('approve', change)).toMatchObject({ reasonCode: 'stale_plan' });
  });
});

test('a rollback of a change that the store lost is planned for nothing', async () => {
  const world = await openWorld({ changes: { waiveRollback: true } });
  const halted = await haltedRotation(world);
  const rollback = await world.alice.propose(`rollback ${halted.id}`);
  const store = { ...world.store, change: async () => undefined };
  expect(await replan(rollback, world.dependencies)).toEqual({ kind: 'same' });
  expect(await replan(rollback, { ...world.dependencies, store })).toMatchObject({
    kind: 'other',
    fresh: { kind: 'refusal' },
  });
});
