import { expect, test } from '@jest/globals';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { type HomeContent, openHomeReader } from '../../../src/workflow/requests/read-home.ts';
import { haltedRotation, move, ROTATE, runningRotation } from '../../doubles/halted-rotation.ts';
import { memoryDriftStore } from '../../doubles/memory-drift-store.ts';
import { RACK, samplePolicy } from '../../doubles/sample-policy.ts';
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

test('what waits for a review waits for whoever may give it', async () => {
  const world = await openWorld();
  const { id } = await world.alice.propose(ROTATE);
  await world.bob.decide('break-glass', id, { reason: 'r1 is dead' });
  expect(ids((await homeOf(world, world.carol)).waitsForMe)).toEqual([id]);
  expect(ids((await homeOf(world, world.bob)).waitsForMe)).toEqual([]);
  await world.carol.decide('review', id);
  expect(ids((await homeOf(world, world.carol)).waitsForMe)).toEqual([]);
});

test('a freeze keeps nothing from being shown to whoever may approve it', async () => {
  const world = await openWorld();
  const { id } = await world.alice.propose(ROTATE);
  await world.carol.submit('freeze new routers');
  expect(ids((await homeOf(world, world.carol)).waitsForMe)).toEqual([id]);
});

test('what halted needs a decision, also where nobody knows how its last step ended, and what runs is under way', async () => {
  const world = await openWorld();
  const halted = await haltedRotation(world);
  expect(ids((await homeOf(world, world.alice)).needDecision)).toEqual([halted.id]);
  expect((await homeOf(world, world.alice)).underWay).toEqual([]);
  await world.bob.decide('close', halted);
  expect((await homeOf(world, world.alice)).needDecision).toEqual([]);

  const other = await openWorld();
  const running = await runningRotation(other);
  expect(ids((await homeOf(other, other.alice)).underWay)).toEqual([running.id]);
  const outcome = { reasonCode: 'outcome_unknown', sentence: 'x', atMs: 0 } as const;
  await move(other, running, { kind: 'end', state: 'outcome_unknown', outcome });
  expect(ids((await homeOf(other, other.alice)).needDecision)).toEqual([running.id]);
});

test('the ten newest changes are shown', async () => {
  const world = await openWorld();
  for (let at = 1; at <= 11; at += 1) {
    await world.alice.propose(`rotate worker1.rack.example.com 10.20.1.${at + 10}`);
    await world.clock.advance(1);
  }
  const { recent, waitsForMe } = await homeOf(world, world.bob);
  expect(ids(recent)).toEqual(Array.from({ length: 10 }, (_, at) => `BGP-${11 - at}`));
  expect(waitsForMe).toHaveLength(11);
});

test('sessions are told to whom a rule shows them without an approval, with the TMM pods of now', async () => {
  const world = await openWorld();
  const page = await homeOf(world, world.alice);
  expect(page.sessions).toEqual([{ target: 'rack', checkedAtMs: undefined, findings: [], tmmPods: 3 }]);
  expect(page).toMatchObject({
    command: '/bgp',
    person: world.alice.person,
    atMs: world.clock.now(),
    frozen: [],
  });
  world.cluster.setWatch('lost');
  expect((await homeOf(world, world.alice)).sessions).toMatchObject([{ tmmPods: undefined }]);

  const rules = samplePolicy().rules.map((rule) =>
    rule.name === 'questions' ? { ...rule, requiredApprovals: [{ groups: ['leads'], count: 1 }] } : rule,
  );
  const strict = await openWorld({ rules });
  expect((await homeOf(strict, strict.alice)).sessions).toEqual([]);
});

test('sessions of a target are told to those who may ask for that one', async () => {
  const targets = [RACK, { ...RACK, name: 'attic', namespace: 'spk-attic' }] as const;
  const rules = samplePolicy().rules.map((rule) =>
    rule.name === 'questions' ? { ...rule, targets: ['attic'] } : rule,
  );
  const world = await openWorld({ targets, rules });
  expect((await homeOf(world, world.alice)).sessions.map(({ target }) => target)).toEqual(['attic']);
});

test('the menu has the queries that need nothing typed, with what each does', async () => {
  const world = await openWorld();
  const { menu } = await homeOf(world, world.alice);
  const { registry } = world.dependencies;
  expect(menu.queries).toContainEqual({ verb: 'show', summary: registry.find('show')?.summary });
  expect(menu.queries.map(({ verb }) => verb)).toContain('nodes');
  for (const { verb } of [...menu.queries, ...menu.changes])
    expect(['change', 'query', 'local query']).toContain(registry.find(verb)?.kind);
});

test('whom no rule lets see changes is told so', async () => {
  const world = await openWorld();
  const page = openHomeReader(world.dependencies, memoryDriftStore());
  expect(await page(world.dave.person)).toMatchObject({ reasonCode: 'not_allowed' });
});

test('a rule for another query shows no sessions', async () => {
  const rules = samplePolicy().rules.map((rule) =>
    rule.name === 'questions' ? { ...rule, commands: ['nodes', 'changes'] } : rule,
  );
  const world = await openWorld({ rules });
  expect((await homeOf(world, world.alice)).sessions).toEqual([]);
});
