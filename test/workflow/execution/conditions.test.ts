import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import { allDone, replacementsBy } from '../../../src/workflow/execution/conditions.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { anInspection, aPod, config, TARGET } from '../../domain/checks/an-inspection.ts';

/** A change that restarts the TMM of worker1 and gives it this mapping. */
function mapping(after: string | null, more: Partial<Change> = {}): Change {
  const change = aChange('BGP-1');
  const [difference] = change.plan.differences;
  if (difference === undefined) throw new Error('there is one');
  return { ...change, plan: { ...change.plan, differences: [{ ...difference, after }] }, ...more };
}

const keys = (change: Change, pods: readonly TmmPod[]): readonly string[] =>
  allDone(change, TARGET)(anInspection(pods)).map(({ key }) => key);

test('at the end each pod of a node that was restarted has its sessions', () => {
  const pods = [aPod('tmm-1', 'worker1'), aPod('tmm-2', 'worker2')];
  expect(keys(mapping('10.20.1.9'), pods)).toEqual([
    'plan holds',
    'mapped tmm-1',
    'sessions tmm-1',
    'sessions of tmm-1 last',
  ]);
});

test('a node that got peers and has no pod is waited for, unless somebody accepted that', () => {
  expect(keys(mapping('10.20.1.9'), [])).toEqual(['plan holds', 'node worker1']);
  expect(keys(mapping('10.20.1.9', { acceptedWithout: ['worker1'] }), [])).toEqual(['plan holds']);
  expect(keys(mapping(null), [])).toEqual(['plan holds']);
});

test('at the end a pod that came to a node whose mapping was restored meanwhile peers by it, and no other one', () => {
  const { plan, ...change } = mapping('10.20.1.9');
  const rollback: Change = {
    ...change,
    startedAtMs: 5_500,
    journal: [],
    plan: { ...plan, restarts: [], rollsBack: { change: 'BGP-9', verb: 'rotate' } },
  };
  const before = aPod('before', 'worker1', { createdAtMs: 4_000 });
  expect(keys(rollback, [before])).toEqual(['plan holds']);
  expect(keys(rollback, [before, aPod('since', 'worker1', { createdAtMs: 5_000 })])).toEqual([
    'plan holds',
    'newcomer peers since',
    'newcomer sessions since',
    'newcomer sessions of since last',
  ]);
});

test('a pod that came to a node whose mapping was removed needs no peers', () => {
  const change = { ...mapping(null), journal: [] };
  const pods = [aPod('since', 'worker1', { createdAtMs: 9_000 })];
  const bare: Change = { ...change, plan: { ...change.plan, restarts: [] } };
  expect(keys(bare, pods)).toEqual(['plan holds']);
});

test('of a pod that came meanwhile it is told that it did, once it is known that its peers differ', () => {
  const { plan, ...change } = mapping('10.20.1.9');
  const grown: Change = { ...change, journal: [], plan: { ...plan, restarts: [] } };
  const pods = [aPod('since', 'worker1')];
  const judged = (pages: PodPages) => {
    const state = anInspection(pods, { mapping: { worker1: '10.20.1.9' }, pages: { since: pages } });
    return allDone(
      grown,
      TARGET,
    )(state)
      .find(({ key }) => key === 'newcomer peers since')
      ?.judge(state);
  };
  expect(judged({})).toEqual({ kind: 'unread', pod: pods[0], pages: ['config'] });
  expect(judged({ config: config(['10.20.1.9']) })).toEqual({ kind: 'pass' });
  expect(judged({ config: config(['10.20.1.1']) })).toMatchObject({
    sentence: expect.stringContaining(
      'since came to worker1 while this change ran, and may have read the old mapping: ',
    ),
    next: 'Restart it, then check again: kubectl delete pod since -n spk-ingress',
  });
});

test('a new pod replaces one that this change took, and none that it never meant to take', () => {
  const state = anInspection([aPod('u9', 'worker1')]);
  const uids = (change: Change) => replacementsBy(change, state).map(({ uid }) => uid);
  expect(uids(aChange('BGP-1'))).toEqual(['u9']);
  expect(uids({ ...aChange('BGP-1'), journal: [] })).toEqual([]);
});
