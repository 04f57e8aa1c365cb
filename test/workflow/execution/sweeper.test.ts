import { describe, expect, test } from '@jest/globals';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { jobHandlers } from '../../../src/workflow/execution/job-handlers.ts';
import { planSweep, type Sweeper, startSweeper } from '../../../src/workflow/execution/sweeper.ts';
import { openUseCases } from '../../../src/workflow/requests/use-cases.ts';
import { haltedRotation, move, ROTATE, runningRotation } from '../../doubles/halted-rotation.ts';
import { noRateLimit } from '../../doubles/memory-request-limiter.ts';
import { CHANNEL } from '../../doubles/sample-policy.ts';
import { openWorld, type World } from '../../doubles/world.ts';

const MINUTE_MS = 60_000;

function sweep(world: World): { readonly sweeper: Sweeper; readonly errors: string[] } {
  const errors: string[] = [];
  const { dependencies, jobs, clock } = world;
  const sweeper = startSweeper({ ...dependencies, jobs, clock }, (error, what) =>
    errors.push(`${what}: ${String(error)}`),
  );
  return { sweeper, errors };
}

/** Ids of changes that have a job of this kind. */
const withJob = (world: World, kind: 'change' | 'expiry'): readonly string[] =>
  world.jobs.waiting().flatMap((job) => (job.kind === kind ? [job.id.replace(/\..*/, '')] : []));

/** The policy after somebody renamed the target, with rules for the new name only. */
function renamed(policy: Policy): Policy {
  const [target, ...others] = policy.targets;
  const rules = policy.rules.map((rule) => ({ ...rule, targets: ['renamed'] }));
  return { ...policy, rules, targets: [{ ...target, name: 'renamed' }, ...others] };
}

