import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import { type Left, planSweep, startSweeper } from '../../../src/workflow/execution/sweeper.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { move, ROTATE, runningRotation } from '../../doubles/halted-rotation.ts';
import { openWorld, type World } from '../../doubles/world.ts';

const DEADLINE_MS = 1_000_000;
const OVERDUE_MS = DEADLINE_MS + 30_000;

const change = (state: Change['state'], more: Partial<Change> = {}): Change => ({
  ...aChange('BGP-1'),
  state,
  journal: [],
  approveByMs: DEADLINE_MS,
  executeByMs: DEADLINE_MS,
  ...more,
});

/** So many rounds after each other, in which nothing but `takeUp` moves: what each does, in words. */
function rounds(
  one: Change,
  {
    nowMs = 0,
    changeJobs = [],
    expiryJobs = [],
  }: { nowMs?: number; changeJobs?: readonly string[]; expiryJobs?: readonly string[] } = {},
): readonly (readonly string[])[] {
  let before: ReadonlyMap<string, Left> = new Map();
  return [1, 2, 3].map(() => {
    const { actions, left } = planSweep([one], before, {
      nowMs,
      changeJobs: new Set(changeJobs),
      expiryJobs: new Set(expiryJobs),
    });
    before = left;
    return actions.map(({ kind, change: { id } }) => `${kind} ${id}`);
  });
}

test.each<[string, Change, Parameters<typeof rounds>[1], readonly (readonly string[])[]]>([
  [
    'approved is taken up again and again',
    change('approved'),
    {},
    [[], ['take up BGP-1'], ['take up BGP-1']],
  ],
  ['running is given up the second time', change('running'), {}, [[], ['take up BGP-1'], ['give up BGP-1']]],
  ['running, with a job, is left alone', change('running'), { changeJobs: ['BGP-1'] }, [[], [], []]],
  [
    'approved, with a job of its deadline alone, is taken up',
    change('approved'),
    { expiryJobs: ['BGP-1'] },
    [[], ['take up BGP-1'], ['take up BGP-1']],
  ],
  [
    'proposed has time until half a minute after its deadline',
    change('proposed'),
    { nowMs: OVERDUE_MS - 1 },
    [[], [], []],
  ],
  [
    'proposed is ended from then on',
    change('proposed'),
    { nowMs: OVERDUE_MS },
    [[], ['expire BGP-1'], ['expire BGP-1']],
  ],
  [
    'proposed, with a job that ends it, is left to that one',
    change('proposed'),
    { nowMs: OVERDUE_MS, expiryJobs: ['BGP-1'] },
    [[], [], []],
  ],
  [
    'proposed, with a job of another kind, is ended',
    change('proposed'),
    { nowMs: OVERDUE_MS, changeJobs: ['BGP-1'] },
    [[], ['expire BGP-1'], ['expire BGP-1']],
  ],
  ['halted without a clock waits for people', change('halted'), { nowMs: OVERDUE_MS }, [[], [], []]],
  [
    'written by a later release is left to that one',
    change('running', { laterRelease: true }),
    {},
    [[], [], []],
  ],
])('a change that is %s', (_, one, world, expected) => {
  expect(rounds(one, world)).toEqual(expected);
});

test.each<[string, Partial<Change>]>([
  ['another state', { state: 'running' }],
  ['another step', { state: 'approved', journal: aChange('BGP-1').journal }],
  ['another resume', { state: 'approved', resumedAtMs: 17 }],
])('a change that got on meanwhile, by %s, is looked at once more first', (_, more) => {
  const nothing = { nowMs: 0, changeJobs: new Set<string>(), expiryJobs: new Set<string>() };
  const { left } = planSweep([change('approved')], new Map(), nothing);
  const next = planSweep([{ ...change('approved'), ...more }], left, nothing);
  expect(next.actions).toEqual([]);
  expect([...next.left.values()]).toMatchObject([{ takenUp: false }]);
});

test('one that was taken up is remembered while its job runs: without it, it is given up where it is', () => {
  const running = change('running');
  const nothing = { nowMs: 0, changeJobs: new Set<string>(), expiryJobs: new Set<string>() };
  const first = planSweep([running], new Map(), nothing);
  const takenUp = planSweep([running], first.left, nothing);
  const withJob = planSweep([running], takenUp.left, { ...nothing, changeJobs: new Set(['BGP-1']) });
  expect(withJob.actions).toEqual([]);
  expect(planSweep([running], withJob.left, nothing).actions).toMatchObject([{ kind: 'give up' }]);
});

