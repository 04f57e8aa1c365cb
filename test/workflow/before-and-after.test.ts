import { expect, test } from '@jest/globals';
import type { Picture } from '../../src/domain/answer.ts';
import { openBeforeAndAfter } from '../../src/workflow/before-and-after.ts';
import { openWorld, type World } from '../doubles/world.ts';

const W1 = 'worker1.rack.example.com';

test('a change that restarted TMM pods leaves a picture of their sessions before and after, and no other change does', async () => {
  const world = await openWorld();
  const { pictures } = follow(world);
  const removed = await world.alice.propose('remove worker2.rack.example.com');
  await world.bob.decide('approve', removed);
  await world.pass(120_000);
  expect((await world.change(removed.id)).state).toBe('succeeded');
  expect(pictures).toEqual([]);
  const rotated = await rotate(world);
  const [[id, picture] = []] = pictures;
  expect(pictures).toHaveLength(1);
  expect(id).toBe(rotated);
  expect(picture?.alt).toMatch(
    /, before: 1 node, 1 TMM pod, (\d) of \1 sessions Established; after: 1 node, 1 TMM pod, \1 of \1 sessions/,
  );
  for (const words of ['Before · 1 node', '>10.20.1.1<', 'After · 1 node', '>10.20.1.9<'])
    expect(picture?.svg).toContain(words);
});

test('a picture that fails is reported, keeps nothing else from going on, and is not tried again', async () => {
  const world = await openWorld();
  const { pictures, errors } = follow(world, new Error('uploading: Slack says missing_scope'));
  const id = await rotate(world);
  expect((await world.change(id)).state).toBe('succeeded');
  expect(pictures).toHaveLength(1);
  expect(errors).toEqual([new Error('uploading: Slack says missing_scope')]);
});

test('records that are read long after show nothing: what is there now is not what was after the change', async () => {
  const world = await openWorld();
  await rotate(world);
  await world.pass(61_000);
  const { pictures, errors } = follow(world);
  await world.pass(1_000);
  expect([pictures, errors]).toEqual([[], []]);
});

async function rotate(world: World): Promise<string> {
  const change = await world.alice.propose(`rotate ${W1} 10.20.1.9`);
  await world.bob.decide('approve', change);
  await world.pass(120_000);
  return change.id;
}

/** What is posted, and what is reported. */
function follow(world: World, failure?: Error) {
  const pictures: (readonly [change: string, picture: Picture])[] = [];
  const errors: unknown[] = [];
  const post = async (change: string, picture: Picture): Promise<void> => {
    pictures.push([change, picture]);
    if (failure !== undefined) throw failure;
  };
  const beforeAndAfter = openBeforeAndAfter(world.dependencies, { post }, (error) => errors.push(error));
  world.stream.follow('pictures', beforeAndAfter);
  return { pictures, errors };
}
