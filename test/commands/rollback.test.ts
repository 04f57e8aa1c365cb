import { expect, test } from '@jest/globals';
import { command } from '../../src/commands/rollback.ts';
import type { TmmPod } from '../../src/domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../../src/domain/bgp/target.ts';
import { snapshotOf } from '../../src/domain/bgp/target-index.ts';
import type { Change, JournalEntry } from '../../src/domain/change/change.ts';
import type { Difference, Plan } from '../../src/domain/change/plan.ts';
import { isRefusal, type Refusal } from '../../src/domain/refusal.ts';
import { aChange } from '../contracts/a-stored-change.ts';
import { aPod, TARGET } from '../domain/checks/an-inspection.ts';

const WROTE_AT_MS = 1_000_000;
const WRITE = { kind: 'write', lookup: 'tor', node: 'worker1' } as const;
const EVICT = { kind: 'evict', node: 'worker1', pod: 'tmm-1', uid: 'tmm-1' } as const;
const WRITTEN: readonly JournalEntry[] = [
  { step: WRITE, phase: 'intended', atMs: WROTE_AT_MS },
  { step: WRITE, phase: 'found', atMs: WROTE_AT_MS + 1, found: 'written' },
];
const EVICTED: readonly JournalEntry[] = [
  ...WRITTEN,
  {
    step: EVICT,
    phase: 'intended',
    atMs: WROTE_AT_MS + 2,
    before: { announced: { worker1: null }, pods: ['tmm-1', 'tmm-2'] },
  },
];

const DIFFERENCE = {
  lookup: 'tor',
  asn: 3535,
  node: 'worker1',
  before: '10.20.1.1',
  after: '10.20.1.9',
  createsLookup: false,
};

/** The plan that rolls back a change with this journal, where worker1 has these pods. */
function planned(
  journal: readonly JournalEntry[],
  pods: readonly TmmPod[],
  { target = TARGET, difference = DIFFERENCE }: { target?: Target; difference?: Difference } = {},
): Plan | Refusal {
  const { plan, ...change } = aChange('BGP-1');
  const earlier: Change = {
    ...change,
    state: 'halted',
    plan: {
      ...plan,
      cluster: { ...plan.cluster, uid: 'cluster', tmm: TARGET.tmm },
      differences: [difference],
    },
    journal,
  };
  const data = difference.after === null ? {} : { worker1: difference.after };
  const tor = { name: 'tor', uid: 'tor', immutable: false, bytes: 0, writers: {}, data };
  const snapshot = snapshotOf({
    clusterUid: 'cluster',
    target: target.name,
    nodes: [{ name: 'worker1', ready: true, cordoned: false }],
    // Only the lookups of the target are read.
    lookups: new Map(lookupsOf(target).some(({ name }) => name === 'tor') ? [['tor', tor]] : []),
    pods,
  });
  const planner = command.read({ verb: 'rollback', args: ['BGP-1'], flags: {} }, earlier);
  return isRefusal(planner) ? planner : planner(target, snapshot);
}

/** The pods that the rollback of a change with this journal restarts, where worker1 has this pod, started then. */
function restarted(journal: readonly JournalEntry[], name: string, createdAtMs: number): readonly string[] {
  const plan = planned(journal, [aPod(name, 'worker1', { createdAtMs })]);
  if (isRefusal(plan)) throw new Error(plan.sentence);
  return plan.restarts.flatMap(({ pods }) => pods.map((pod) => pod.name));
}

test.each([
  ['gave a node another router', DIFFERENCE],
  ['added a node', { ...DIFFERENCE, before: null }],
  ['removed a node', { ...DIFFERENCE, after: null }],
])('what %s in a lookup that the target does not name any more is not taken for undone', (_, difference) => {
  const target = { ...TARGET, bgp: { ...TARGET.bgp, neighbors: TARGET.bgp.neighbors.slice(1) } };
  expect(planned(WRITTEN, [], { target, difference })).toMatchObject({ reasonCode: 'unknown_lookup' });
});

test.each([
  ['other lookups', { ...TARGET, namespace: 'spk-blue' }],
  ['other TMM pods', { ...TARGET, tmm: { ...TARGET.tmm, selector: 'app=f5-tmm-blue' } }],
])('nothing is rolled back where the target means %s by now, whatever they hold', (_, target) => {
  expect(planned(WRITTEN, [], { target })).toMatchObject({ reasonCode: 'target_gone' });
});

test.each<[string, readonly JournalEntry[], string, number, readonly string[]]>([
  [
    'a pod that started since the write read what is undone',
    WRITTEN,
    'tmm-3',
    WROTE_AT_MS + 5_000,
    ['tmm-3'],
  ],
  ['a pod of before did not', WRITTEN, 'tmm-1', WROTE_AT_MS - 5_000, []],
  [
    'one that came after the eviction did, whatever the clock of the cluster says',
    EVICTED,
    'tmm-3',
    WROTE_AT_MS - 60_000,
    ['tmm-3'],
  ],
  ['one that was there before the eviction did not', EVICTED, 'tmm-1', WROTE_AT_MS - 60_000, []],
])('a rollback restarts what read the new mapping: %s', (_, journal, name, createdAtMs, expected) => {
  expect(restarted(journal, name, createdAtMs)).toEqual(expected);
});
