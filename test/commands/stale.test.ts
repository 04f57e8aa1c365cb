import { describe, expect, test } from '@jest/globals';
import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import { stalenessOf } from '../../src/domain/bgp/staleness.ts';
import { commandText } from '../../src/domain/change/command-text.ts';
import { anInspection, aPod, config } from '../domain/checks/an-inspection.ts';
import { openWorld } from '../doubles/world.ts';
import { asked } from './asked.ts';

const W1 = 'worker1.rack.example.com';
const W2 = 'worker2.rack.example.com';
const LOOKUP = 'spk-tor-bgp';

describe('a TMM pod that started before its mapping was written', () => {
  test('is named by stale, show and verify, with what it lacks and what to type', async () => {
    const world = await openWorld();
    expect(await asked(world, 'stale')).toContain('Stale TMM pods of rack: 0 of 3');
    world.cluster.edit(LOOKUP, W1, '10.20.1.9');
    const why = 'it does not have 10.20.1.9, it still has 10.20.1.1';
    const stale = await asked(world, 'stale');
    expect(stale).toContain('Stale TMM pods of rack: 1 of 3');
    expect(stale).toMatch(new RegExp(`${W1} \\| f5-tmm-\\d \\| [-0-9: ]+ \\| ${why}`));
    expect(stale).not.toContain(W2);
    for (const command of ['show', `show ${W1}`, 'verify'])
      expect(await asked(world, command)).toContain(
        `is stale: ${why}. To have it load the current configuration: restart ${W1}`,
      );
  });

  test('is what restart --stale restarts, and nothing else', async () => {
    const world = await openWorld();
    expect(await asked(world, 'restart --stale')).toContain(
      'nothing_to_do: No TMM pod is known to be stale.',
    );
    world.cluster.edit(LOOKUP, W1, '10.20.1.9');
    const told = await asked(world, 'restart --stale --dry-run');
    expect(told).toContain('1 of 3 TMM pods restarts.');
    expect(told).toContain('worker1');
    expect(told).not.toContain(`↻ ${W2}`);
    expect(await asked(world, `restart ${W2} --stale`)).toContain('nothing_to_do');
  });

  test('is restarted by the plan that was approved, also when others have become stale meanwhile', async () => {
    const world = await openWorld();
    world.cluster.edit(LOOKUP, W1, '10.20.1.9');
    const change = await world.alice.propose('restart --stale');
    expect(change.parsed).toMatchObject({ args: [W1], flags: { stale: true } });
    world.cluster.edit(LOOKUP, W2, '10.20.2.9');
    await world.bob.decide('approve', change);
    await world.pass(120_000);
    expect((await world.change(change.id)).state).toBe('succeeded');
    const stale = await asked(world, 'stale');
    expect(stale).toContain('1 of 3');
    expect(stale).toContain(W2);
  });

  test('is told apart from one whose running-config cannot be read', async () => {
    const world = await openWorld();
    world.cluster.edit(LOOKUP, W1, '10.20.1.9');
    const [pod] = world.cluster.tmms.pods().filter(({ node }) => node === W2);
    world.cluster.execTrouble.set(pod?.name ?? '', 'the container is not there');
    expect(await asked(world, 'stale')).toContain(
      'unknown: its running-config cannot be read: the container is not there',
    );
    // What a dry run offers to propose can be read again, and means the nodes that it named.
    const dryRun = await world.alice.submit('restart --stale --dry-run');
    const offered = 'proposes' in dryRun ? dryRun.proposes : undefined;
    expect(offered && parseCommand(commandText(offered), { command: '/bgp', commands: [] })).toMatchObject({
      args: [W1],
      flags: { stale: true },
    });
    expect(offered && commandText(offered)).toBe(`restart ${W1} --stale`);
    expect(await asked(world, 'restart --stale --dry-run')).toContain(
      `warning: Whether the TMM pods on ${W2} are stale is unknown: they are not restarted.`,
    );
  });

  test('goes with neither --all nor --stale typed together', async () => {
    expect(await asked(await openWorld(), 'restart --all --stale')).toContain('unknown_argument');
  });
});

