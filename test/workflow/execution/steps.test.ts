import { describe, expect, test } from '@jest/globals';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import type { Target } from '../../../src/domain/bgp/target.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import type { Plan } from '../../../src/domain/change/plan.ts';
import { mayBeUnmapped, mayEndWithoutTmm } from '../../../src/workflow/execution/conditions.ts';
import type { GuardedStep } from '../../../src/workflow/execution/guarded-step.ts';
import type { Conditions } from '../../../src/workflow/execution/look.ts';
import { stepsOf } from '../../../src/workflow/execution/steps.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { anInspection, aPod, TARGET } from '../../domain/checks/an-inspection.ts';
import { ROTATE, ROTATE_2, restart, rotation } from './a-site.ts';

const BEFORE = { announced: {}, pods: ['tmm-1', 'tmm-2'] };
const REPLACED = [aPod('tmm-3', 'worker1'), aPod('tmm-2', 'worker2')];

function aPlan(parts: Partial<Plan>): Plan {
  return { ...aChange('BGP-1').plan, differences: [], restarts: [], ...parts };
}

const changeOf = (plan: Plan, more: Partial<Change> = {}): Change => ({
  ...aChange('BGP-1'),
  acceptedWithout: [],
  journal: [],
  plan,
  ...more,
});

/** The checks of a step, each with its bound and the seconds that it has. */
function bounds(conditions: Conditions | undefined, pods: readonly TmmPod[]): readonly string[] {
  return (conditions?.(anInspection(pods)) ?? []).map(
    ({ key, bound }) => `${key}: ${bound.key}, ${bound.timeoutMs / 1_000} s`,
  );
}

function onlyStep(plan: Plan, target: Target = TARGET): GuardedStep {
  const [step, ...others] = stepsOf(plan, target);
  if (step === undefined || others.length > 0) throw new Error('the plan has one step');
  return step;
}

const described = (plan: Plan): readonly string[] =>
  stepsOf(plan, TARGET).map(({ effects }) => effects.map(({ doing }) => doing).join(' and '));

describe('the steps of a plan', () => {
  test('go node by node, first the mapping and then the pods', () => {
    const [node] = restart('tmm-1').restarts;
    const two = { node: 'worker1', pods: [...(node?.pods ?? []), { name: 'tmm-9', uid: 'tmm-9' }] };
    const plan = aPlan({
      differences: [ROTATE_2, ROTATE, { ...ROTATE_2, lookup: 'tor-v6' }],
      restarts: [two, ...restart('tmm-2', 'tmm-4').restarts],
    });
    expect(described(plan)).toEqual([
      'Writing worker2 in tor',
      'Writing worker2 in tor-v6',
      'Evicting tmm-2',
      'Writing worker1 in tor',
      'Evicting tmm-1',
      'Evicting tmm-9',
      'Evicting tmm-4',
    ]);
  });

  test('all at once write every mapping first, and then delete all pods together', () => {
    const plan = aPlan({
      differences: [ROTATE, ROTATE_2],
      ...restart('tmm-1', 'tmm-2'),
      strategy: 'all at once',
    });
    expect(described(plan)).toEqual([
      'Writing worker1 in tor',
      'Writing worker2 in tor',
      'Deleting tmm-1 and Deleting tmm-2',
    ]);
  });

  test('of a plan that restarts nothing are its writes', () => {
    expect(described(aPlan({ differences: [ROTATE], strategy: 'none' }))).toEqual(['Writing worker1 in tor']);
  });
});

