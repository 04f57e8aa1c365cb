import { describe, expect, test } from '@jest/globals';
import { MAX_REASON_LENGTH } from '../../../src/domain/well-formed.ts';
import { CHANNEL, RACK, samplePolicy } from '../../doubles/sample-policy.ts';
import { openWorld, type World } from '../../doubles/world.ts';

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

test.each(['freeze attic', 'freeze Attic', 'freeze `attic`'])(
  'who types %j means one target, and does not freeze the others',
  async (typed) => {
    const world = await openWorld(TWO_TARGETS);
    expect(await world.bob.submit(typed)).toMatchObject({
      reasonCode: 'missing_argument',
      next: expect.stringContaining('freeze --target attic'),
    });
    expect((await world.store.freezes()).size).toBe(0);
  },
);

test('a target may be named in a reason', async () => {
  const world = await openWorld(TWO_TARGETS);
  expect((await world.bob.submit('freeze attic is on fire')).kind).toBe('answer');
  expect((await world.bob.submit('freeze attic burns')).kind).toBe('answer');
  expect((await world.bob.submit('freeze attic --target rack')).kind).toBe('answer');
});

test('in a freeze, a decision about a change names break-glass of this change, where somebody has the right to it', async () => {
  const world = await openWorld();
  const { id } = await world.alice.propose('rotate worker1.rack.example.com 10.20.1.9');
  await world.bob.submit('freeze cooling fails');
  expect(await world.bob.submit(`approve ${id}`)).toMatchObject({
    reasonCode: 'frozen',
    next: `Wait for unfreeze, or have somebody with break-glass rights type break-glass ${id} and a reason.`,
  });
  expect(await world.alice.submit('restart worker1.rack.example.com')).toMatchObject({
    reasonCode: 'frozen',
    next: 'Wait for unfreeze, or have somebody with break-glass rights submit it with --break-glass.',
  });
});

test('in a freeze, nobody is told of break-glass where nobody has the right to it', async () => {
  const world = await openWorld({ changes: { breakGlass: [] } });
  const { id } = await world.alice.propose('rotate worker1.rack.example.com 10.20.1.9');
  await world.bob.submit('freeze cooling fails');
  for (const typed of [`approve ${id}`, 'restart worker1.rack.example.com'])
    expect(await world.bob.submit(typed)).toMatchObject({ reasonCode: 'frozen', next: 'Wait for unfreeze.' });
});

test('a rule for everything gives nobody the right to stop everybody’s work', async () => {
  const rules = samplePolicy().rules.filter(({ name }) => name !== 'freezes');
  const world = await openWorld({ rules });
  expect(await world.bob.submit('freeze cooling fails')).toMatchObject({
    reasonCode: 'not_allowed',
    sentence: 'No rule of the policy names freeze for rack.',
  });
});

describe('what is said of a freeze', () => {
  const texts = async (world: World, ...lines: readonly string[]): Promise<readonly unknown[]> => {
    const said: unknown[] = [];
    for (const line of lines) {
      const reply = await world.bob.submit(line);
      said.push(reply.kind === 'answer' ? [reply.answer.title, reply.answer.parts] : reply);
    }
    return said;
  };
  const good = (text: string) => [{ kind: 'note', tone: 'good', text }];

  test('names all targets, or the one, and how it is lifted', async () => {
    const world = await openWorld();
    expect(
      await texts(world, 'freeze a b', 'unfreeze', 'freeze a --target rack', 'unfreeze --target rack'),
    ).toEqual([
      [
        'Frozen',
        good(
          'Changes of all targets are frozen now. A running change halts before its next step. To lift it: unfreeze',
        ),
      ],
      [
        'Not frozen any more',
        good('The freeze of all targets is lifted. Halted changes continue with resume ID.'),
      ],
      [
        'Frozen',
        good(
          'Changes of rack are frozen now. A running change halts before its next step. To lift it: unfreeze --target rack',
        ),
      ],
      ['Not frozen any more', good('The freeze of rack is lifted. Halted changes continue with resume ID.')],
    ]);
    expect(world.store.trail.map(({ target, data }) => [target, data])).toEqual([
      [null, { reason: 'a b', channel: CHANNEL }],
      [null, { channel: CHANNEL }],
      ['rack', { reason: 'a', channel: CHANNEL }],
      ['rack', { channel: CHANNEL }],
    ]);
  });

  test('that is not there says what is frozen instead, and by whom', async () => {
    const world = await openWorld();
    expect(await texts(world, 'unfreeze')).toMatchObject([
      { sentence: 'Nobody froze all targets.', next: 'A calendar freeze ends by itself.' },
    ]);
    const [, other] = await texts(world, 'freeze new routers --target rack', 'unfreeze');
    expect(other).toMatchObject({
      sentence: expect.stringMatching(/^Nobody froze all targets, but rack is frozen: .*new routers.*\.$/),
      next: 'Type unfreeze --target rack.',
      inChat: expect.anything(),
    });
    await texts(world, 'unfreeze --target rack', 'freeze new routers');
    expect(await texts(world, 'unfreeze --target rack')).toMatchObject([
      {
        sentence: expect.stringMatching(/^Nobody froze rack, but all targets are frozen: .*new routers.*\.$/),
        next: 'Type unfreeze.',
      },
    ]);
  });

  test('keeps a reason no longer than a record holds', async () => {
    const world = await openWorld();
    await texts(world, `freeze ${'x'.repeat(MAX_REASON_LENGTH + 10)}`);
    const reason = (await world.store.freezes()).get('*')?.reason ?? '';
    expect([reason.length > 0, reason.length <= MAX_REASON_LENGTH]).toEqual([true, true]);
  });
});
