import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod, Workload } from '../../../src/domain/bgp/snapshot.ts';
import { baselineOf } from '../../../src/domain/checks/baseline.ts';
import { controllerSettled } from '../../../src/domain/checks/controller-settled.ts';
import {
  evictedPodsGone,
  nodeHasTmm,
  replacementsExist,
  replacementsOf,
  replacementsReady,
} from '../../../src/domain/checks/replacements.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { anInspection, aPod, neighbors, summary, told, UNREADABLE } from './an-inspection.ts';

const RS = { kind: 'ReplicaSet', name: 'f5-tmm-5d', uid: 'rs' };
const DS = { kind: 'DaemonSet', name: 'f5-tmm', uid: 'ds' };
const OLD = aPod('old', 'worker1');
const NEW = aPod('new', 'worker1');
const OTHER = aPod('other', 'worker2');
const EVICTED = [{ uid: 'old', node: 'worker1' }];
const BEFORE = { announced: {}, pods: ['old', 'other'] };

const workload = (more: Partial<Workload> = {}): Workload => ({
  kind: 'Deployment',
  name: 'f5-tmm',
  uid: 'deployment',
  ownerUids: ['rs'],
  generation: 1,
  observedGeneration: 1,
  desired: 2,
  current: 2,
  updated: 2,
  available: 2,
  ...more,
});
const withWorkload = (pods: readonly TmmPod[], more: Partial<Workload> = {}) => ({
  ...anInspection(pods),
  workloads: [workload(more)],
});
const owned = (pod: TmmPod, owner = RS): TmmPod => ({ ...pod, owner });
const names = (pods: readonly TmmPod[]) => pods.map(({ name }) => name);

