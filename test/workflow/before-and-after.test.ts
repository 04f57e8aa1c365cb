import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Picture } from '../../src/domain/answer.ts';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { Impact } from '../../src/domain/change/impact.ts';
import { refuse } from '../../src/domain/refusal.ts';
import type { Cluster } from '../../src/ports/cluster.ts';
import { openBeforeAndAfter } from '../../src/workflow/before-and-after.ts';
import type { Dependencies } from '../../src/workflow/dependencies.ts';
import { RACK } from '../doubles/sample-policy.ts';
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

describe('of a rotation that was carried out', () => {
  let world: World;
  let record: AuditRecord;
  let change: Change;
  beforeAll(async () => {
    world = await openWorld();
    change = await world.change(await rotate(world));
    record = world.records('change.succeeded')[0] ?? record;
  });

  /** What its last record shows as soon as it is written, where some of this is otherwise. */
  async function shown(more: Partial<Dependencies> = {}, of: Partial<AuditRecord> = {}) {
    const { pictures, errors, openWith } = collect();
    const clock = { ...world.clock, now: () => Date.parse(record.at) };
    await openWith({ ...world.dependencies, clock, ...more })({ ...record, ...of });
    return { pictures: pictures.map(([, picture]) => picture), errors };
  }

  const where = (cluster: Partial<Cluster>): Partial<Dependencies> => ({
    clusters: new Map([[RACK.name, { ...world.cluster, cachedSnapshot: () => undefined, ...cluster }]]),
  });
  const as = (seen: Change | undefined): Partial<Dependencies> => ({
    store: { ...world.store, change: async () => seen },
  });

  test('a record that is read a minute later still shows it, and nothing after that', async () => {
    const later = (ms: number) => ({ clock: { ...world.clock, now: () => Date.parse(record.at) + ms } });
    expect((await shown(later(60_000))).pictures).toHaveLength(1);
    expect((await shown(later(60_001))).pictures).toEqual([]);
  });

  test('no picture is drawn of a cluster that cannot be read, which is reported', async () => {
    const refusal = refuse('cluster_unreachable', 'The API server does not answer.', 'Wait.');
    expect(await shown(where({ snapshot: async () => refusal }))).toEqual({
      pictures: [],
      errors: [new Error('drawing BGP-1: The API server does not answer.')],
    });
  });

  test('without a cache the pods are read, and the picture is there all the same', async () => {
    expect(await shown(where({}))).toMatchObject({ pictures: [{ kind: 'picture' }], errors: [] });
  });

  test.each<[string, Partial<AuditRecord>]>([
    ['of another event', { event: 'change.halted' }],
    ['of no change', { change: null }],
    ['of a change that is not there any more', { change: 'BGP-99' }],
  ])('a record %s shows nothing', async (_, of) => {
    expect(await shown({}, of)).toEqual({ pictures: [], errors: [] });
  });

  test('a target that the policy has no more, or a change of which nothing was read, shows nothing', async () => {
    const { impact: _, ...unseen } = change;
    const policy = { ...world.policy, targets: [{ ...RACK, name: 'other' }] as const };
    for (const more of [{ policy }, { clusters: new Map() }, as(unseen)])
      expect(await shown(more)).toEqual({ pictures: [], errors: [] });
  });

  test('pods that were not read before it, or could not be, are shown as unknown', async () => {
    const svgOf = async (pods: Impact['pods']): Promise<string> => {
      const impact = { readAtMs: 0, othersNotRead: 0, pods };
      const [picture] = (await shown(as({ ...change, impact }))).pictures;
      return picture?.svg ?? '';
    };
    const pods = change.impact?.pods ?? [];
    expect(await svgOf([])).toContain('not read');
    expect(await svgOf(pods.map((pod) => ({ ...pod, unread: 'no answer' })))).toContain('no answer');
    expect(await svgOf(pods)).not.toMatch(/not read|undefined|TMM [^<]*!/);
  });
});

async function rotate(world: World): Promise<string> {
  const change = await world.alice.propose(`rotate ${W1} 10.20.1.9`);
  await world.bob.decide('approve', change);
  await world.pass(120_000);
  return change.id;
}

/** What is posted, and what is reported. */
function follow(world: World, failure?: Error) {
  const { pictures, errors, openWith } = collect(failure);
  world.stream.follow('pictures', openWith(world.dependencies));
  return { pictures, errors };
}

function collect(failure?: Error) {
  const pictures: (readonly [change: string, picture: Picture])[] = [];
  const errors: unknown[] = [];
  const post = async (change: string, picture: Picture): Promise<void> => {
    pictures.push([change, picture]);
    if (failure !== undefined) throw failure;
  };
  const openWith = (given: Parameters<typeof openBeforeAndAfter>[0]) =>
    openBeforeAndAfter(given, { post }, (error) => errors.push(error));
  return { pictures, errors, openWith };
}
