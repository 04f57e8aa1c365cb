import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import type { Step } from '../../../src/domain/change/plan.ts';
import { PASS } from '../../../src/domain/checks/check.ts';
import { attempt } from '../../../src/workflow/execution/attempt.ts';
import type { Attempt, GuardedStep } from '../../../src/workflow/execution/guarded-step.ts';
import { halt } from '../../../src/workflow/execution/halt.ts';
import { perform } from '../../../src/workflow/execution/perform.ts';
import type { Run } from '../../../src/workflow/execution/run.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { anInspection, TARGET } from '../../domain/checks/an-inspection.ts';
import { aClock, aRack } from './a-rack.ts';

/** A step that evicts tmm-1 once, where nothing but the eviction itself may go wrong. */
function evicting(act: () => Promise<Attempt>): GuardedStep {
  const step = { kind: 'evict', node: 'worker1', pod: 'tmm-1', uid: 'tmm-1' } as const;
  const passes = { key: 'passes', bound: { key: 'passes', timeoutMs: 1 }, judge: () => PASS };
  return {
    preconditions: () => () => [passes],
    effects: [
      {
        step,
        doing: 'Evicting tmm-1',
        found: { byThis: 'evicted', byOthers: 'gone already' },
        details: () => ({}),
        act,
        isDone: () => false,
        unknown: (why) => ({ ...halt('outcome_unknown', why), state: 'outcome_unknown' }),
      },
    ],
    postconditions: () => () => [passes],
    readTimeoutMs: { before: 1, after: 1 },
  };
}

/** A run that may be blocked for so long, and how long it has been going. */
function aRun(evictionTimeoutMs: number): { readonly run: Run; passedMs(): number } {
  const clock = aClock();
  const startedAtMs = clock.monotonicMs();
  const change = { ...aChange('BGP-1'), journal: [] };
  const run: Run = {
    change: () => change,
    target: { ...TARGET, timeouts: { ...TARGET.timeouts, evictionTimeoutMs } },
    cluster: aRack(clock, { worker1: '10.20.1.1' }),
    clock,
    signal: new AbortController().signal,
    assertLease: () => undefined,
    holdsLease: () => true,
    recordsSince: async () => [],
    commit: async () => undefined,
    anchor: () => Promise.reject(new Error('an eviction needs no anchor')),
    sayProgress: async () => undefined,
    stoppedByPeople: async () => undefined,
    unlessStopped: (work) => work(),
    whenStopped: async () => undefined,
    async rest(ms) {
      await clock.sleep(ms);
      return undefined;
    },
  };
  return { run, passedMs: () => clock.monotonicMs() - startedAtMs };
}

const blocked = async (): Promise<Attempt> => ({ kind: 'blocked', why: 'no disruption is allowed.' });

test('an eviction that is blocked is tried again after pauses that grow, up to five seconds', async () => {
  const { run, passedMs } = aRun(60_000);
  const triedAtMs: number[] = [];
  const act = async (): Promise<Attempt> => {
    triedAtMs.push(passedMs());
    return triedAtMs.length < 8 ? blocked() : { kind: 'done' };
  };
  expect(await perform(evicting(act), run)).toBeUndefined();
  const pauses = triedAtMs.slice(1).map((atMs, index) => atMs - (triedAtMs[index] ?? 0));
  expect(pauses).toEqual([1_000, 1_500, 2_250, 3_375, 5_000, 5_000, 5_000]);
});

test.each([
  [1_000, 1_000, '1 s'],
  [1_001, 2_500, '3 s'],
])('an eviction that may be blocked for %i ms is given up after %i ms', async (timeoutMs, afterMs, words) => {
  const { run, passedMs } = aRun(timeoutMs);
  expect(await perform(evicting(blocked), run)).toMatchObject({
    reasonCode: 'eviction_blocked',
    sentence: `tmm-1 on worker1 could not be evicted for ${words}: no disruption is allowed. It keeps running.`,
  });
  expect(passedMs()).toBe(afterMs);
});