test.each<[string, readonly TmmPod[], readonly string[]]>([
  ['a pod that was there before is none', [OTHER], []],
  ['a new pod on the node is it', [OTHER, NEW], ['new']],
  ['a new pod elsewhere may be it', [OTHER, aPod('new', 'worker9')], ['new']],
  ['where one came to the node, one elsewhere was merely scaled up', [NEW, aPod('more', 'worker9')], ['new']],
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
    [aPod('new', 'worker1', { ready: false, trouble: 'CrashLoopBackOff' })],
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
  expect(about({ trouble: 'CrashLoopBackOff' })).not.toBe(about({}));
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

test('a node without a TMM is named, for an approver to decide about', () => {
  expect(told(nodeHasTmm(anInspection([NEW]), 'worker1'))).toBe('pass');
  expect(nodeHasTmm(anInspection([OTHER]), 'worker1')).toMatchObject({
    kind: 'fail',
    reasonCode: 'node_without_tmm',
    node: 'worker1',
  });
});

const NOW_MS = 10_000_000;

test.each<[string, readonly TmmPod[], Partial<Workload>, string]>([
  ['nothing rolls out', [owned(OLD), owned(OTHER)], {}, 'pass'],
  [
    'its newest version was not seen yet',
    [],
    { generation: 2 },
    'Deployment f5-tmm is rolling out (its controller has not seen its newest version yet)',
  ],
  [
    'a Helm upgrade',
    [],
    { updated: 1, current: 3 },
    'Deployment f5-tmm is rolling out (1 of 2 pods are of its newest version)',
  ],
  [
    'a scale-down',
    [],
    { desired: 1, updated: 2, available: 2 },
    'Deployment f5-tmm is rolling out (it has 2 pods and wants 1)',
  ],
  [
    'a new pod is not available yet',
    [owned(OLD), owned(aPod('other', 'worker2', { ready: false, createdAtMs: NOW_MS - 1_000 }))],
    { available: 1 },
    'Deployment f5-tmm is rolling out (1 of 2 pods are available)',
  ],
  [
    'a pod that is broken for long is no rollout',
    [owned(OLD), owned(aPod('other', 'worker2', { ready: false, createdAtMs: NOW_MS - 601_000 }))],
    { available: 1 },
    'pass',
  ],
  [
    'the pod that is to be repaired is no rollout',
    [owned(aPod('old', 'worker1', { ready: false, createdAtMs: NOW_MS })), owned(OTHER)],
    { available: 1 },
    'pass',
  ],
])(
  'lesson 72: while the controller is rolling out something, no TMM is taken: %s',
  (_, pods, more, expected) => {
    const judged = controllerSettled(withWorkload(pods, more), new Set(['old']), NOW_MS);
    expect(judged.kind === 'wait' ? judged.sentence : judged.kind).toBe(expected);
  },
);

test('a rollout that is paused names the command that ends that', () => {
  const paused = { updated: 1, current: 3, updates: 'paused' } as const;
  const judged = controllerSettled(withWorkload([], paused), new Set(), NOW_MS);
  expect(judged).toMatchObject({ next: 'Look at it: kubectl rollout resume deployment/f5-tmm' });
});

test('the baseline needs the neighbors of the pods that go, and of no other', () => {
  const read = baselineOf(anInspection([OLD, OTHER]), EVICTED);
  expect(read).toMatchObject({ kind: 'unread', pod: { name: 'old' }, pages: ['neighbors'] });
});

test('the baseline is all pods that have a node, and what is announced to each Established peer', () => {
  const pages = {
    old: {
      neighbors: neighbors({
        '10.20.1.1': { state: 'Established', announcedPrefixes: 2 },
        '10.20.1.3': { state: 'Active', announcedPrefixes: 9 },
        '2001:db8::1': { state: 'Established', announcedPrefixes: 1 },
      }),
    },
  };
  const { node: _, ...unscheduled } = aPod('waits', 'nowhere', { phase: 'Pending' });
  expect(baselineOf(anInspection([OLD, OTHER, unscheduled], { pages }), EVICTED)).toEqual({
    announced: { worker1: { '10.20.1.1': 2, '2001:db8::1': 1 } },
    pods: ['old', 'other'],
  });
});

test('of two pods on a node the one that announces more counts', () => {
  const announcing = (counts: Record<string, number>) => ({
    neighbors: neighbors(
      Object.fromEntries(
        Object.entries(counts).map(([peer, count]) => [
          peer,
          { state: 'Established' as const, announcedPrefixes: count },
        ]),
      ),
    ),
  });
  const pages = { old: announcing({ a: 1, b: 5 }), twin: announcing({ a: 3, c: 2 }) };
  const evicted = [...EVICTED, { uid: 'twin', node: 'worker1' }];
  expect(baselineOf(anInspection([OLD, aPod('twin', 'worker1')], { pages }), evicted)).toMatchObject({
    announced: { worker1: { a: 3, b: 5, c: 2 } },
  });
});

test.each([
  ['cannot be read', UNREADABLE],
  ['does not say how many', neighbors({ '10.20.1.1': { state: 'Established' } })],
])('what is announced is not known when the page %s', (_, page) => {
  const pages = { old: { neighbors: page, summary: summary({ '10.20.1.1': 'Established' }) } };
  expect(baselineOf(anInspection([OLD], { pages }), EVICTED)).toEqual({
    announced: { worker1: null },
    pods: ['old'],
  });
});

test('FRR tells what is announced in its summary alone, which is read where the pages do not tell', () => {
  const page = neighbors({ '10.20.1.1': { state: 'Established', acceptedPrefixes: 1 } });
  const asked = (pages: PodPages) => baselineOf(anInspection([OLD], { pages: { old: pages } }), EVICTED);
  expect(asked({ neighbors: page })).toMatchObject({ kind: 'unread', pages: ['summary'] });
  const told = readSummary(`Neighbor V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd PfxSnt Desc
10.20.1.1 4 3535 12 14 0 0 0 00:07:22 1 3 N/A
`);
  expect(asked({ neighbors: page, summary: told })).toMatchObject({
    announced: { worker1: { '10.20.1.1': 3 } },
  });
});

test('a pod that cannot be asked has no baseline of prefixes', () => {
  const inspection = anInspection([aPod('old', 'worker1', { phase: 'Pending' })]);
  expect(baselineOf(inspection, EVICTED)).toEqual({ announced: { worker1: null }, pods: ['old'] });
});

test.each<[string, readonly TmmPod[]]>([
  ['is gone', []],
  ['has ended, and is left over', [aPod('old', 'worker1', { phase: 'Failed' })]],
  ['is ending', [aPod('old', 'worker1', { terminating: true, phase: 'Pending' })]],
])('where the evicted pod %s already, what runs on its node may be its replacement', (_, old) => {
  const before = baselineOf(anInspection([...old, NEW, OTHER]), EVICTED);
  expect(before).toEqual({ announced: { worker1: null }, pods: ['other'] });
  if ('kind' in before) throw new Error('nothing has to be read');
  expect(replacementsOf(anInspection([...old, NEW, OTHER]), EVICTED, before)).toEqual([NEW]);
});
