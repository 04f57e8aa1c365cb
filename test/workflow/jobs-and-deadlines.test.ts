import { describe, expect, test } from '@jest/globals';
import type { JobOutcome } from '../../src/ports/jobs.ts';
import { dispatch } from '../../src/workflow/execution/job-handlers.ts';
import { haltedRotation, move, ROTATE, runningRotation } from '../doubles/halted-rotation.ts';
import { openWorld, type World, type WorldOptions } from '../doubles/world.ts';

const HOUR_MS = 3_600_000;
/** A reminder at half the time, and the end of it. */
const PROPOSED = ['expiry BGP-1.remind-by.1 in 30 min', 'expiry BGP-1.approve-by.1 in 60 min'];

async function jobsAfter(world: World): Promise<readonly string[]> {
  await world.stream.deliverAll();
  const nowMs = world.clock.monotonicMs();
  return world.jobs
    .waiting()
    .map(({ kind, id, dueMs }) => `${kind} ${id} in ${(dueMs - nowMs) / 60_000} min`);
}

/** What a worker makes of a deadline of this change at this moment. */
function deadlineOf(changeId: string, world: World): Promise<JobOutcome> {
  return world.handlers.expiry(`${changeId}.approve-by`, new AbortController().signal);
}

describe('the records become jobs', () => {
  test('a proposal: its first deadline', async () => {
    const world = await openWorld();
    await world.alice.propose(ROTATE);
    expect(await jobsAfter(world)).toEqual(PROPOSED);
  });

  test('an approval that is not the last one: nothing', async () => {
    const world = await openWorld({ changes: { requiredApprovals: [{ groups: ['leads'], count: 2 }] } });
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    expect(await jobsAfter(world)).toEqual(PROPOSED);
  });

  test('the last approval, and break-glass: the change itself, and its second deadline', async () => {
    for (const verb of ['approve', 'break-glass'] as const) {
      const world = await openWorld();
      const change = await world.alice.propose(ROTATE);
      await world.bob.decide(verb, change, { reason: 'r1 is dead' });
      expect(await jobsAfter(world)).toEqual([
        'change BGP-1.2 in 0 min',
        'expiry BGP-1.execute-by.2 in 30 min',
        'expiry BGP-1.approve-by.1 in 60 min',
      ]);
    }
  });

  test('a change that is approved as it is proposed: the change, and its second deadline only', async () => {
    const world = await openWorld({ changes: { waiveRollback: true } });
    const halted = await haltedRotation(world);
    await world.alice.propose(`rollback ${halted.id}`);
    const jobs = (await jobsAfter(world)).filter((job) => job.includes('BGP-2'));
    expect(jobs).toEqual(['change BGP-2.7 in 0 min', 'expiry BGP-2.execute-by.7 in 30 min']);
  });

  test('a change that is resumed: a job of its own, since the first one is done', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    await world.bob.decide('resume', halted);
    expect(await jobsAfter(world)).toContain(`change BGP-1.${world.store.trail.length} in 0 min`);
  });

  test('the same record twice, as after a crash: no job twice', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    const once = await jobsAfter(world);
    for (const record of world.store.trail)
      await dispatch(record, { ...world.dependencies, jobs: world.jobs });
    expect(await jobsAfter(world)).toEqual(once);
  });

  test('a proposal that may wait for two minutes: a reminder at half of them, and for less none', async () => {
    const reminders = async (approveByMs: number) => {
      const world = await openWorld({ changes: { approveByMs } });
      await world.alice.propose(ROTATE);
      return (await jobsAfter(world)).filter((job) => job.includes('remind-by'));
    };
    expect(await reminders(120_000)).toEqual(['expiry BGP-1.remind-by.1 in 1 min']);
    expect(await reminders(119_999)).toEqual([]);
  });

  test('a record of a change whose state is lost: nothing', async () => {
    const world = await openWorld();
    await world.alice.propose(ROTATE);
    const [record] = world.store.trail;
    if (record === undefined) throw new Error('the proposal has a record');
    const jobs = world.jobs.waiting();
    const lost = { ...record, change: 'BGP-77' };
    await dispatch(lost, { ...world.dependencies, jobs: world.jobs });
    expect(world.jobs.waiting()).toEqual(jobs);
  });

  test('a query: one job when it is asked, and none when it is answered', async () => {
    const world = await openWorld();
    await world.alice.submit('nodes');
    expect(await jobsAfter(world)).toEqual(['query id-1 in 0 min']);
    const [requested] = world.records('query.requested');
    await world.work();
    const [answered] = world.records('query.answered');
    expect(answered?.data.query).toBe(requested?.data.query);
    const added: string[] = [];
    const jobs = { add: async ({ id }: { id: string }) => void added.push(id), unfinished: async () => [] };
    if (answered !== undefined) await dispatch(answered, { ...world.dependencies, jobs });
    expect(added).toEqual([]);
  });

  test('a record that is handed over late: its deadline is due, not in the past', async () => {
    const world = await openWorld();
    await world.alice.propose(ROTATE);
    await world.clock.advance(2 * HOUR_MS);
    expect(await jobsAfter(world)).toEqual(['expiry BGP-1.approve-by.1 in 0 min']);
    await world.work();
    expect(world.events()).toEqual(['change.proposed', 'change.expired expired']);
  });
});

