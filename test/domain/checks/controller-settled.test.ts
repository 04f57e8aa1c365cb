import { expect, test } from '@jest/globals';
import type { TmmPod, Workload } from '../../../src/domain/bgp/snapshot.ts';
import { controllerSettled } from '../../../src/domain/checks/controller-settled.ts';
import { owned, withWorkload } from './a-workload.ts';
import { aPod } from './an-inspection.ts';

const OLD = aPod('old', 'worker1');
const OTHER = aPod('other', 'worker2');

const OTHERS = { kind: 'DaemonSet', name: 'another' };

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
    'a pod that is not available for ten minutes may still be one',
    [owned(OLD), owned(aPod('other', 'worker2', { ready: false, createdAtMs: NOW_MS - 600_000 }))],
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
    'a broken pod of somebody else excuses none of its own',
    [owned(OLD), owned(aPod('other', 'worker2', { ready: false }), { ...OTHERS, uid: 'ds' })],
    { available: 1 },
    'Deployment f5-tmm is rolling out (1 of 2 pods are available)',
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
