import { describe, expect, test } from '@jest/globals';
import { openWorld } from '../doubles/world.ts';
import { asked } from './asked.ts';

const W1 = 'worker1.rack.example.com';
const W2 = 'worker2.rack.example.com';
const W3 = 'worker3.rack.example.com';
const LOOKUP = 'spk-tor-bgp';

describe('the map of a target', () => {
  test('says in a sentence what its picture shows', async () => {
    const world = await openWorld();
    const told = await asked(world, 'map');
    expect(told).toContain('Map of rack');
    expect(told).toMatch(/picture: \d nodes, 3 TMM pods, (\d) of \1 sessions Established$/);
  });

  test('names a session that is down, a TMM that is stale, a value that cannot be read, and a pod that does not answer', async () => {
    const world = await openWorld();
    world.cluster.edit(LOOKUP, W1, '10.20.1.9');
    world.cluster.edit(LOOKUP, W2, 'not an address');
    const [pod] = world.cluster.tmms.pods().filter(({ node }) => node === W3);
    world.cluster.execTrouble.set(pod?.name ?? '', 'the container is not there');
    const told = await asked(world, 'map');
    expect(told).toContain('bad: worker1: 10.20.1.9 absent: not configured in the pod');
    expect(told).toContain('bad: worker2: mapping cannot be read (spk-tor-bgp)');
    expect(told).toMatch(/unknown: worker3: 10\.20\.3\.\d unknown: .*the container is not there/);
    expect(told).toMatch(/sessions Established \(\d unknown\)/);
  });

  test('has a mapping without a node and a node without a mapping', async () => {
    const world = await openWorld();
    world.cluster.edit(LOOKUP, 'gone.rack.example.com', '10.20.9.1');
    expect(await asked(world, 'map')).toContain('gone: not a node of the cluster');
  });
});