describe('the sweeper', () => {
  /** A sweeper on this world, whose jobs vanish at once: when it added which. */
  function sweep(world: World, everyMs?: number) {
    const startedAtMs = world.clock.monotonicMs();
    const added: string[] = [];
    const errors: string[] = [];
    const jobs = {
      add: async ({ kind, id }: { kind: string; id: string }) =>
        void added.push(
          `${kind} ${id.split('.')[0]} after ${(world.clock.monotonicMs() - startedAtMs) / 1_000} s`,
        ),
      unfinished: async () => [],
    };
    const sweeper = startSweeper(
      { ...world.dependencies, jobs },
      (error, what) => errors.push(`${what}: ${String(error)}`),
      everyMs,
    );
    return { added, errors, sweeper };
  }

  test('finds a change that could not be read for a round, and says when none can be read', async () => {
    const world = await openWorld();
    const { id, version, ...rest } = await runningRotation(world);
    const whole = JSON.stringify({ ...rest, id, version: version + 2 });
    world.store.damageChange(id, '{"state":"running"}');
    const { added, errors, sweeper } = sweep(world);
    await world.clock.advance(4_000);
    world.store.damageChange(id, whole);
    await world.clock.advance(70_000);
    expect(added).toHaveLength(1);
    expect(errors).toEqual([]);
    const { store } = world.dependencies;
    Object.assign(store, { change: () => Promise.reject(new Error('the store is away')) });
    await world.clock.advance(30_000);
    await sweeper.stop();
    expect(errors).toEqual(['looking for changes that nobody works on: Error: the store is away']);
  });

  test('looks a second time after five seconds, then every thirty', async () => {
    const world = await openWorld();
    await world.alice.propose(ROTATE);
    await world.clock.advance(2 * 3_600_000);
    const { added, sweeper } = sweep(world);
    await world.clock.advance(70_000);
    await sweeper.stop();
    expect(added).toEqual(['expiry BGP-1 after 5 s', 'expiry BGP-1 after 35 s', 'expiry BGP-1 after 65 s']);
    await world.clock.advance(70_000);
    expect(added).toHaveLength(3);
  });

  test('looks a second time no later than it is told to look', async () => {
    const world = await openWorld();
    await world.bob.decide('approve', await world.alice.propose(ROTATE));
    const { added, sweeper } = sweep(world, 1_000);
    await world.clock.advance(1_500);
    await sweeper.stop();
    expect(added).toEqual(['change BGP-1 after 1 s']);
  });

  test('reads what is over for good once', async () => {
    const world = await openWorld();
    await world.bob.decide('reject', await world.alice.propose(ROTATE), { reason: 'no' });
    await world.alice.propose(ROTATE);
    const read: string[] = [];
    const { change } = world.store;
    const store = {
      changeIds: world.store.changeIds,
      change: (id: string) => {
        read.push(id);
        return change(id);
      },
    };
    const jobs = { add: async () => undefined, unfinished: async () => [] };
    const sweeper = startSweeper({ ...world.dependencies, store, jobs }, () => undefined);
    await world.clock.advance(40_000);
    await sweeper.stop();
    expect(read.toSorted()).toEqual(['BGP-1', 'BGP-2', 'BGP-2', 'BGP-2']);
  });

  test('tells what went wrong in a round, and with which change, and goes on', async () => {
    const world = await openWorld();
    await world.bob.decide('approve', await world.alice.propose(ROTATE));
    const jobs = { add: () => Promise.reject(new Error('no queue')), unfinished: async () => [] };
    const errors: string[] = [];
    const sweeper = startSweeper({ ...world.dependencies, jobs }, (error, what) =>
      errors.push(`${what}: ${String(error)}`),
    );
    await world.clock.advance(10_000);
    await sweeper.stop();
    expect(errors).toEqual(['take up BGP-1, which nobody works on: Error: no queue']);
    const away = { ...world.store, changeIds: () => Promise.reject(new Error('the store is away')) };
    const other = startSweeper({ ...world.dependencies, store: away, jobs }, (error, what) =>
      errors.push(`${what}: ${String(error)}`),
    );
    await world.clock.advance(1_000);
    await other.stop();
    expect(errors.at(-1)).toBe('looking for changes that nobody works on: Error: the store is away');
    expect(world.leases.holder('sweeper')).toBeUndefined();
  });

  test('does not give up what went on between the look and the end that it would note', async () => {
    const world = await openWorld();
    const { id } = await runningRotation(world);
    const lookup = 'spk-tor-bgp';
    const step = { kind: 'write', lookup, node: 'worker1.rack.example.com' } as const;
    // A worker was at it in the end, and died in the middle of its first step.
    const jobs = noJobs(() => move(world, { id }, { kind: 'intend', step, atMs: world.clock.now() }));
    const sweeper = startSweeper({ ...world.dependencies, jobs }, () => undefined);
    await world.clock.advance(40_000);
    await sweeper.stop();
    expect(jobs.rounds()).toBe(3);
    expect((await world.change(id)).state).toBe('running');
  });

  test('looks at one that moved meanwhile for another round before it gives it up', async () => {
    const world = await openWorld();
    const { id } = await runningRotation(world);
    const jobs = noJobs(() => move(world, { id }, { kind: 'wait', progress: 'Waits.' }));
    const sweeper = startSweeper({ ...world.dependencies, jobs }, () => undefined);
    await world.clock.advance(70_000);
    await sweeper.stop();
    expect(jobs.rounds()).toBe(4);
    expect((await world.change(id)).state).toBe('running');
  });

  test('adds no job for what it gives up', async () => {
    const world = await openWorld();
    const { id } = await runningRotation(world);
    const { added, sweeper } = sweep(world);
    await world.clock.advance(40_000);
    await sweeper.stop();
    expect((await world.change(id)).state).toBe('halted');
    expect(added).toEqual(['change BGP-1 after 5 s']);
  });

  test('leaves to whoever is at it what is being worked on after all', async () => {
    const world = await openWorld();
    await runningRotation(world);
    const lease = await world.leases.acquire('uid-of-kube-system/spk-ingress/app=f5-tmm', 'a worker');
    const { added, errors, sweeper } = sweep(world);
    await world.clock.advance(60_000);
    expect([added, errors]).toEqual([[], []]);
    await lease?.release();
    await world.clock.advance(10_000);
    await sweeper.stop();
    // It was never taken up before: it is now, and not given up.
    expect(added).toHaveLength(1);
    expect((await world.change('BGP-1')).state).toBe('running');
  });
});

/** A queue without any job; in the third round the change moves while the sweeper looks. */
function noJobs(moves: () => Promise<unknown>) {
  let rounds = 0;
  return {
    rounds: () => rounds,
    add: async () => undefined,
    async unfinished(kind: string) {
      if (kind !== 'expiry') return [];
      rounds += 1;
      if (rounds === 3) await moves();
      return [];
    },
  };
}
