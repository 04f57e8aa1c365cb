import { describe, expect, test } from '@jest/globals';
import { olderRevisions, olderTemplateOf } from '../../../src/domain/bgp/pod-template.ts';
import type { PodTemplate, TmmPod, Workload } from '../../../src/domain/bgp/snapshot.ts';
import { aPod } from '../checks/an-inspection.ts';

const workload = (more: Partial<Workload>): Workload => ({
  kind: 'Deployment',
  name: 'f5-tmm',
  uid: 'w',
  ownerUids: ['rs-old', 'rs-new'],
  generation: 1,
  observedGeneration: 1,
  desired: 2,
  current: 2,
  updated: 1,
  available: 2,
  olderVersions: ['rs-old'],
  ...more,
});
const owned = (uid: string, template?: PodTemplate): TmmPod =>
  aPod('tmm', 'worker1', { owner: { kind: 'any', name: uid, uid }, ...(template && { template }) });
const SET = { ownerUids: ['set'], olderVersions: ['v1'] };

describe('a pod is of an older template', () => {
  test.each<[string, Partial<Workload>, TmmPod, boolean]>([
    ['of an older ReplicaSet of its Deployment', {}, owned('rs-old'), true],
    ['of the newest ReplicaSet', {}, owned('rs-new'), false],
    ['of nobody', {}, aPod('tmm', 'worker1'), false],
    ['of another controller', { ownerUids: ['rs-new'] }, owned('rs-old'), false],
    ['of a Deployment of which no older one is known', { olderVersions: [] }, owned('rs-old'), false],
    [
      'of an older revision of its DaemonSet',
      { kind: 'DaemonSet', ...SET },
      owned('set', { revision: 'v1' }),
      true,
    ],
    [
      'of an older revision of its StatefulSet',
      { kind: 'StatefulSet', ...SET },
      owned('set', { revision: 'v1' }),
      true,
    ],
    ['of the newest revision', { kind: 'DaemonSet', ...SET }, owned('set', { revision: 'v2' }), false],
    ['without a label of its revision', { kind: 'DaemonSet', ...SET }, owned('set'), false],
    [
      'of a Deployment, whatever a label says of its revision',
      { olderVersions: ['v1'] },
      owned('rs-old', { revision: 'v1' }),
      false,
    ],
  ])('%s', (_, more, pod, expected) => {
    expect(olderTemplateOf([workload(more)], pod) !== undefined).toBe(expected);
  });

  test('where nothing is known of older versions it is of none', () => {
    const { olderVersions: _, ...rest } = workload({});
    expect(olderTemplateOf([rest], owned('rs-old'))).toBeUndefined();
    expect(olderTemplateOf([], owned('rs-old'))).toBeUndefined();
  });

  test('of whichever controller it belongs to', () => {
    const others = [workload({ name: 'other', ownerUids: ['x'] }), workload({})];
    expect(olderTemplateOf(others, owned('rs-old'))?.why).toBe(
      'it runs an older pod template than Deployment f5-tmm has',
    );
  });
});

test.each<[string, Partial<Workload>, string | undefined]>([
  ['a DaemonSet makes the next pod from its newest template', { kind: 'DaemonSet', ...SET }, undefined],
  [
    'so does a StatefulSet that waits for somebody to delete the pod',
    { kind: 'StatefulSet', ...SET, updates: 'on delete' },
    undefined,
  ],
  [
    'a StatefulSet that rolls out itself may make it from the same one',
    { kind: 'StatefulSet', ...SET },
    'A restart may bring the same template again; StatefulSet f5-tmm has to roll it out: kubectl rollout status statefulset/f5-tmm -n spk-ingress',
  ],
  [
    'a paused Deployment makes it from the same one',
    { ...SET, ownerUids: ['set', 'rs-new'], olderVersions: ['set'], updates: 'paused' },
    'A restart brings the same template again, because Deployment f5-tmm is paused: kubectl rollout resume deployment/f5-tmm -n spk-ingress',
  ],
])('what to do instead of a restart: %s', (_, more, instead) => {
  const older = olderTemplateOf([workload(more)], owned('set', { revision: 'v1' }));
  expect(older).toBeDefined();
  expect(older?.instead).toBe(instead);
});

const pod = (revision?: string, generation?: string): PodTemplate => ({
  ...(revision !== undefined && { revision }),
  ...(generation !== undefined && { generation }),
});

test.each<[string, Parameters<typeof olderRevisions>, readonly string[]]>([
  [
    'none when all pods are updated',
    [{ templateGeneration: '2', current: 2, updated: 2 }, [pod('a', '1'), pod('b', '2')]],
    [],
  ],
  [
    'all but that of the newest generation',
    [
      { templateGeneration: '3', current: 3, updated: 1 },
      [pod('a', '1'), pod('b', '2'), pod('c', '3'), pod('a', '1')],
    ],
    ['a', 'b'],
  ],
  [
    'all when no pod is updated',
    [{ templateGeneration: '3', current: 2, updated: 0 }, [pod('a', '1'), pod('b', '2')]],
    ['a', 'b'],
  ],
  [
    'all but the only one with as many pods as are updated, where a change was taken back',
    [{ templateGeneration: '3', current: 3, updated: 1 }, [pod('a', '1'), pod('b', '2'), pod('a', '1')]],
    ['a'],
  ],
  [
    'none where two have as many pods as are updated',
    [{ templateGeneration: '3', current: 2, updated: 1 }, [pod('a', '1'), pod('b', '2')]],
    [],
  ],
  [
    'none where no revision has as many pods as are updated',
    [
      { templateGeneration: '3', current: 4, updated: 3 },
      [pod('a', '1'), pod('a', '1'), pod('b', '2'), pod('b', '2')],
    ],
    [],
  ],
  [
    'none of pods without labels, even where the generation is not known either',
    [{ templateGeneration: undefined, current: 2, updated: 1 }, [pod(), pod(undefined, '1')]],
    [],
  ],
  [
    'by the number of pods where the generation is not known',
    [{ templateGeneration: undefined, current: 3, updated: 2 }, [pod('a'), pod('b'), pod('b')]],
    ['a'],
  ],
  [
    'by a pod that has both labels alone',
    [
      { templateGeneration: '2', current: 4, updated: 2 },
      [pod(undefined, '2'), pod('a', '1'), pod('b', '2'), pod('c', '1')],
    ],
    ['a', 'c'],
  ],
])('the older revisions of a DaemonSet are %s', (_, given, expected) => {
  expect(olderRevisions(...given)).toEqual(expected);
});
