import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { type FormOrigin, openForms } from '../../../src/workflow/requests/forms.ts';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { memoryDriftStore } from '../../doubles/memory-drift-store.ts';
import { CHANNEL, RACK, samplePolicy } from '../../doubles/sample-policy.ts';
import { type Actor, openWorld, type WorldOptions } from '../../doubles/world.ts';

const WORKER1 = 'worker1.rack.example.com';
const NODE = 'argument 0.0';
const ADDRESSES = 'argument 0.1';
const ROTATION = { [NODE]: [WORKER1], [ADDRESSES]: ['10.20.1.9'] };

async function setting(options: WorldOptions = {}) {
  const world = await openWorld(options);
  const forms = openForms(world.dependencies, memoryDriftStore());
  const filled = (
    verb: string,
    values: Readonly<Record<string, readonly string[]>>,
    { person }: Actor = world.alice,
  ) => ({ verb, person, channel: CHANNEL, values: new Map(Object.entries(values)) });
  const fieldsOf = async (verb: string, origin: Partial<FormOrigin> = {}) => {
    const form = await forms.open(verb, { person: world.alice.person, channel: CHANNEL, ...origin });
    if (isRefusal(form)) throw new Error(form.reasonCode);
    return form.fields;
  };
  return { world, forms, filled, fieldsOf };
}

describe('a form that opens', () => {
  test('from the card of a change has that change in it, where there is one', async () => {
    const { world, fieldsOf } = await setting();
    const { id } = await haltedRotation(world);
    const [preset] = await fieldsOf('rollback', { change: id });
    expect(preset?.initial).toMatchObject({ value: id, description: 'halted' });
    for (const origin of [{ change: 'BGP-77' }, {}])
      expect((await fieldsOf('rollback', origin))[0]).not.toHaveProperty('initial');
    // A field for something else has no use for a change.
    expect((await fieldsOf('add', { change: id }))[0]).not.toHaveProperty('initial');
  });

  test('outside of a channel asks for one, where the policy has several', async () => {
    const several = await setting({ channels: [CHANNEL, 'C02OTHER'] });
    const asks = (fields: readonly { readonly id: string }[]) => fields.some(({ id }) => id === 'channel');
    expect(asks(await several.fieldsOf('add', { channel: '' }))).toBe(true);
    expect(asks(await several.fieldsOf('add'))).toBe(false);
    expect(asks(await (await setting()).fieldsOf('add', { channel: '' }))).toBe(false);
  });

  test('has the summary of its command, and only the targets for which a rule lets this person ask', async () => {
    const { world, forms } = await setting();
    expect(await forms.open('add', { person: world.alice.person, channel: CHANNEL })).toMatchObject({
      kind: 'form',
      verb: 'add',
      summary: world.dependencies.registry.find('add')?.summary,
    });
    const [rack] = world.policy.targets;
    const targets = [rack, { ...rack, name: 'attic' }] as const;
    const rules = samplePolicy().rules.flatMap((rule) =>
      rule.name === 'changes' ? [{ ...rule, targets: ['attic'] }] : [],
    );
    const restricted = await setting({ targets, rules });
    const target = (await restricted.fieldsOf('add')).find(({ id }) => id === 'target');
    expect(target?.options?.map(({ value }) => value)).toEqual(['attic']);
    const options = (name: string) =>
      restricted.forms.options(NODE, '', restricted.filled('add', { target: [name] }));
    expect([(await options('attic')).length, (await options('rack')).length]).toEqual([3, 0]);
  });

  test('is refused to a stranger as everything is, and so is the menu', async () => {
    const { world, forms } = await setting();
    const { person } = world.mallory;
    expect(await forms.open('add', { person, channel: CHANNEL })).toMatchObject({ reasonCode: 'guest' });
    expect(await forms.menu(person)).toMatchObject({ reasonCode: 'guest' });
    const menu = await forms.menu(world.alice.person);
    expect('changes' in menu && menu.changes.map(({ verb }) => verb)).toContain('rotate');
  });

  test('is refused by the name of what was asked for, cut short', async () => {
    const { world, forms } = await setting();
    expect(await forms.open('x'.repeat(99), { person: world.alice.person, channel: CHANNEL })).toMatchObject({
      sentence: `No rule lets you request ${'x'.repeat(40)}.`,
      next: 'Type whoami to see what you may do.',
    });
  });

  test('is there for change commands alone', async () => {
    const { forms, filled } = await setting();
    await expect(forms.check(filled('show', {}))).rejects.toThrow(
      'the form of show: it is no change command',
    );
    expect(() => forms.read(filled('nonsense', {}))).toThrow('the form of nonsense');
  });
});