describe('lesson 51: a change that nobody is working on', () => {
  test.each(['approved', 'running'] as const)(
    'and that is %s is taken up within a minute, and its card says so',
    async (state) => {
      const world = await openWorld();
      const change = await world.alice.propose(ROTATE);
      await world.bob.decide('approve', change);
      if (state === 'running') await move(world, change, { kind: 'start', atMs: 0 });
      // Its job is gone, and no record makes another one.
      expect(withJob(world, 'change')).toEqual([]);
      const { sweeper, errors } = sweep(world);
      await world.clock.advance(MINUTE_MS);
      expect(withJob(world, 'change')).toEqual([change.id]);
      expect(await world.change(change.id)).toMatchObject({
        state,
        progress: 'No worker was working on it: it continues now.',
      });
      await world.clock.advance(10 * MINUTE_MS);
      expect(withJob(world, 'change')).toEqual([change.id]);
      await sweeper.stop();
      world.jobs.startNext(world.handlers);
      await world.clock.advance(MINUTE_MS);
      expect((await world.change(change.id)).journal.length).toBeGreaterThan(0);
      expect(errors).toEqual([]);
    },
  );

  test('is left alone while a job or a worker has it', async () => {
    const world = await openWorld();
    const change = await runningRotation(world);
    const lease = await world.leases.acquire(scopeOf(change), change.id);
    const { sweeper } = sweep(world);
    const before = world.store.trail.length;
    await world.clock.advance(2 * MINUTE_MS);
    expect(withJob(world, 'change')).toEqual([]);
    await lease?.release();
    await world.stream.deliverAll();
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.store.trail.length).toBe(before);
    await sweeper.stop();
  });

  test('and whose deadline passed without a job is ended, and keeps nobody from its TMM pods meanwhile', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.clock.advance(2 * 60 * MINUTE_MS);
    const scopes: string[] = [];
    const { acquire } = world.leases;
    world.leases.acquire = (scope, owner) => {
      scopes.push(scope);
      return acquire(scope, owner);
    };
    const { sweeper } = sweep(world);
    await world.clock.advance(MINUTE_MS);
    expect(new Set(scopes)).toEqual(new Set(['sweeper']));
    expect(withJob(world, 'expiry')).toEqual([change.id]);
    await world.jobs.runNext(world.handlers);
    expect((await world.change(change.id)).state).toBe('expired');
    await sweeper.stop();
  });

  test('is found by one replica at a time, and what cannot be read disturbs none of it', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    world.store.damageChange('BGP-77', '{"state":"running"}');
    const sweepers = [sweep(world), sweep(world)];
    await world.clock.advance(MINUTE_MS);
    expect(withJob(world, 'change')).toEqual([change.id]);
    for (const { sweeper, errors } of sweepers) {
      await sweeper.stop();
      expect(errors).toEqual([]);
    }
  });

  test('and that fails again and again says so on its card at once, and halts in the end', async () => {
    const world = await openWorld();
    const change = await runningRotation(world);
    const broken = jobHandlers({
      ...world.dependencies,
      replies: world.replies,
      clusters: new Map([...world.dependencies.clusters].map(([name, one]) => [name, brokenOf(one)])),
    });
    const attempt = (): Promise<unknown> =>
      broken.change(change.id, new AbortController().signal).catch(String);
    expect(await attempt()).toContain('a bug');
    const { progress } = await world.change(change.id);
    expect(progress).toContain('An error keeps it from continuing: it is retried every second.');
    const records = world.store.trail.length;
    for (let tried = 0; tried < 10; tried += 1) await attempt();
    expect(world.store.trail.length).toBe(records);
    // A queue that gives up on its job after some attempts.
    const jobs = { add: async () => void (await attempt()), unfinished: async () => [] };
    const sweeper = startSweeper({ ...world.dependencies, jobs, clock: world.clock }, () => undefined);
    await world.clock.advance(5 * MINUTE_MS);
    await sweeper.stop();
    expect(await world.change(change.id)).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'internal_error', next: expect.stringContaining(`close ${change.id}`) },
    });
    expect(world.events(records + 1)).toEqual([
      'change.progress',
      'change.progress',
      'change.halted internal_error',
    ]);
  });

  test('because its target was renamed halts with a reason, and whom a rule names closes it', async () => {
    for (const [state, underWay] of [['halted', false] as const, ['outcome_unknown', true] as const]) {
      const world = await openWorld();
      const change = await runningRotation(world);
      const step = { kind: 'write', lookup: 'spk-tor-bgp', node: 'worker1.rack.example.com' } as const;
      if (underWay) await move(world, change, { kind: 'intend', step, atMs: world.clock.now() });
      const bot = { ...world.dependencies, policy: renamed(world.policy), clusters: new Map() };
      await world.stream.deliverAll();
      await world.jobs.runNext(jobHandlers({ ...bot, replies: world.replies }));
      expect(await world.change(change.id)).toMatchObject({
        state,
        outcome: { reasonCode: 'target_gone', next: expect.stringContaining(`close ${change.id}`) },
      });
      const { decide } = openUseCases(bot, noRateLimit);
      const by = { channel: CHANNEL, changeId: change.id };
      expect(await decide('close', { ...by, person: world.dave.person })).toMatchObject({
        reasonCode: 'not_an_approver',
      });
      expect(await decide('close', { ...by, person: world.bob.person })).toMatchObject({ kind: 'card' });
      expect((await world.change(change.id)).state).toBe('closed');
      expect(await world.store.scopeHolders(scopeOf(change))).toEqual([]);
    }
  });

  test('and that says it is running is closed by hand, but not while a worker is at it', async () => {
    const world = await openWorld();
    const change = await runningRotation(world);
    const lease = await world.leases.acquire(scopeOf(change), change.id);
    const refused = await world.bob.decide('close', change.id);
    expect(isRefusal(refused) && [refused.reasonCode, refused.next]).toEqual([
      'not_open',
      expect.stringContaining(`cancel ${change.id} stops it before its next step`),
    ]);
    await lease?.release();
    expect(await world.dave.decide('close', change.id)).toMatchObject({ reasonCode: 'not_an_approver' });
    expect(await world.bob.decide('close', change.id)).toMatchObject({ kind: 'card' });
    expect(world.store.trail.at(-1)).toMatchObject({ event: 'change.closed', data: { from: 'running' } });
    // The worker that comes back finds it closed.
    await world.work();
    expect((await world.change(change.id)).state).toBe('closed');
    expect(await world.leases.acquire(scopeOf(change), 'the next one')).toBeDefined();
  });
});

describe('what a round decides', () => {
  const NOTHING = { changeJobs: new Set<string>(), expiryJobs: new Set<string>() };

  test('what halted and waits for people needs nobody', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    const known = new Map([[halted.id, { at: 'halted 2 ', takenUp: false }]]);
    expect(planSweep([halted], known, { ...NOTHING, nowMs: world.clock.now() }).actions).toEqual([]);
  });

  test('what a later release wrote is left to that one', async () => {
    const world = await openWorld();
    const running = { ...(await runningRotation(world)), laterRelease: true as const };
    const { actions, left } = planSweep([running], new Map(), { ...NOTHING, nowMs: 0 });
    expect([actions, left.size]).toEqual([[], 0]);
  });
});

function brokenOf<Cluster extends object>(cluster: Cluster): Cluster {
  return new Proxy(cluster, {
    get() {
      throw new Error('a bug');
    },
  });
}

function scopeOf({ plan: { cluster } }: Awaited<ReturnType<typeof runningRotation>>): string {
  return `${cluster.uid}/${cluster.tmm.namespace}/${cluster.tmm.selector}`;
}