describe('a TMM pod of an older pod template', () => {
  const NAMED = ['show', `show ${W1}`, 'verify', `verify ${W1}`, 'stale'];

  test('of a DaemonSet that waits for somebody to delete it is stale, and restart --stale brings the newest template', async () => {
    const world = await openWorld({
      cluster: { workload: { kind: 'DaemonSet', replicas: 0, updates: 'on delete' } },
    });
    const [pod] = world.cluster.tmms.pods().filter(({ node }) => node === W1);
    world.cluster.tmms.rollOut();
    await world.clock.advance(1_000);
    const why = 'it runs an older pod template than DaemonSet f5-tmm has';
    for (const command of NAMED) expect(await asked(world, command)).toContain(why);
    expect(await asked(world, 'show')).toContain(
      `${pod?.name} is stale: ${why}. To have it load the current configuration: restart ${W1}`,
    );
    expect(await asked(world, 'stale')).toContain('Stale TMM pods of rack: 3 of 3');
    const change = await world.alice.propose('restart --stale');
    await world.bob.decide('approve', change);
    await world.pass(120_000);
    expect((await world.change(change.id)).state).toBe('succeeded');
    expect(await asked(world, 'stale')).toContain('Stale TMM pods of rack: 0 of 3');
  });

  test('of a paused Deployment is stale, and a restart would bring the same template: it says what to do instead', async () => {
    const world = await openWorld({
      cluster: { workload: { kind: 'Deployment', replicas: 3, updates: 'paused' } },
    });
    world.cluster.tmms.rollOut();
    const instead =
      'A restart brings the same template again, because Deployment f5-tmm is paused: kubectl rollout resume deployment/f5-tmm -n spk-ingress';
    for (const command of NAMED) {
      const told = await asked(world, command);
      expect(told).toContain('it runs an older pod template than Deployment f5-tmm has');
      expect(told).toContain(instead);
      expect(told).not.toContain('To have');
    }
    expect(await asked(world, 'restart --stale')).toMatch(
      /^nothing_to_do: .* and 2 more like it\. A restart brings/,
    );
    world.cluster.edit(LOOKUP, W2, '10.20.2.9');
    const told = await asked(world, 'restart --stale --dry-run');
    expect(told).toContain('1 of 3 TMM pods restarts.');
    expect(told).toContain(
      'run an older pod template, which a restart does not change: they are not restarted.',
    );
  });

  test('is stale also where it cannot be asked for anything', async () => {
    const world = await openWorld({
      cluster: { workload: { kind: 'DaemonSet', replicas: 0, updates: 'on delete' } },
    });
    world.cluster.tmms.rollOut();
    const [pod] = world.cluster.tmms.pods().filter(({ node }) => node === W1);
    world.cluster.execTrouble.set(pod?.name ?? '', 'the container is not there');
    expect(await asked(world, 'stale')).toContain(
      'it runs an older pod template than DaemonSet f5-tmm has; its running-config cannot be read: the container is not there',
    );
  });
});

test('a pod that started after its mapping was written is not stale, whatever it runs', async () => {
  const world = await openWorld();
  world.cluster.edit(LOOKUP, W1, '10.20.1.1,10.20.1.9');
  await world.clock.advance(60_000);
  const [pod] = world.cluster.tmms.pods().filter(({ node }) => node === W1);
  world.cluster.tmms.age(-3_600_000 - 90_000);
  const told = await asked(world, 'stale');
  expect(told).toContain('Stale TMM pods of rack: 0 of 3');
  expect(told).toContain(`${pod?.name}`);
  expect(told).toContain('although it started after the mapping was written');
});

test.each([
  ['current', '10.20.1.1', 3],
  ['stale', '10.20.1.1', 100],
  ['stale', '10.20.1.1,10.20.1.2', 3],
  ['unknown', '10.20.1.1/32', 3],
])(
  'a pod that peers with 10.20.1.1 over 3 hops is %s where %s is mapped and the Helm values say %i',
  (kind, value, hops) => {
    const pod = aPod('f5-tmm-1', 'worker1');
    const inspection = anInspection([pod], {
      mapping: { worker1: value },
      pages: { 'f5-tmm-1': { config: config(['10.20.1.1'], { ebgpMultihop: 3 }) } },
    });
    const { bgp } = inspection.target;
    const neighbors = bgp.neighbors.map((neighbor) => ({ ...neighbor, ebgpMultihop: hops }));
    const target = { ...inspection.target, bgp: { ...bgp, neighbors } };
    expect(stalenessOf({ ...inspection, target }, pod).kind).toBe(kind);
  },
);
