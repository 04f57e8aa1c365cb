import { expect, test } from '@jest/globals';
import { command } from '../../src/commands/rollback.ts';
import { snapshotOf } from '../../src/domain/bgp/target-index.ts';
import type { Change, JournalEntry } from '../../src/domain/change/change.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
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

/** The pods that the rollback of a change with this journal restarts, where worker1 has this pod, started then. */
function restarted(journal: readonly JournalEntry[], name: string, createdAtMs: number): readonly string[] {
  const { plan, ...change } = aChange('BGP-1');
  const difference = {
    lookup: 'tor',
    asn: 3535,
    node: 'worker1',
    before: '10.20.1.1',
    after: '10.20.1.9',
    createsLookup: false,
  };
  const earlier: Change = {
    ...change,
    state: 'halted',
    plan: { ...plan, cluster: { ...plan.cluster, uid: 'cluster' }, differences: [difference] },
    journal,
  };
  const tor = { uid: 'tor', immutable: false, bytes: 0, writers: {}, data: { worker1: '10.20.1.9' } };
  const snapshot = snapshotOf({
    clusterUid: 'cluster',
    target: TARGET.name,
    nodes: [{ name: 'worker1', ready: true, cordoned: false }],
    lookups: new Map([['tor', { name: 'tor', ...tor }]]),
    pods: [aPod(name, 'worker1', { createdAtMs })],
  });
  const planner = command.read({ verb: 'rollback', args: ['BGP-1'], flags: {} }, earlier);
  if (isRefusal(planner)) throw new Error(planner.sentence);
  const planned = planner(TARGET, snapshot);
  if (isRefusal(planned)) throw new Error(planned.sentence);
  return planned.restarts.flatMap(({ pods }) => pods.map((pod) => pod.name));
}

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
