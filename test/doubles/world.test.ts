import { describe, expect, test } from '@jest/globals';
import { tmmScope } from '../../src/domain/change/plan.ts';
import { haltedRotation, ROTATE } from './halted-rotation.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

const NODE = 'worker1.rack.example.com';

async function approvedRotation(options: WorldOptions = {}, text = ROTATE) {
  const world = await openWorld(options);
  const change = await world.alice.propose(text);
  await world.bob.decide('approve', change);
  return { world, change };
}

const podOn = (world: World, node: string) => world.cluster.tmms.pods().find((pod) => pod.node === node);

describe('a rotation on the doubles alone', () => {
  test.each(['ReplicaSet', 'DaemonSet'] as const)(
    'is carried out on a %s while the clock is moved',
    async (kind) => {
      const { world, change } = await approvedRotation({ cluster: { workload: { kind, replicas: 3 } } });
      const before = podOn(world, NODE);
      await world.pass(60_000);
      expect(await world.change(change.id)).toMatchObject({ state: 'succeeded' });
      expect(world.cluster.lookup('spk-tor-bgp')?.data[NODE]).toBe('10.20.1.9');
      expect(podOn(world, NODE)?.uid).not.toBe(before?.uid);
      expect(world.cluster.anchorOn('spk-tor-bgp')?.seq).toBeGreaterThan(2);
      expect(world.jobs.failures).toEqual([]);
      expect(world.leases.holder(tmmScope(change.plan))).toBeUndefined();
    },
  );

  test('takes the same steps at the same moments every time', async () => {
    const trails = await Promise.all(
      [1, 2].map(async () => {
        const { world } = await approvedRotation();
        await world.pass(60_000);
        return world.store.trail;
      }),
    );
    expect(trails[0]).toEqual(trails[1]);
  });

  test('halts when the new router does not answer, and goes on when it does', async () => {
    const { world, change } = await approvedRotation();
    world.cluster.routers.set('10.20.1.9', 'down');
    await world.pass(300_000);
    expect(await world.change(change.id)).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'session_down' },
    });
    world.cluster.routers.set('10.20.1.9', 'up');
    await world.bob.decide('resume', await world.change(change.id));
    await world.pass(60_000);
    expect((await world.change(change.id)).state).toBe('succeeded');
  });

  test('waits while a PodDisruptionBudget blocks', async () => {
    const { world, change } = await approvedRotation();
    world.cluster.tmms.budget = { name: 'tmm-stays', minAvailable: 3 };
    await world.pass(20_000);
    expect((await world.change(change.id)).progress).toContain('tmm-stays');
    world.cluster.tmms.budget = undefined;
    await world.pass(60_000);
    expect((await world.change(change.id)).state).toBe('succeeded');
  });

  test('is left by a worker that lost its lease, and finished by the next', async () => {
    const { world, change } = await approvedRotation();
    await world.pass(2_000);
    expect((await world.change(change.id)).state).toBe('running');
    world.leases.stopRenewing(tmmScope(change.plan));
    await world.pass(120_000);
    expect((await world.change(change.id)).state).toBe('succeeded');
    const evictions = world
      .records('step.intended')
      .filter(({ data }) => JSON.stringify(data).includes('evict'));
    expect(evictions).toHaveLength(1);
  });

  test('looks for an effect whose answer is lost, and does it once more only where it did not happen', async () => {
    for (const happened of [true, false]) {
      const { world, change } = await approvedRotation();
      world.cluster.loseNextAnswer(happened);
      await world.pass(120_000);
      expect((await world.change(change.id)).state).toBe('succeeded');
      expect(world.cluster.lookup('spk-tor-bgp')?.data[NODE]).toBe('10.20.1.9');
      expect(world.cluster.calls.get('write')).toBe(happened ? 1 : 2);
    }
  });
});

describe('the TMM pods', () => {
  test('move only when a test says so, where they are given no time of their own', async () => {
    const never = Number.POSITIVE_INFINITY;
    const timings = { createdAfterMs: never, runsAfterMs: never, readyAfterMs: never, endsAfterMs: never };
    const world = await openWorld({ cluster: { timings } });
    const { tmms } = world.cluster;
    const pod = podOn(world, NODE);
    if (pod === undefined) throw new Error('no TMM on worker1');
    await world.cluster.evict(pod);
    await world.clock.advance(3_600_000);
    expect(tmms.pods()).toHaveLength(3);
    expect(podOn(world, NODE)?.terminating).toBe(true);
    tmms.reconcile();
    expect(tmms.pods().at(-1)).toMatchObject({
      phase: 'Pending',
      notReadyReason: expect.stringContaining('Unschedulable'),
    });
    tmms.moveOn(pod.name);
    expect(podOn(world, NODE)).toMatchObject({ phase: 'Pending', ready: false });
    const name = podOn(world, NODE)?.name ?? '';
    tmms.moveOn(name);
    expect(podOn(world, NODE)).toMatchObject({ phase: 'Running', ready: false });
    tmms.moveOn(name);
    expect(podOn(world, NODE)).toMatchObject({ ready: true });
  });

  test('that cannot start say why', async () => {
    const { world, change } = await approvedRotation();
    world.cluster.tmms.startTrouble = 'CrashLoopBackOff';
    await world.pass(300_000);
    expect((await world.change(change.id)).outcome).toMatchObject({ reasonCode: 'replacement_not_ready' });
  });

  test('of a node that is gone are gone with it', async () => {
    const world = await openWorld();
    world.cluster.tmms.removeNode(NODE);
    expect(world.cluster.tmms.pods().map(({ node }) => node)).not.toContain(NODE);
  });
});

test('a router that flaps is Established in turns, and each turn counts as a reset', async () => {
  const world = await openWorld();
  const { routers } = world.cluster;
  const sinceMs = world.clock.monotonicMs() - 60_000;
  routers.set('10.20.1.1', { flapsEveryMs: 2_000 });
  const seen: [string, number][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const { state, resets } = routers.session('10.20.1.1', sinceMs);
    seen.push([state, resets]);
    await world.clock.advance(2_000);
  }
  expect(seen).toEqual([
    ['Established', 0],
    ['Active', 1],
    ['Established', 1],
    ['Active', 2],
  ]);
});

test('a clock that is set by an administrator does not change how long things take', async () => {
  const world = await openWorld();
  const lease = await world.leases.acquire('rack', 'one');
  world.clock.setWallClock(world.clock.now() + 24 * 3_600_000);
  await world.clock.advance(1_000);
  expect(lease?.lost.aborted).toBe(false);
  expect(await world.leases.acquire('rack', 'two')).toBeUndefined();
});

test('a halted rotation is what it says', async () => {
  const world = await openWorld();
  expect(await haltedRotation(world)).toMatchObject({ state: 'halted', journal: [{}, {}] });
});
