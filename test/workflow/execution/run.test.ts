import { beforeEach, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import { stepsInOrder } from '../../../src/domain/change/plan.ts';
import { openRun, type Run } from '../../../src/workflow/execution/run.ts';
import { LeaseLost } from '../../../src/workflow/ledger.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';
import { aClock, aRack, type DrivenClock } from './a-rack.ts';

const START_MS = 1_000_000;

let clock: DrivenClock;
let change: Change;
/** Whether the store has lost the change. */
let isGone: boolean;
/** When somebody's stop was asked for. */
let askedAtMs: number[];
let worker: AbortController;
let run: Run;
beforeEach(() => {
  clock = aClock();
  change = { ...aChange('BGP-1'), state: 'running', journal: [] };
  isGone = false;
  askedAtMs = [];
  worker = new AbortController();
  run = openRun(change, {
    target: TARGET,
    cluster: aRack(clock, {}),
    clock,
    store: {
      async change() {
        askedAtMs.push(clock.monotonicMs() - START_MS);
        return isGone ? undefined : change;
      },
      freezes: async () => new Map(),
      latestRecords: () => {
        throw new Error('waiting needs no record');
      },
    },
    ledger: { propose: unused, commit: unused },
    lease: {
      fence: { scope: 'rack', token: 1, owner: 'this test' },
      lost: new AbortController().signal,
      held: () => true,
      release: async () => undefined,
    },
    signal: worker.signal,
  });
});

function unused(): never {
  throw new Error('waiting moves no change');
}

function stop(): void {
  change = { ...change, cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } };
}

test('a rest asks every half second whether somebody said stop, and not at its end, where the next look asks', async () => {
  expect(await run.rest(1_250)).toBeUndefined();
  expect(askedAtMs).toEqual([500, 1_000]);
  expect(clock.monotonicMs()).toBe(START_MS + 1_250);
  askedAtMs = [];
  expect(await run.rest(500)).toBeUndefined();
  expect(askedAtMs).toEqual([]);
});

test('a stop after the last step says that all of them are done', async () => {
  const steps = stepsInOrder(change.plan);
  const journal = steps.map((step) => ({ step, phase: 'found', atMs: 0, found: 'so' }) as const);
  change = { ...change, journal };
  stop();
  expect(await run.stoppedByPeople()).toMatchObject({
    sentence: `Stopped on request, after all ${steps.length} steps.`,
  });
});

test('a rest ends when somebody says stop', async () => {
  clock.after(1_250, stop);
  expect(await run.rest(60_000)).toMatchObject({
    reasonCode: 'cancelled',
    sentence: 'Stopped on request, before anything was done.',
  });
  expect(clock.monotonicMs()).toBe(START_MS + 1_500);
});

test('work that does not end is left when somebody says stop meanwhile', async () => {
  clock.after(1_250, stop);
  expect(await run.unlessStopped(() => new Promise<object>(() => undefined))).toMatchObject({ kind: 'halt' });
  expect(clock.monotonicMs()).toBe(START_MS + 1_500);
});

test('work is not begun after a stop, and its own outcome counts where nobody said stop', async () => {
  expect(await run.unlessStopped(async () => ({ found: 1 }))).toEqual({ found: 1 });
  stop();
  const begun: string[] = [];
  const halted = await run.unlessStopped(async () => {
    begun.push('work');
    return { found: 2 };
  });
  expect(halted).toMatchObject({ kind: 'halt', state: 'halted', reasonCode: 'cancelled' });
  expect(begun).toEqual([]);
});

test('nothing is asked and done any more once the worker stops', async () => {
  worker.abort();
  expect(() => run.assertLease()).toThrow('carrying out BGP-1: the lease was lost');
  await expect(run.stoppedByPeople()).rejects.toThrow('the lease was lost');
});

test('lesson 29: a machine that was suspended has lost its lease, though its own clock stood still', () => {
  const { now } = clock;
  run.assertLease();
  clock.now = () => now() + 1_500;
  run.assertLease();
  clock.now = () => now() + 61_500;
  expect(() => run.assertLease()).toThrow(LeaseLost);
  expect(() => run.assertLease()).toThrow('the machine was suspended');
});

test('a clock that is set back takes no lease away', () => {
  const { now } = clock;
  clock.now = () => now() - 3_600_000;
  run.assertLease();
});

test('a clock that is corrected by two seconds takes no lease away', () => {
  const { now } = clock;
  clock.now = () => now() + 2_000;
  run.assertLease();
});

test.each<[string, Partial<Change>]>([
  ['ended', { state: 'halted' }],
  ['is of a later release', { laterRelease: true }],
])('a change that %s meanwhile is left to whoever moved it on', async (_, moved) => {
  change = { ...change, ...moved };
  await expect(run.stoppedByPeople()).rejects.toThrow(LeaseLost);
  await expect(run.stoppedByPeople()).rejects.toThrow('carrying out BGP-1: somebody else moved it on');
});

test('a change that is gone from the store is named', async () => {
  isGone = true;
  await expect(run.stoppedByPeople()).rejects.toThrow('carrying out BGP-1: its state is gone from the store');
});
