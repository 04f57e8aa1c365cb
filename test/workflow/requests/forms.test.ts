import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../../src/domain/refusal.ts';
import type { DriftStore } from '../../../src/ports/store.ts';
import { type FilledForm, type Forms, openForms } from '../../../src/workflow/requests/forms.ts';
import { memoryDriftStore } from '../../doubles/memory-drift-store.ts';
import { CHANNEL, RACK } from '../../doubles/sample-policy.ts';
import { type Actor, openWorld, type World } from '../../doubles/world.ts';

const [WORKER1, WORKER4] = ['worker1.rack.example.com', 'worker4.rack.example.com'];
const NODE = 'argument 0.0';
const ADDRESSES = 'argument 0.1';
const PAIRS = 'argument 1.0';
const WAY = 'way';

async function setting(): Promise<{ world: World; forms: Forms; driftStore: DriftStore }> {
  const world = await openWorld();
  const driftStore = memoryDriftStore();
  return { world, forms: openForms(world.dependencies, driftStore), driftStore };
}

function filled(
  verb: string,
  values: Readonly<Record<string, readonly string[]>>,
  { person }: Actor,
): FilledForm {
  return { verb, person, channel: CHANNEL, values: new Map(Object.entries(values)) };
}

describe('the form of a command', () => {
  test.each([
    ['add', ['node', 'line', 'text', 'switches']],
    ['remove', ['node', 'text', 'switches']],
    ['rotate', ['way', 'node', 'line', 'text', 'switches']],
    ['restart', ['nodes', 'text', 'switches']],
    ['rollback', ['change', 'text', 'switches']],
  ])('%s has the fields that its declaration says', async (verb, inputs) => {
    const { world, forms } = await setting();
    const form = await forms.open(verb, { person: world.alice.person, channel: CHANNEL });
    if (isRefusal(form)) throw new Error(form.reasonCode);
    const without = form.fields.filter(({ id }) => id !== 'lookup');
    expect(without.map(({ input }) => input)).toEqual(inputs);
    expect(form.fields.find(({ id }) => id === 'switches')?.options?.map(({ value }) => value)).not.toContain(
      'dry-run',
    );
  });

  test('rotate asks which of its two ways is meant, and then for nothing that is optional for it', async () => {
    const { world, forms } = await setting();
    const shown = async (way?: number) => {
      const origin = { person: world.alice.person, channel: CHANNEL };
      const form = await forms.open('rotate', way === undefined ? origin : { ...origin, way });
      if (isRefusal(form)) throw new Error(form.reasonCode);
      return form.fields;
    };
    const [way, ...fields] = await shown();
    expect(way).toMatchObject({
      id: WAY,
      required: true,
      initial: { value: '0' },
      options: [
        { value: '0', label: 'All peers of one node' },
        { value: '1', label: 'A router, wherever it is mapped' },
      ],
    });
    expect(fields.slice(0, 2)).toMatchObject([
      { id: NODE, required: true },
      { id: ADDRESSES, required: true },
    ]);
    const other = await shown(1);
    expect(other[0]).toMatchObject({ id: WAY, initial: { value: '1' } });
    expect(other[1]).toMatchObject({ id: PAIRS, required: true });
    // Reason, lookup and switches keep their ids, and with them what was entered.
    expect(other.slice(2)).toEqual(fields.slice(2));
    expect((await shown(7))[1]).toMatchObject({ id: NODE });
  });

  test('restart says that nodes are needed unless something is ticked', async () => {
    const { world, forms } = await setting();
    const form = await forms.open('restart', { person: world.alice.person, channel: CHANNEL });
    if (isRefusal(form)) throw new Error(form.reasonCode);
    expect(form.fields[0]).toMatchObject({
      required: false,
      hint: 'Needed, unless you tick below which ones.',
    });
  });

  test('is refused to whom no rule gives the command', async () => {
    const { world, forms } = await setting();
    expect(await forms.open('rotate', { person: world.dave.person, channel: CHANNEL })).toMatchObject({
      reasonCode: 'not_allowed',
    });
    expect(await forms.open('show', { person: world.alice.person, channel: CHANNEL })).toMatchObject({
      reasonCode: 'not_allowed',
    });
  });

  test.each([
    [
      'rotate',
      { [NODE]: [WORKER1], [ADDRESSES]: ['10.20.1.9, 10.20.1.10'] },
      `rotate ${WORKER1} 10.20.1.9, 10.20.1.10`,
    ],
    [
      'rotate',
      { [WAY]: ['1'], [PAIRS]: ['10.20.1.1=10.20.1.9'], reason: ['new router'] },
      'rotate 10.20.1.1=10.20.1.9 --reason "new router"',
    ],
    ['restart', { switches: ['all', 'at-once'] }, 'restart --all --at-once'],
    [
      'restart',
      { [NODE]: [WORKER1, 'worker2.rack.example.com'] },
      `restart ${WORKER1} worker2.rack.example.com`,
    ],
  ])('says %s %j as it would be typed', async (verb, values, text) => {
    const { world, forms } = await setting();
    const form = filled(verb, values, world.alice);
    expect(await forms.check(form)).toBeUndefined();
    const parsed = forms.read(form);
    const request = { requestId: 'x', person: world.alice.person, channel: CHANNEL };
    const chosen = await world.useCases.submitParsed(parsed, request);
    const typed = await world.alice.submit(text);
    if (chosen.kind !== 'card' || typed.kind !== 'card') throw new Error('both are proposed');
    expect(chosen.change.digest).toBe(typed.change.digest);
    expect(chosen.change.reason).toBe(typed.change.reason);
    expect(chosen.change.requiredApprovals).toEqual(typed.change.requiredApprovals);
  });

  test('of a command that this release does not have is refused, and recorded as if it was typed', async () => {
    const world = await openWorld();
    const request = { requestId: 'x', person: world.alice.person, channel: CHANNEL };
    const parsed = { verb: 'teleport', args: ['worker1'], flags: {} };
    expect(await world.useCases.submitParsed(parsed, request)).toMatchObject({ reasonCode: 'unknown_verb' });
    expect(world.records('request.refused')).toMatchObject([{ data: { said: 'teleport worker1' } }]);
  });

  test.each([
    ['rotate', { [NODE]: [WORKER1], [ADDRESSES]: ['10.20.1.999'] }, ADDRESSES, 'not_an_address'],
    ['rotate', { [NODE]: [WORKER1], [ADDRESSES]: ['10.20.1.1'] }, ADDRESSES, 'nothing_to_do'],
    ['rotate', { [WAY]: ['1'], [NODE]: [WORKER1] }, PAIRS, 'missing_argument'],
    ['rotate', { [WAY]: ['1'], [PAIRS]: ['10.20.1.1=10.20.1.999'] }, PAIRS, 'not_an_address'],
    ['rotate', { [NODE]: [WORKER1] }, ADDRESSES, 'missing_argument'],
    ['rotate', {}, NODE, 'missing_argument'],
    ['add', { [NODE]: [WORKER1], [ADDRESSES]: ['10.20.1.9'] }, NODE, 'node_already_mapped'],
    ['add', { [NODE]: ['worker9'], [ADDRESSES]: ['10.20.1.9'] }, NODE, 'unknown_node'],
    ['rollback', { [NODE]: ['BGP-77'] }, NODE, 'unknown_change'],
  ])('%s %j: what is wrong is said beside its field', async (verb, values, field, code) => {
    const { world, forms } = await setting();
    const fault = await forms.check(filled(verb, values, world.alice));
    expect(fault).toMatchObject({ field, refusal: { reasonCode: code } });
  });
});

