import { describe, expect, test } from '@jest/globals';
import { readMap } from '../../src/commands/inspection/read-map.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { RACK } from '../doubles/sample-policy.ts';
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

  test('groups nodes by every label that the forms take for a rack, and by none that is empty', async () => {
    const { cluster } = await openWorld();
    cluster.tmms.setNode(W1, { labels: { 'site-rack': 'r7' } });
    cluster.tmms.setNode(W2, { labels: { rack: '' } });
    const snapshot = await cluster.snapshot();
    if (isRefusal(snapshot)) throw new Error(snapshot.sentence);
    const { racks } = await readMap(cluster, RACK, snapshot);
    const rackOf = (node: string) => racks.find(({ nodes }) => nodes.some(({ name }) => name === node));
    expect(rackOf(W1)?.name).toBe('Rack r7');
    expect(rackOf(W2)).toMatchObject({ nodes: [{ name: W2 }] });
    expect(rackOf(W2)?.name).toBeUndefined();
  });
});
