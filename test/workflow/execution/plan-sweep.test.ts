import { expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import { type Left, planSweep } from '../../../src/workflow/execution/sweeper.ts';
import { aChange } from '../../contracts/a-stored-change.ts';

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
