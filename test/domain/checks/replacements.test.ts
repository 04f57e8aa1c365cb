import { expect, test } from '@jest/globals';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import {
  evictedPodsGone,
  nodeHasTmm,
  replacementsExist,
  replacementsOf,
  replacementsReady,
} from '../../../src/domain/checks/replacements.ts';
import { owned, withWorkload } from './a-workload.ts';
import { anInspection, aPod, told } from './an-inspection.ts';

const DS = { kind: 'DaemonSet', name: 'f5-tmm', uid: 'ds' };
const OLD = aPod('old', 'worker1');
const NEW = aPod('new', 'worker1');
const OTHER = aPod('other', 'worker2');
const EVICTED = [{ uid: 'old', node: 'worker1' }];
const BEFORE = { announced: {}, pods: ['old', 'other'] };

const names = (pods: readonly TmmPod[]) => pods.map(({ name }) => name);

test.each<[string, readonly TmmPod[], readonly string[]]>([
  ['a pod that was there before is none', [OTHER], []],
  ['a new pod on the node is it', [OTHER, NEW], ['new']],
  ['a new pod elsewhere may be it', [OTHER, aPod('new', 'worker9')], ['new']],
  ['where one came to the node, one elsewhere was merely scaled up', [NEW, aPod('more', 'worker9')], ['new']],
  [
    'where one came elsewhere first, the one on the node may replace another that failed since',
    [aPod('new', 'worker1', { createdAtMs: 9_000 }), aPod('first', 'worker9', { createdAtMs: 8_000 })],
    ['new', 'first'],
  ],
  [
    'where two came to the node, one elsewhere counts only if it is older than both',
    [
      aPod('new', 'worker1', { createdAtMs: 7_000 }),
      aPod('newer', 'worker1', { createdAtMs: 9_000 }),
      aPod('more', 'worker9', { createdAtMs: 8_000 }),
    ],
    ['new', 'newer'],
  ],
  ['one that is ending is none', [aPod('new', 'worker1', { terminating: true })], []],
  ['one that was rejected is none', [aPod('new', 'worker1', { phase: 'Failed' })], []],
  [
    'a rejected one beside a good one disturbs nothing',
    [aPod('bad', 'worker1', { phase: 'Failed' }), NEW],
    ['new'],
  ],
  [
    'a DaemonSet makes its pod on the same node: one elsewhere belongs there',
    [owned(aPod('new', 'worker9'), DS)],
    [],
  ],
])('lesson 42: a replacement is newer than the eviction and not ended: %s', (_, pods, expected) => {
  expect(names(replacementsOf(anInspection(pods), EVICTED, BEFORE))).toEqual(expected);
});

test('of two evicted pods the one whose node stays empty may have its replacement elsewhere', () => {
  const evicted = [...EVICTED, { uid: 'other', node: 'worker2' }];
  const pods = [NEW, aPod('third', 'worker3')];
  expect(names(replacementsOf(anInspection(pods), evicted, BEFORE))).toEqual(['new', 'third']);
});

test('of several evicted pods none is the replacement of another', () => {
  const evicted = [...EVICTED, { uid: 'other', node: 'worker2' }];
  const before = { announced: {}, pods: [] };
  expect(names(replacementsOf(anInspection([OLD, OTHER, NEW]), evicted, before))).toEqual(['new']);
});

test.each<[string, ReturnType<typeof withWorkload>, string]>([
  [
    'the controller has fewer than it wants',
    withWorkload([owned(OTHER)]),
    'wait replacement_missing: There is no new TMM pod',
  ],
  ['it has as many as it wants', withWorkload([owned(OTHER), owned(NEW)]), 'pass'],
  [
    'a pod of another controller does not count',
    withWorkload([owned(OTHER), owned(NEW, DS)]),
    'wait replacement_missing: There is no new TMM pod',
  ],
  [
    'nor does one that was merely scaled up',
    withWorkload([owned(OTHER), owned(aPod('more', 'worker9'))], { desired: 3 }),
    'wait replacement_missing: There is no new TMM pod',
  ],
  ['one that was scaled away is not waited for', withWorkload([owned(OTHER)], { desired: 1 }), 'pass'],
  [
    'the evicted pod itself does not count while it ends',
    withWorkload([owned(OTHER), owned(OLD)]),
    'wait replacement_missing: There is no new TMM pod',
  ],
])('replacement exists: %s', (_, inspection, expected) => {
  expect(told(replacementsExist(inspection, EVICTED, BEFORE))).toBe(expected);
});

test('without a controller that is known, as many new ones are needed as were evicted', () => {
  const evicted = [...EVICTED, { uid: 'other', node: 'worker2' }];
  expect(told(replacementsExist(anInspection([NEW]), evicted, BEFORE))).toBe(
    'wait replacement_missing: There are 1 of 2 new TMM pods',
  );
  expect(told(replacementsExist(anInspection([NEW]), EVICTED, BEFORE))).toBe('pass');
});