describe('a deadline', () => {
  test('ends what nobody approved in time, at that moment and not before', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.work();
    await world.clock.advance(HOUR_MS - 1);
    await world.work();
    expect((await world.change(change.id)).state).toBe('proposed');
    await world.clock.advance(1);
    await world.work();
    expect(await world.change(change.id)).toMatchObject({
      state: 'expired',
      outcome: { sentence: 'Nobody approved it in time. Nothing was changed.' },
    });
    expect(world.store.trail.at(-1)).toMatchObject({ actor: 'bot', reason_code: 'expired' });
  });

  test('lesson 70: at half the time its approvers are reminded, once, and it ends no earlier for that', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    const reminders = () => world.store.trail.filter(({ event }) => event === 'change.reminded');
    expect(await jobsAfter(world)).toContain('expiry BGP-1.remind-by.1 in 30 min');
    const remind = () => world.handlers.expiry('BGP-1.remind-by.1', new AbortController().signal);
    for (let times = 0; times < 2; times += 1) expect(await remind()).toEqual({ kind: 'done' });
    expect(reminders()).toMatchObject([{ change: change.id, data: { missing: '1 of leads' } }]);
    await world.bob.decide('approve', change);
    await remind();
    const signal = new AbortController().signal;
    expect(await world.handlers.expiry('BGP-77.remind-by.1', signal)).toEqual({ kind: 'done' });
    expect(reminders()).toHaveLength(1);
    expect((await world.change(change.id)).state).toBe('approved');
  });

  test('says whose approval did not come, where some did', async () => {
    const world = await openWorld({ changes: { requiredApprovals: [{ groups: ['leads'], count: 2 }] } });
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    await world.clock.advance(HOUR_MS);
    await deadlineOf(change.id, world);
    expect((await world.change(change.id)).outcome?.sentence).toContain('1 of leads did not approve');
  });

  test('ends what was approved and could not start in time', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    await world.clock.advance(HOUR_MS / 2);
    await deadlineOf(change.id, world);
    expect(await world.change(change.id)).toMatchObject({
      state: 'expired',
      outcome: { reasonCode: 'execution_window_passed' },
    });
  });

  test('of the approval that comes after it was approved waits for the second one', async () => {
    const world = await openWorld({ changes: { approveByMs: HOUR_MS, executeByMs: 2 * HOUR_MS } });
    const change = await world.alice.propose(ROTATE);
    await world.clock.advance(HOUR_MS / 2);
    await world.bob.decide('approve', change);
    await world.clock.advance(HOUR_MS / 2);
    expect(await deadlineOf(change.id, world)).toEqual({ kind: 'later', afterMs: 1.5 * HOUR_MS });
    expect((await world.change(change.id)).state).toBe('approved');
  });

  test.each<[string, (world: World) => Promise<{ readonly id: string }>]>([
    ['what runs', runningRotation],
    ['what never was', async () => ({ id: 'BGP-77' })],
  ])('leaves %s alone', async (_, reach) => {
    const world = await openWorld();
    const { id } = await reach(world);
    await world.clock.advance(5 * HOUR_MS);
    const before = world.store.trail.length;
    expect(await deadlineOf(id, world)).toEqual({ kind: 'done' });
    expect(world.store.trail.length).toBe(before);
  });

  test('and a decision at the same instant: whichever is first stands, and nothing is lost', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.clock.advance(HOUR_MS);
    await Promise.all([deadlineOf(change.id, world), world.alice.decide('cancel', change)]);
    const { state } = await world.change(change.id);
    expect(['expired', 'withdrawn']).toContain(state);
    expect(world.events().filter((event) => /expired|withdrawn/.test(event))).toHaveLength(1);
  });
});

