import { expect, test } from '@jest/globals';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { type HomeContent, openHomeReader } from '../../../src/workflow/requests/read-home.ts';
import { memoryDriftStore } from '../../doubles/memory-drift-store.ts';
import { type Actor, openWorld, type World } from '../../doubles/world.ts';

async function homeOf(
  world: World,
  { person }: Actor,
  driftStore = memoryDriftStore(),
): Promise<HomeContent> {
  const page = await openHomeReader(world.dependencies, driftStore)(person);
  if (isRefusal(page)) throw new Error(page.reasonCode);
  return page;
}

const ids = (changes: readonly { readonly id: string }[]) => changes.map(({ id }) => id);

test('a change waits for those who may approve it, and for nobody else', async () => {
  const world = await openWorld();
  const { id } = await world.bob.propose('rotate worker1.rack.example.com 10.20.1.9');
  expect(ids((await homeOf(world, world.carol)).waitsForMe)).toEqual([id]);
  expect(ids((await homeOf(world, world.bob)).waitsForMe)).toEqual([]);
  expect(ids((await homeOf(world, world.alice)).waitsForMe)).toEqual([]);
  expect(ids((await homeOf(world, world.alice)).recent)).toEqual([id]);
});

test('what is approved is under way, and what halted needs a decision', async () => {
  const world = await openWorld();
  const change = await world.alice.propose('rotate worker1.rack.example.com 10.20.1.9');
  await world.bob.decide('approve', change);
  expect(ids((await homeOf(world, world.alice)).underWay)).toEqual([change.id]);
  expect((await homeOf(world, world.carol)).waitsForMe).toEqual([]);
});

test('a freeze is said, and what the drift monitor announced', async () => {
  const world = await openWorld();
  const driftStore = memoryDriftStore();
  const finding = (announced: boolean, sentence: string) => ({
    observation: { key: sentence, sentence, next: 'Type show.' },
    presentCount: 2,
    absentCount: 0,
    announced,
  });
  await driftStore.write('rack', {
    mapping: {},
    atMs: 17,
    findings: { one: finding(true, 'worker1 is down.'), two: finding(false, 'A flap.') },
  });
  await world.store.append({
    record: {
      atMs: 1,
      event: 'freeze.declared',
      actor: world.bob.person,
      target: 'rack',
      data: { reason: 'x' },
    },
    freeze: { target: 'rack', next: { reason: 'maintenance', by: world.bob.person, atMs: 1 } },
  });
  const page = await homeOf(world, world.alice, driftStore);
  expect(page.frozen).toEqual([
    {
      target: 'rack',
      by: { kind: 'declared', freeze: { reason: 'maintenance', by: world.bob.person, atMs: 1 } },
    },
  ]);
  expect(page.sessions).toMatchObject([
    { target: 'rack', checkedAtMs: 17, findings: [{ sentence: 'worker1 is down.', next: 'Type show.' }] },
  ]);
});

test('the menu offers what this person may begin, and a stranger is told why there is none', async () => {
  const world = await openWorld();
  const { menu } = await homeOf(world, world.alice);
  expect(menu.changes.map(({ verb }) => verb)).toEqual(['add', 'remove', 'restart', 'rollback', 'rotate']);
  expect(menu.queries.map(({ verb }) => verb)).toEqual(expect.arrayContaining(['show', 'verify', 'changes']));
  expect(menu.queries.map(({ verb }) => verb)).not.toContain('peers');
  const guest = await openHomeReader(world.dependencies, memoryDriftStore())(world.mallory.person);
  expect(guest).toMatchObject({ reasonCode: 'guest' });
});

test('the cluster is not asked', async () => {
  const world = await openWorld();
  const asked = new Map(world.cluster.calls);
  await homeOf(world, world.alice);
  expect(world.cluster.calls.get('snapshot')).toBe(asked.get('snapshot'));
  expect(world.cluster.calls.get('imish')).toBe(asked.get('imish'));
});