test.each<[string, readonly string[], readonly TmmPod[], string]>([
  [
    'its controller is read no more, and the other ones have all that they want',
    ['deployment-of-worker1'],
    [OTHER],
    'wait replacement_missing: There is no new TMM pod',
  ],
  ['its controller is read no more, and there is a new pod', ['deployment-of-worker1'], [OTHER, NEW], 'pass'],
  [
    'one of their controllers is read no more, and there is no new pod',
    ['deployment', 'deployment-of-worker1'],
    [OTHER],
    'wait replacement_missing: There is no new TMM pod',
  ],
  ['its controller wants no more pods', ['deployment'], [OTHER], 'pass'],
  ['its ReplicaSet is that of a controller that wants no more', ['rs'], [OTHER], 'pass'],
])('an evicted pod among those of several controllers: %s', (_, controllers, pods, expected) => {
  const all = pods.map((pod) => owned(pod));
  const judged = replacementsExist(withWorkload(all, { desired: 1 }), EVICTED, { ...BEFORE, controllers });
  expect(told(judged)).toBe(expected);
});

test('of several controllers the one of the evicted pod tells how many it wants', () => {
  const [one] = withWorkload([], { desired: 0 }).workloads ?? [];
  const [other] = withWorkload([], { uid: 'other', ownerUids: [], desired: 0 }).workloads ?? [];
  const workloads = [one, other].flatMap((workload) => workload ?? []);
  const state = { ...anInspection([OTHER]), workloads };
  expect(told(replacementsExist(state, EVICTED, { ...BEFORE, controllers: ['deployment'] }))).toBe('pass');
});

test('of several evicted pods it is told how many came, by what the controller wants', () => {
  const evicted = ['a', 'b', 'c'].map((uid) => ({ uid, node: uid }));
  const there = (pods: readonly TmmPod[], desired: number) =>
    told(
      replacementsExist(
        withWorkload(
          pods.map((pod) => owned(pod)),
          { desired },
        ),
        evicted,
        BEFORE,
      ),
    );
  expect(there([OTHER, NEW], 4)).toBe('wait replacement_missing: There are 1 of 3 new TMM pods');
  expect(there([OTHER], 4)).toBe('wait replacement_missing: There are 0 of 3 new TMM pods');
  expect(there([], 9)).toBe('wait replacement_missing: There are 0 of 3 new TMM pods');
});

test('what a missing replacement means for traffic is counted', () => {
  expect(replacementsExist(anInspection([]), EVICTED, BEFORE)).toMatchObject({
    traffic: 'Until then there is 1 TMM pod fewer to carry traffic.',
  });
  const three = ['a', 'b', 'c'].map((uid) => ({ uid, node: uid }));
  expect(replacementsExist(anInspection([NEW]), three, BEFORE)).toMatchObject({
    traffic: 'Until then there are 2 TMM pods fewer to carry traffic.',
  });
});

test.each<[string, readonly TmmPod[], string]>([
  ['where there is none yet, another check says so', [OTHER], 'pass'],
  ['a Ready one passes', [OTHER, NEW], 'pass'],
  ['a pod of before need not be Ready', [aPod('other', 'worker2', { ready: false }), NEW], 'pass'],
  [
    'the words of Kubernetes say why it is not',
    [aPod('new', 'worker1', { ready: false, notReadyReason: 'CrashLoopBackOff' })],
    'wait replacement_not_ready: new on worker1 is not Ready (CrashLoopBackOff)',
  ],
])('replacement Ready: %s', (_, pods, expected) => {
  expect(told(replacementsReady(anInspection(pods), EVICTED, BEFORE))).toBe(expected);
});

test('a replacement that is not Ready in another way is news', () => {
  const about = (more: Partial<TmmPod>) => {
    const pods = [aPod('new', 'worker1', { ready: false, ...more })];
    const judged = replacementsReady(anInspection(pods), EVICTED, BEFORE);
    return judged.kind === 'wait' ? judged.about : '';
  };
  expect(about({ phase: 'Pending' })).toBe(about({ phase: 'Pending' }));
  expect(about({ phase: 'Pending' })).not.toBe(about({ phase: 'Running' }));
  expect(about({ notReadyReason: 'CrashLoopBackOff' })).not.toBe(about({}));
});

test('evicted pods have to be gone, not only ending; the object of an ended one may stay', () => {
  const ending = aPod('old', 'worker1', { terminating: true });
  expect(told(evictedPodsGone(anInspection([ending, NEW]), EVICTED))).toBe(
    'wait eviction_slow: old on worker1 is still ending',
  );
  expect(told(evictedPodsGone(anInspection([OTHER, NEW]), EVICTED))).toBe('pass');
  const ended = aPod('old', 'worker1', { phase: 'Succeeded' });
  expect(told(evictedPodsGone(anInspection([ended, NEW]), EVICTED))).toBe('pass');
});

test('of several evicted pods each has to be gone', () => {
  const evicted = [...EVICTED, { uid: 'other', node: 'worker2' }];
  expect(told(evictedPodsGone(anInspection([OTHER, NEW]), evicted))).toBe(
    'wait eviction_slow: other on worker2 is still ending',
  );
  expect(told(evictedPodsGone(anInspection([OLD, OTHER, NEW]), evicted))).toBe(
    'wait eviction_slow: old on worker1, other on worker2 are still ending',
  );
});

test('a node without a TMM is named, for an approver to decide about', () => {
  expect(told(nodeHasTmm(anInspection([NEW]), 'worker1'))).toBe('pass');
  expect(nodeHasTmm(anInspection([OTHER]), 'worker1')).toMatchObject({
    kind: 'fail',
    reasonCode: 'node_without_tmm',
    node: 'worker1',
  });
});
