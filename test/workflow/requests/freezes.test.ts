import { expect, test } from '@jest/globals';
import { RACK, samplePolicy } from '../../doubles/sample-policy.ts';
import { openWorld } from '../../doubles/world.ts';

const TWO_TARGETS = { targets: [RACK, { ...RACK, name: 'attic', namespace: 'spk-attic' }] } as const;

test('a freeze of all targets stands with its reason until somebody lifts it', async () => {
  const world = await openWorld();
  expect((await world.bob.submit('freeze new core routers')).kind).toBe('answer');
  expect(await world.store.freezes()).toEqual(
    new Map([['*', { reason: 'new core routers', by: world.bob.person, atMs: world.clock.now() }]]),
  );
  expect((await world.carol.submit('unfreeze')).kind).toBe('answer');
  expect((await world.store.freezes()).size).toBe(0);
  expect(world.store.trail).toMatchObject([
    {
      event: 'freeze.declared',
      target: null,
      actor: { user: 'U02BOB' },
      data: { reason: 'new core routers' },
    },
    { event: 'freeze.lifted', target: null, actor: { user: 'U03CAROL' } },
  ]);
});

test('a freeze of one target leaves the others alone', async () => {
  const world = await openWorld(TWO_TARGETS);
  await world.bob.submit('freeze cooling fails --target attic');
  expect(world.store.trail).toMatchObject([{ event: 'freeze.declared', target: 'attic' }]);
  const rotate = 'rotate worker1.rack.example.com 10.20.1.9';
  expect(await world.alice.submit(`${rotate} --target attic`)).toMatchObject({ reasonCode: 'frozen' });
  expect((await world.alice.submit(`${rotate} --target rack`)).kind).toBe('card');
});

test.each([
  ['', '--target attic', 'Type unfreeze.'],
  ['--target attic', '', 'Type unfreeze --target attic.'],
  ['--target attic', '--target rack', 'Type unfreeze --target attic.'],
])('freeze %s is not lifted by unfreeze %s, which says what would', async (frozen, lifted, next) => {
  const world = await openWorld(TWO_TARGETS);
  await world.bob.submit(`freeze cooling fails ${frozen}`);
  expect(await world.bob.submit(`unfreeze ${lifted}`)).toMatchObject({ reasonCode: 'not_frozen', next });
  expect((await world.store.freezes()).size).toBe(1);
  expect(world.events()).toEqual(['freeze.declared', 'request.refused not_frozen']);
});

test('an unknown target is not all targets', async () => {
  const world = await openWorld();
  expect(await world.bob.submit('freeze cooling fails --target cellar')).toMatchObject({
    reasonCode: 'unknown_target',
  });
  expect((await world.store.freezes()).size).toBe(0);
});

test('a freeze needs its reason', async () => {
  const world = await openWorld();
  expect(await world.bob.submit('freeze')).toMatchObject({ reasonCode: 'missing_argument' });
});

test('a rule for everything gives nobody the right to stop everybody’s work', async () => {
  const rules = samplePolicy().rules.filter(({ name }) => name !== 'freezes');
  const world = await openWorld({ rules });
  expect(await world.bob.submit('freeze cooling fails')).toMatchObject({
    reasonCode: 'not_allowed',
    sentence: 'No rule of the policy names freeze for rack.',
  });
});