test('of pods that went at the same time, the one whose replacement was not found yet is still waited for', async () => {
  const { run } = aRun(60_000);
  const evicted = async (): Promise<Attempt> => {
    throw new Error('it is gone already');
  };
  const [effect] = evicting(evicted).effects;
  if (effect === undefined) throw new Error('there is one');
  const steps = ['tmm-1', 'tmm-2'].map((pod) => ({ node: 'worker1', pod, uid: pod }));
  const effects = steps.map((pod) => ({
    ...effect,
    step: { kind: 'evict', ...pod } as const,
    check: { step: { kind: 'check', ...pod } as const, found: () => `another ${pod.pod}` },
  }));
  const found = [...effects.map(({ step }) => step), ...effects.slice(0, 1).map(({ check }) => check.step)];
  const journal = found.map((step) => ({ step, phase: 'found', atMs: 0, found: 'so' }) as const);
  const committed: unknown[] = [];
  const halted = await perform(
    { ...evicting(evicted), effects },
    {
      ...run,
      change: () => ({ ...run.change(), journal }),
      commit: async (event) => void committed.push(event),
    },
  );
  expect(halted).toBeUndefined();
  expect(committed).toMatchObject([{ kind: 'complete', step: { pod: 'tmm-2' }, found: 'another tmm-2' }]);
});

test.each([
  ['that began 10 s and ended 5 s ago', 10_000, 5_000, true],
  ['that began more than 10 s ago', 10_001, 5_000, false],
  ['that ended more than 5 s ago', 10_000, 5_001, false],
])(
  'lesson 36: what a look saw %s is acted on or looked at again',
  async (_, beganForMs, endedForMs, acts) => {
    const { run } = aRun(60_000);
    let acted = 0;
    const step = evicting(async () => {
      acted += 1;
      return { kind: 'done' };
    });
    const nowMs = run.clock.monotonicMs();
    const seen = {
      inspection: anInspection([]),
      beganAtMs: nowMs - beganForMs,
      endedAtMs: nowMs - endedForMs,
    };
    const came = await attempt(step, new Set(), seen, run);
    expect([acted, came?.kind]).toEqual(acts ? [1, undefined] : [0, 'not yet']);
  },
);

test('what the journal has as done is asked about no more: neither before it is done, nor afterwards', async () => {
  const { run } = aRun(60_000);
  const never = (): never => {
    throw new Error('nothing is asked');
  };
  const [effect] = evicting(never).effects;
  if (effect === undefined) throw new Error('there is one');
  const pod = { node: 'worker1', pod: 'tmm-1', uid: 'tmm-1' };
  const check = { step: { kind: 'check', ...pod } as const, found: () => 'another' };
  const performed = (steps: readonly Step[], step: Partial<GuardedStep>) => {
    const journal = steps.map((one) => ({ step: one, phase: 'found', atMs: 0, found: 'so' }) as const);
    const guarded = { ...evicting(never), effects: [{ ...effect, check }], preconditions: never, ...step };
    return perform(guarded, { ...run, change: () => ({ ...run.change(), journal }) });
  };
  expect(await performed([effect.step, check.step], { postconditions: never })).toBeUndefined();
  expect(await performed([effect.step], {})).toBeUndefined();
});

describe('whoever takes over notes no intent again', () => {
  const never = (): never => {
    throw new Error('nothing is sent');
  };
  const evictions = (...names: readonly string[]) => {
    const [effect] = evicting(never).effects;
    if (effect === undefined) throw new Error('there is one');
    return names.map((pod) => ({
      ...effect,
      step: { kind: 'evict', node: 'worker1', pod, uid: pod } as const,
    }));
  };
  /** What is committed, where the journal has these entries and nobody noted a result since. */
  const committed = async (step: GuardedStep, journal: Change['journal']): Promise<readonly unknown[]> => {
    const { run } = aRun(1_000);
    const events: unknown[] = [];
    const commit: Run['commit'] = async (event) => void events.push(event);
    await perform(step, { ...run, change: () => ({ ...run.change(), journal }), commit });
    return events;
  };

  test('of what an earlier attempt did: its result is noted', async () => {
    const [effect] = evictions('tmm-1');
    if (effect === undefined) throw new Error('there is one');
    const { step } = effect;
    const gone = { ...evicting(never), effects: [{ ...effect, isDone: () => true }] };
    expect(await committed(gone, [{ step, phase: 'intended', atMs: 0 }])).toMatchObject([
      { kind: 'complete', step, found: 'evicted' },
    ]);
  });

  test('of what the journal has as done, also while a read still shows the pod: the other one is intended', async () => {
    const [one, other] = evictions('tmm-1', 'tmm-2');
    if (one === undefined || other === undefined) throw new Error('there are two');
    const sent = {
      ...evicting(never),
      effects: [one, { ...other, act: async () => ({ kind: 'done' }) as const }],
    };
    const journal = [
      { step: one.step, phase: 'intended', atMs: 0 },
      { step: one.step, phase: 'found', atMs: 1, found: 'evicted' },
    ] as const;
    expect(await committed(sent, journal)).toMatchObject([
      { kind: 'intend', step: other.step },
      { kind: 'complete', step: other.step },
    ]);
  });
});