describe('once a rollback succeeded', () => {
  const WAIVED: WorldOptions = { changes: { waiveRollback: true } };

  async function rolledBack(world: World, undone: string) {
    const rollback = await world.alice.propose(`rollback ${undone}`);
    await move(world, rollback, { kind: 'start', atMs: 0 });
    const outcome = { reasonCode: 'done', sentence: 'Done', atMs: world.clock.now() } as const;
    return move(world, rollback, { kind: 'end', state: 'succeeded', outcome });
  }

  test('what it undid is rolled back, once, however often the record comes', async () => {
    const world = await openWorld(WAIVED);
    const halted = await haltedRotation(world);
    const rollback = await rolledBack(world, halted.id);
    await world.stream.deliverAll();
    await handOverSuccess(world);
    expect(await world.change(halted.id)).toMatchObject({
      state: 'rolled_back',
      outcome: { sentence: `Rolled back by ${rollback.id}.` },
    });
    expect(world.records('change.rolled_back')).toMatchObject([
      { actor: 'bot', change: halted.id, data: { by: rollback.id } },
    ]);
  });

  test('what goes on meanwhile stays as it is', async () => {
    const world = await openWorld(WAIVED);
    const halted = await haltedRotation(world);
    await rolledBack(world, halted.id);
    await world.bob.decide('resume', halted);
    await world.stream.deliverAll();
    expect((await world.change(halted.id)).state).toBe('running');
    expect(world.records('change.rolled_back')).toEqual([]);
  });

  test('a rollback that has not succeeded yet leaves what it undoes as it is', async () => {
    const world = await openWorld(WAIVED);
    const halted = await haltedRotation(world);
    const rollback = await world.alice.propose(`rollback ${halted.id}`);
    await move(world, rollback, { kind: 'start', atMs: 0 });
    await world.stream.deliverAll();
    expect((await world.change(halted.id)).state).toBe('halted');
    expect(world.records('change.rolled_back')).toEqual([]);
  });

  test('a change that undoes nothing marks nothing', async () => {
    const world = await openWorld();
    const outcome = { reasonCode: 'done', sentence: 'Done', atMs: world.clock.now() } as const;
    await move(world, await runningRotation(world), { kind: 'end', state: 'succeeded', outcome });
    const before = world.store.trail.length;
    await handOverSuccess(world);
    expect(world.store.trail.length).toBe(before);
  });

  /** Hands the newest success to the dispatcher again, as after a crash. */
  async function handOverSuccess(world: World): Promise<void> {
    const record = world.records('change.succeeded').at(-1);
    if (record === undefined) throw new Error('nothing succeeded yet');
    await dispatch(record, { ...world.dependencies, jobs: world.jobs });
  }
});