test('with several targets the form asks for one, and offers nodes only once it is known', async () => {
  const rack = (name: string) => ({ ...RACK, name });
  const world = await openWorld({ targets: [rack('east'), rack('west')] });
  const forms = openForms(world.dependencies, memoryDriftStore());
  const form = await forms.open('rotate', { person: world.alice.person, channel: CHANNEL });
  if (isRefusal(form)) throw new Error(form.reasonCode);
  const target = form.fields.find(({ id }) => id === 'target');
  expect(target).toMatchObject({ required: true, options: [{ value: 'east' }, { value: 'west' }] });
  const values = { [NODE]: [WORKER1], [ADDRESSES]: ['10.20.1.9'] };
  expect(await forms.check(filled('rotate', values, world.alice))).toMatchObject({
    field: 'target',
    refusal: { reasonCode: 'target_ambiguous' },
  });
  expect(await forms.check(filled('rotate', { ...values, target: ['west'] }, world.alice))).toBeUndefined();
  expect(await forms.options(NODE, '', filled('rotate', {}, world.alice))).toEqual([]);
  expect(await forms.options(NODE, '', filled('rotate', { target: ['east'] }, world.alice))).toHaveLength(3);
});

describe('while it is filled in', () => {
  test('the plan and its impact are those of --dry-run, and nothing is recorded', async () => {
    const { world, forms } = await setting();
    const before = world.events().length;
    const values = { [NODE]: [WORKER1], [ADDRESSES]: ['10.20.1.9'] };
    const preview = await forms.preview(filled('rotate', values, world.alice));
    if (preview.kind !== 'plan') throw new Error(preview.kind);
    expect(preview.impact?.pods[0]).toMatchObject({ node: WORKER1, carries: ['IPv4', 'IPv6'] });
    expect(preview.plan.differences).toMatchObject([
      { node: WORKER1, before: '10.20.1.1', after: '10.20.1.9' },
    ]);
    expect(await forms.preview(filled('rotate', { [NODE]: [WORKER1] }, world.alice))).toEqual({
      kind: 'empty',
    });
    expect(await forms.preview(filled('rotate', values, world.dave))).toMatchObject({
      reasonCode: 'not_allowed',
    });
    expect(world.events()).toHaveLength(before);
  });

  test('what will stand beside a field is not said in the preview as well: it names the field', async () => {
    const { world, forms } = await setting();
    const preview = (values: Readonly<Record<string, readonly string[]>>) =>
      forms.preview(filled('rotate', values, world.alice));
    expect(await preview({ [NODE]: [WORKER1], [ADDRESSES]: ['10.20.1.999'] })).toEqual({
      kind: 'fault',
      field: 'Addresses of the peers',
    });
    expect(await preview({ [WAY]: ['1'], [PAIRS]: ['10.20.9.9=10.20.1.9'] })).toEqual({
      kind: 'fault',
      field: 'Old and new address',
    });
  });

  test('beside each peer of a node stands how its session was last seen, and no TMM pod is asked for it', async () => {
    const { world, forms, driftStore } = await setting();
    const options = () => forms.options(NODE, 'worker1', filled('rotate', {}, world.alice));
    const sessions = { [`${WORKER1}`]: { '10.20.1.1': 'down', '2001:db8:20:1::1': 'established' } } as const;
    const state = { mapping: {}, findings: {}, atMs: world.clock.now(), sessions };
    await driftStore.write(RACK.name, state);
    const asked = world.cluster.calls.get('imish');
    expect(await options()).toEqual([
      { value: WORKER1, label: WORKER1, description: '10.20.1.1 ✗ down, 2001:db8:20:1::1 ✓' },
    ]);
    expect(world.cluster.calls.get('imish')).toBe(asked);
    // What was seen long ago says nothing of now.
    await world.clock.advance(4 * RACK.driftCheckEveryMs);
    expect(await options()).toMatchObject([{ description: '10.20.1.1, 2001:db8:20:1::1' }]);
  });

  test('of 500 nodes the options are those that fit, as people count', async () => {
    const nodes = Array.from({ length: 500 }, (_, at) => `worker${at + 1}.rack.example.com`);
    const world = await openWorld({ cluster: { nodes, lookups: {} } });
    const forms = openForms(world.dependencies, memoryDriftStore());
    const options = await forms.options(NODE, 'worker', filled('rotate', {}, world.alice));
    expect(options.map(({ value }) => value)).toEqual(nodes.slice(0, 100));
  });

  test('a node is found by the beginning or a part of its name, or by a peer, with its peers beside it', async () => {
    const { world, forms } = await setting();
    const options = (typed: string) => forms.options(NODE, typed, filled('rotate', {}, world.alice));
    expect((await options('')).map(({ value }) => value)).toEqual(
      ['worker1', 'worker2', 'worker3'].map((short) => `${short}.rack.example.com`),
    );
    expect(await options('10.20.1.1')).toEqual([
      { value: WORKER1, label: WORKER1, description: '10.20.1.1, 2001:db8:20:1::1' },
    ]);
    expect(await options('ORKER2')).toHaveLength(1);
    expect(await options(WORKER4 ?? '')).toEqual([]);
    expect(await forms.options(NODE, '', filled('rotate', {}, world.dave))).toEqual([]);
  });
});

test('the command alone is answered with the menu of what this person may begin; strangers are refused as before', async () => {
  const { world } = await setting();
  const reply = await world.alice.submit('');
  if (reply.kind !== 'menu') throw new Error(reply.kind);
  expect(reply.menu.changes.map(({ verb }) => verb)).toContain('rotate');
  const daves = await world.dave.submit(' ');
  expect(daves.kind === 'menu' && daves.menu.changes).toEqual([]);
  expect(await world.mallory.submit('')).toMatchObject({ reasonCode: 'guest' });
});