describe('what may be chosen', () => {
  test('of changes: those that this command takes, for whom a rule lets ask for it', async () => {
    const { world, forms, filled } = await setting();
    await world.alice.propose(ROTATE);
    const { id } = await haltedRotation(world);
    const options = (actor: Actor) => forms.options(NODE, '', filled('rollback', {}, actor));
    expect(await options(world.alice)).toMatchObject([{ value: id, description: 'halted' }]);
    expect(await options(world.dave)).toEqual([]);
    expect(await options(world.mallory)).toEqual([]);
  });

  test('of changes: also for whom a rule lets ask for one of several targets alone', async () => {
    const targets = [RACK, { ...RACK, name: 'attic', namespace: 'spk-attic' }] as const;
    const rules = samplePolicy({
      changes: { commands: ['rotate', 'rollback'], targets: ['rack'] },
    }).rules.filter(({ name }) => name === 'changes');
    const { world, forms, filled } = await setting({ targets, rules });
    const change = await world.alice.propose(`${ROTATE} --target rack`);
    await world.bob.decide('approve', change);
    await world.pass(300_000);
    const options = await forms.options(NODE, '', filled('rollback', {}, world.alice));
    expect(options).toMatchObject([{ value: change.id }]);
  });

  test('of nodes: nothing while the watches are not in sync', async () => {
    const { world, forms, filled } = await setting();
    world.cluster.setWatch('lost');
    expect(await forms.options(NODE, '', filled('add', {}))).toEqual([]);
  });
});

describe('what is said of what was entered', () => {
  test('is nothing as long as only the cluster could tell', async () => {
    const { world, forms, filled } = await setting();
    const unknown = { [NODE]: ['worker77'], [ADDRESSES]: ['10.20.1.9'] };
    expect(await forms.check(filled('rotate', unknown))).toMatchObject({
      refusal: { reasonCode: 'unknown_node' },
    });
    world.cluster.setWatch('lost');
    expect(await forms.check(filled('rotate', unknown))).toBeUndefined();
    expect(await forms.check(filled('rotate', ROTATION))).toBeUndefined();
  });

  test('is nothing where only TMM pods can tell what the words mean', async () => {
    const { forms, filled } = await setting();
    expect(await forms.check(filled('restart', { [NODE]: ['worker77'] }))).toBeUndefined();
  });

  test('is that there is too much of it', async () => {
    const { forms, filled } = await setting();
    expect(
      await forms.check(filled('remove', { [NODE]: [WORKER1, 'worker2.rack.example.com'] })),
    ).toMatchObject({
      refusal: { reasonCode: 'unknown_argument' },
    });
  });

  test('is why a change cannot be rolled back', async () => {
    const { world, forms, filled } = await setting();
    await world.alice.propose(ROTATE);
    expect(await forms.check(filled('rollback', { [NODE]: ['BGP-1'] }))).toMatchObject({
      field: NODE,
      refusal: { reasonCode: 'not_open' },
    });
  });
});

describe('the preview', () => {
  test('is empty until something is entered that makes a command', async () => {
    const { forms, filled } = await setting();
    for (const [verb, values] of [
      ['rotate', {}],
      ['rotate', { reason: ['why'] }],
      ['rotate', { switches: ['allow-outage'] }],
      ['restart', {}],
      ['rotate', { [NODE]: [WORKER1] }],
    ] as const)
      expect(await forms.preview(filled(verb, values))).toEqual({ kind: 'empty' });
  });

  test('says nothing to anybody who has entered nothing, or not enough', async () => {
    const { world, forms, filled } = await setting();
    expect(await forms.preview(filled('restart', {}, world.mallory))).toEqual({ kind: 'empty' });
    const incomplete = filled('add', { [NODE]: [WORKER1] }, world.mallory);
    expect(await forms.preview(incomplete)).toEqual({ kind: 'empty' });
  });

  test('of what is ticked alone is a plan', async () => {
    const { forms, filled } = await setting();
    const preview = await forms.preview(filled('restart', { switches: ['all'] }));
    expect(preview).toMatchObject({ kind: 'plan', impact: { pods: expect.anything() } });
    expect(preview).not.toHaveProperty('refusal');
  });

  test('says with the plan why it would not be proposed now', async () => {
    const { world, forms, filled } = await setting();
    await world.carol.submit('freeze new routers');
    expect(await forms.preview(filled('rotate', ROTATION))).toMatchObject({
      kind: 'plan',
      plan: { differences: [{ node: WORKER1 }] },
      refusal: { reasonCode: 'frozen' },
    });
  });

  test('of a change that restarts nothing has no impact', async () => {
    const { world, forms, filled } = await setting();
    world.cluster.edit('spk-tor-bgp', WORKER1, null);
    world.cluster.edit('spk-tor-bgp-v6', WORKER1, null);
    const preview = await forms.preview(filled('add', { ...ROTATION, lookup: ['spk-tor-bgp'] }));
    expect(preview.kind).toBe('plan');
    expect(preview).not.toHaveProperty('impact');
  });

  test('says what the cluster answers where the plan cannot be made', async () => {
    const { world, forms, filled } = await setting();
    expect(await forms.preview(filled('rotate', ROTATION, world.mallory))).toMatchObject({
      reasonCode: 'guest',
    });
    expect(await forms.preview(filled('rollback', { [NODE]: ['BGP-77'] }))).toMatchObject({
      reasonCode: 'unknown_change',
    });
    world.cluster.setWatch('lost');
    const unreachable = {
      kind: 'refusal',
      reasonCode: 'cluster_unreachable',
      sentence: 'Away.',
      next: '',
    } as const;
    world.cluster.unreachable = unreachable;
    expect(await forms.preview(filled('rotate', ROTATION))).toEqual(unreachable);
  });
});
