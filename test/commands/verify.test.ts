import { expect, test } from '@jest/globals';
import { snapshotOf } from '../../src/domain/bgp/target-index.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { openWorld } from '../doubles/world.ts';
import { asked } from './asked.ts';

test('verify of a node without mapping and TMM pod does not call it mapped', async () => {
  const world = await openWorld();
  world.cluster.tmms.setNode('worker4.rack.example.com');
  const told = await asked(world, 'verify worker4');
  expect(told).toContain('warning: worker4.rack.example.com: no lookup maps it, and no TMM pod runs on it.');
  expect(told).not.toContain('it is mapped');
});

test('verify says of a TMM that has no routing container why it cannot be queried', async () => {
  const world = await openWorld();
  const before = await world.cluster.snapshot();
  if (isRefusal(before)) throw new Error(before.sentence);
  const { clusterUid, target, lookups, nodes } = before;
  const [first, ...others] = before.pods;
  if (first === undefined) throw new Error('there is no pod');
  const pods = [{ ...first, routing: false }, ...others];
  world.cluster.snapshot = async () => snapshotOf({ clusterUid, target, lookups, nodes, pods });
  expect(await asked(world, 'verify')).toContain(
    `unknown: ${first.node}: ${first.name} cannot be queried: it has no routing container.`,
  );
});
