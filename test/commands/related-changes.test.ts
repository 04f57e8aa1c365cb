import { expect, test } from '@jest/globals';
import { openWorld } from '../doubles/world.ts';
import { asked } from './asked.ts';

const W1 = 'worker1.rack.example.com';

test('status and history tell the open changes beside one, and what rolls it back', async () => {
  const world = await openWorld();
  const first = await world.alice.propose(`rotate ${W1} 10.20.1.9`);
  await world.bob.decide('approve', first);
  await world.pass(120_000);
  expect((await world.change(first.id)).state).toBe('succeeded');
  const back = await world.alice.propose(`rollback ${first.id}`);
  const other = await world.alice.propose(`restart ${W1}`);
  expect(await asked(world, `status ${first.id}`)).toContain(`Roll-back of this change: ${back.id}`);
  const told = await asked(world, `status ${back.id}`);
  expect(told).toContain(`Rolls back: ${first.id}`);
  expect(told).toContain(`Other open changes here: ${other.id}`);
  expect(told).toContain(`Last change here before: ${first.id}`);
  expect(await asked(world, `history ${W1}`)).toContain(`Open: ${other.id}, ${back.id}`);
});