describe('each check has the time that the target gives it', () => {
  test('before and after a write', () => {
    const plan = aPlan({ differences: [ROTATE] });
    const step = onlyStep(plan);
    expect(bounds(step.preconditions(changeOf(plan), 0), REPLACED)).toEqual([
      'plan holds: mapping, 20 s',
      'writable: mapping, 20 s',
    ]);
    expect(step.postconditions).toBeUndefined();
    expect(step.readTimeoutMs).toEqual({ before: 20_000, after: 20_000 });
  });

  const EVICTED = [
    'plan holds: replacement, 60 s',
    'ready: replacement, 60 s',
    'gone: replacement, 60 s',
    'exists: replacement, 60 s',
  ];

  test('before and after an eviction', () => {
    const plan = aPlan({ differences: [], ...restart('tmm-1') });
    const step = onlyStep(plan);
    const before = [
      'plan holds: mapping, 20 s',
      'mapped tmm-1: mapping, 20 s',
      'node: node, 20 s',
      'controller settled: rollout, 60 s',
      'replaced before: replaced before, 30 s',
    ];
    expect(bounds(step.preconditions(changeOf(plan), 0), REPLACED)).toEqual([
      ...before,
      'another TMM carries traffic: carrying, 30 s',
    ]);
    const outage = onlyStep({ ...plan, allowOutage: true });
    expect(bounds(outage.preconditions(changeOf(plan), 0), REPLACED)).toEqual(before);
    expect(bounds(step.postconditions?.(BEFORE, changeOf(plan)), REPLACED)).toEqual([
      ...EVICTED,
      'peers tmm-3: peers tmm-3, 30 s',
      'sessions tmm-3: sessions tmm-3, 30 s',
      'sessions of tmm-3 last: sessions of tmm-3 last, 40 s',
      'prefixes tmm-3: prefixes tmm-3, 30 s',
    ]);
    expect(step.readTimeoutMs).toEqual({ before: 20_000, after: 60_000 });
  });

  test('a pod that peers has a minute to configure it, also where its sessions have longer', () => {
    const plan = aPlan(restart('tmm-1'));
    const slow = { ...TARGET, timeouts: { ...TARGET.timeouts, sessionTimeoutMs: 300_000 } };
    const after = onlyStep(plan, slow).postconditions?.(BEFORE, changeOf(plan));
    expect(bounds(after, REPLACED)).toContain('peers tmm-3: peers tmm-3, 60 s');
  });

  test('before and after a deletion of all at once, each node that was given a mapping is waited for once', () => {
    const two = restart('tmm-1', 'tmm-2').restarts;
    const [first] = two;
    if (first === undefined) throw new Error('there are two');
    const plan = aPlan({ restarts: [first, ...two], strategy: 'all at once', differences: [] });
    const step = onlyStep(plan);
    expect(bounds(step.preconditions(changeOf(plan), 0), REPLACED)).toEqual([
      'plan holds: mapping, 20 s',
      'mapped tmm-1: mapping, 20 s',
      'mapped tmm-1: mapping, 20 s',
      'mapped tmm-2: mapping, 20 s',
      'controller settled: rollout, 60 s',
    ]);
    const mapped = changeOf({ ...plan, differences: [ROTATE] });
    expect(bounds(step.postconditions?.(BEFORE, mapped), [])).toEqual([
      ...EVICTED,
      'node worker1: replacement, 60 s',
    ]);
  });
});

describe('a node may end without a TMM', () => {
  const mapped = aPlan({ differences: [ROTATE] });
  test('where no mapping was approved for it, or it lost its own', () => {
    expect(mayEndWithoutTmm(changeOf(mapped), 'worker1')).toBe(false);
    expect(mayEndWithoutTmm(changeOf(mapped), 'worker2')).toBe(true);
    const removed = aPlan({ differences: [rotation('worker1', '10.20.1.1', null)] });
    expect(mayEndWithoutTmm(changeOf(removed), 'worker1')).toBe(true);
  });

  test('where an approver accepted that for this node', () => {
    expect(mayEndWithoutTmm(changeOf(mapped, { acceptedWithout: ['worker1'] }), 'worker1')).toBe(true);
    expect(mayEndWithoutTmm(changeOf(mapped, { acceptedWithout: ['worker2'] }), 'worker1')).toBe(false);
  });

  test('and without a mapping only where its removal was approved', () => {
    const removed = changeOf(aPlan({ differences: [rotation('worker1', '10.20.1.1', null)] }));
    expect([mayBeUnmapped(removed, 'worker1'), mayBeUnmapped(removed, 'worker2')]).toEqual([true, false]);
    expect([mayBeUnmapped(removed, undefined), mayBeUnmapped(changeOf(mapped), 'worker1')]).toEqual([
      false,
      false,
    ]);
  });
});
