import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../../src/domain/bgp/target.ts';
import { startDriftMonitor } from '../../../src/workflow/drift/drift-monitor.ts';
import { memoryDriftStore } from '../../doubles/memory-drift-store.ts';
import { RACK } from '../../doubles/sample-policy.ts';
import { openWorld, type World } from '../../doubles/world.ts';

const W1 = 'worker1.rack.example.com';
const W2 = 'worker2.rack.example.com';
const LOOKUP = 'spk-tor-bgp';

interface Watched {
  readonly world: World;
  /** Lets so many checks pass, and gives what was recorded since. */
  checks(count: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** The sample rack with a drift monitor over it; `target` is how the monitor's policy has it. */
async function watched(target: Target = RACK): Promise<Watched> {
  const world = await openWorld();
  const errors: unknown[] = [];
  const monitor = startDriftMonitor(
    { ...world.dependencies, policy: { targets: [target] }, driftStore: memoryDriftStore() },
    (error) => errors.push(error),
  );
  let told = 0;
  const checks: Watched['checks'] = async (count) => {
    await world.pass(count * target.driftCheckEveryMs + 1_000);
    expect(errors).toEqual([]);
    const drift = world.store.trail.filter(({ event }) => event.startsWith('drift.'));
    const fresh = drift.slice(told);
    told = drift.length;
    return fresh.map(({ event, data }) => `${event}: ${String(data.sentence ?? data.node)}`);
  };
  await checks(2);
  return { world, checks, stop: () => monitor.stop() };
}

describe('the drift monitor tells once, and once when it is over', () => {
  test('a peer that is mapped and absent in the TMM pod', async () => {
    const { world, checks, stop } = await watched();
    world.cluster.edit(LOOKUP, W1, '10.20.1.1,10.20.1.2');
    const pod = world.cluster.tmms.pods().find(({ node }) => node === W1)?.name;
    expect(await checks(3)).toEqual([
      `drift.external_edit: ${W1}`,
      `drift.detected: ${W1}: 10.20.1.2 is mapped in ${LOOKUP}, but not configured in ${pod}, which started before that.`,
    ]);
    world.cluster.edit(LOOKUP, W1, '10.20.1.1');
    expect(await checks(3)).toEqual([
      `drift.external_edit: ${W1}`,
      expect.stringContaining('drift.resolved'),
    ]);
    await stop();
  });

  test('lesson 63: a value that became unreadable', async () => {
    const { world, checks, stop } = await watched();
    world.cluster.edit(LOOKUP, W1, '10.20.1.1 # leaf 1');
    expect(await checks(3)).toContain(
      `drift.detected: ${W1} has a value in ${LOOKUP} that cannot be read, "10.20.1.1 # leaf 1": "# leaf 1" is a comment, and whether a TMM skips it is not known.`,
    );
    await stop();
  });

  test('a mapped node that lost its TMM', async () => {
    const { world, checks, stop } = await watched();
    world.cluster.tmms.setNode(W2, { cordoned: true });
    const [pod] = world.cluster.tmms.pods().filter(({ node }) => node === W2);
    if (pod === undefined) throw new Error('no pod there');
    world.cluster.tmms.evict(pod);
    expect(await checks(3)).toContain(
      `drift.detected: ${W2} is mapped and had a TMM pod, and has none any more: nothing there carries traffic.`,
    );
    world.cluster.tmms.setNode(W2, { cordoned: false });
    expect(await checks(3)).toContain(
      `drift.resolved: ${W2} is mapped and had a TMM pod, and has none any more: nothing there carries traffic.`,
    );
    await stop();
  });

  test('a node that is mapped ahead of its TMM is no news', async () => {
    const { world, checks, stop } = await watched();
    world.cluster.tmms.setNode('worker4', { cordoned: true });
    world.cluster.edit(LOOKUP, 'worker4', '10.20.4.1');
    expect(await checks(3)).toEqual(['drift.external_edit: worker4']);
    await stop();
  });

  test('a TMM on a node that nothing maps', async () => {
    const { world, checks, stop } = await watched();
    world.cluster.edit(LOOKUP, 'worker3.rack.example.com', null);
    expect((await checks(3)).join('\n')).toContain(
      'A TMM pod runs on worker3.rack.example.com, which no lookup maps',
    );
    await stop();
  });

  test('a running-config that parts from the Helm values, once for all pods', async () => {
    const world = await openWorld();
    const target = { ...RACK, bgp: { ...RACK.bgp, maxPathsEbgp: 8 } };
    const monitor = startDriftMonitor(
      { ...world.dependencies, policy: { targets: [target] }, driftStore: memoryDriftStore() },
      () => undefined,
    );
    await world.pass(4 * target.driftCheckEveryMs);
    const detected = world.records('drift.detected').map(({ data }) => String(data.sentence));
    expect(detected).toHaveLength(1);
    expect(detected[0]).toContain(
      'the running-config is not what mapping and Helm values say (max-paths ebgp is 4',
    );
    await monitor.stop();
  });

  test('how each session stood, for whoever chooses a node', async () => {
    const world = await openWorld();
    const driftStore = memoryDriftStore();
    const monitor = startDriftMonitor(
      { ...world.dependencies, policy: { targets: [RACK] }, driftStore },
      () => undefined,
    );
    world.cluster.routers.set('10.20.1.1', 'down');
    await world.pass(2 * RACK.driftCheckEveryMs);
    expect((await driftStore.read(RACK.name))?.sessions?.[W1 ?? '']).toEqual({
      '10.20.1.1': 'down',
      '2001:db8:20:1::1': 'established',
    });
    await monitor.stop();
  });

  test('a session that is down, and nothing of what cannot be read', async () => {
    const { world, checks, stop } = await watched();
    for (const { name } of world.cluster.tmms.pods())
      world.cluster.execTrouble.set(name, 'the kubelet is away');
    expect(await checks(3)).toEqual([]);
    world.cluster.execTrouble.clear();
    world.cluster.routers.set('10.20.1.1', 'down');
    expect((await checks(3)).join('\n')).toContain(
      `drift.detected: ${W1}: the session with 10.20.1.1 is down`,
    );
    await stop();
  });
});
