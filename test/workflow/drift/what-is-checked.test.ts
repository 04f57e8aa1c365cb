import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../../src/domain/bgp/target.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import { type DriftDependencies, startDriftMonitor } from '../../../src/workflow/drift/drift-monitor.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { memoryDriftStore } from '../../doubles/memory-drift-store.ts';
import { RACK } from '../../doubles/sample-policy.ts';
import { openWorld, type World, type WorldOptions } from '../../doubles/world.ts';

const W1 = 'worker1.rack.example.com';
const LOOKUP = 'spk-tor-bgp';
const UNMAPPED = 'worker9.rack.example.com';

/** A monitor over the sample rack, or with other dependencies; each check is one call. */
async function watched(
  options: WorldOptions = {},
  more: (world: World) => Partial<DriftDependencies> = () => ({}),
) {
  const world = await openWorld(options);
  const driftStore = memoryDriftStore();
  const errors: unknown[] = [];
  const policy = { targets: [RACK] as const };
  const bot = { ...world.dependencies, policy, driftStore, ...more(world) };
  const monitor = startDriftMonitor(bot, (error, what) => errors.push([what, error]));
  return {
    world,
    driftStore,
    errors,
    events: () => world.store.trail.map(({ event }) => event).filter((event) => event.startsWith('drift.')),
    checks: (count: number) => world.clock.advance(count * RACK.driftCheckEveryMs),
    stop: () => monitor.stop(),
  };
}

function running(target: string): (world: World) => Partial<DriftDependencies> {
  const change: Change = { ...aChange('BGP-1'), state: 'running' };
  const changes = [{ ...change, plan: { ...change.plan, target } }];
  return ({ store }) => ({ store: { append: store.append, recentChanges: async () => changes } });
}

test('every TMM pod is asked, however many there are', async () => {
  const nodes = Array.from({ length: 25 }, (_, at) => `n${at + 1}`);
  const peers = Object.fromEntries(nodes.map((node, at) => [node, `10.20.${at + 1}.1`]));
  const { driftStore, checks, stop } = await watched({ cluster: { nodes, lookups: { [LOOKUP]: peers } } });
  await checks(1);
  const { sessions = {} } = (await driftStore.read(RACK.name)) ?? {};
  expect(Object.keys(sessions).sort()).toEqual([...nodes].sort());
  await stop();
});

test('a pod that is not Ready is not asked, so that its sessions are neither up nor down', async () => {
  const { world, driftStore, checks, stop } = await watched();
  const [pod] = world.cluster.tmms.pods().filter(({ node }) => node === W1);
  if (pod === undefined) throw new Error('no pod there');
  const { cachedSnapshot } = world.cluster;
  world.cluster.cachedSnapshot = () => {
    const snapshot = cachedSnapshot();
    if (snapshot === undefined) return undefined;
    return {
      ...snapshot,
      pods: snapshot.pods.map((one) => (one.uid === pod.uid ? { ...one, ready: false } : one)),
    };
  };
  await checks(1);
  const { sessions = {} } = (await driftStore.read(RACK.name)) ?? {};
  expect(Object.keys(sessions)).not.toContain(W1);
  expect(Object.keys(sessions)).toHaveLength(2);
  await stop();
});

describe('a change that runs', () => {
  test('on another target takes nothing from what is found here', async () => {
    const { world, events, checks, stop } = await watched({}, running('another rack'));
    await checks(1);
    world.cluster.edit(LOOKUP, UNMAPPED, '10.20.9.1');
    await checks(2);
    expect(events()).toEqual(['drift.external_edit', 'drift.detected']);
    await stop();
  });

  test('here leaves what was found and remembered before as it was', async () => {
    let more: Partial<DriftDependencies>['store'];
    const { world, driftStore, checks, stop } = await watched({}, ({ store }) => ({
      store: {
        append: store.append,
        recentChanges: (limit) => (more ?? store).recentChanges(limit),
      },
    }));
    world.cluster.edit(LOOKUP, UNMAPPED, '10.20.9.1');
    await checks(2);
    const before = await driftStore.read(RACK.name);
    expect(Object.keys(before?.findings ?? {})).toHaveLength(1);
    more = running(RACK.name)(world).store;
    await checks(2);
    const after = await driftStore.read(RACK.name);
    expect(after?.findings).toEqual(before?.findings);
    expect(after?.remembered).toEqual(before?.remembered);
    expect(after).not.toHaveProperty('sessions');
    await stop();
  });
});

test('what was there before the first check is no edit of anybody', async () => {
  const { world, events, checks, stop } = await watched();
  world.cluster.edit(LOOKUP, W1, '10.20.1.9');
  await checks(1);
  expect(events()).not.toContain('drift.external_edit');
  await stop();
});

test('an edit that Kubernetes ascribes to nobody has no writer in its record', async () => {
  const { world, checks, stop } = await watched();
  await checks(1);
  const { cachedSnapshot } = world.cluster;
  world.cluster.edit(LOOKUP, W1, '10.20.1.9');
  world.cluster.cachedSnapshot = () => {
    const snapshot = cachedSnapshot();
    if (snapshot === undefined) return undefined;
    const lookups = [...snapshot.lookups].map(([name, one]) => [name, { ...one, writers: {} }] as const);
    return { ...snapshot, lookups: new Map(lookups) };
  };
  await checks(1);
  expect(world.records('drift.external_edit').map(({ data }) => data)).toEqual([
    { lookup: LOOKUP, node: W1, before: '10.20.1.1', after: '10.20.1.9' },
  ]);
  await stop();
});

test('nothing is recorded of a target whose cluster is not there or not seen yet', async () => {
  const { world, driftStore, errors, events, checks, stop } = await watched();
  world.cluster.setWatch('lost');
  await checks(2);
  expect([errors, events(), await driftStore.read(RACK.name)]).toEqual([[], [], undefined]);
  await stop();
  const other = await watched({}, () => ({ clusters: new Map() }));
  await other.checks(2);
  expect([other.errors, other.events()]).toEqual([[], []]);
  await other.stop();
});

test('one target that cannot be checked takes nothing from the others', async () => {
  const other: Target = { ...RACK, name: 'broken' };
  const { driftStore, errors, checks, stop } = await watched({}, (world) => ({
    policy: { targets: [other, RACK] },
    clusters: new Map([
      ...world.dependencies.clusters,
      [
        'broken',
        {
          ...world.cluster,
          cachedSnapshot: () => {
            throw new Error('no cache');
          },
        },
      ],
    ]),
  }));
  await checks(1);
  expect(errors).toEqual([['drift check of broken', new Error('no cache')]]);
  expect(await driftStore.read(RACK.name)).toBeDefined();
  await stop();
});
