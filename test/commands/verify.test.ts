import { expect, test } from '@jest/globals';
import { openWorld } from '../doubles/world.ts';
import { asked } from './asked.ts';

test('verify of a node without mapping and TMM pod does not call it mapped', async () => {
  const world = await openWorld();
  world.cluster.tmms.setNode('worker4.rack.example.com');
  const told = await asked(world, 'verify worker4');
  expect(told).toContain('warning: worker4.rack.example.com: no lookup maps it, and no TMM pod runs on it.');
  expect(told).not.toContain('it is mapped');
});
