import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type OpenCluster, openCluster } from '../../../src/adapters/kubernetes/open-cluster.ts';
import type { Workload } from '../../../src/domain/bgp/snapshot.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { kubeConfigFrom } from '../../cluster/cluster-under-test.ts';
import { sandboxTarget } from '../../cluster/target.ts';
import { eventually } from '../../sandbox/zebos/eventually.ts';
import { type PlainApi, startPlainApi } from './plain-api.ts';

const APPS = '/apis/apps/v1/namespaces/spk-ingress';

describe('the controllers of TMM pods', () => {
  let api: PlainApi;
  let cluster: OpenCluster;
  beforeAll(async () => {
    api = await startPlainApi();
    cluster = openCluster(sandboxTarget(), kubeConfigFrom(api.kubeconfig), () => undefined);
  });
  beforeEach(() => api.reset());
  afterAll(async () => {
    cluster?.close();
    await api?.stop();
  });

  const workloads = async (): Promise<readonly Workload[] | undefined> => {
    const state = await cluster.tmmState();
    if (isRefusal(state)) throw new Error(state.sentence);
    return state.workloads;
  };
  const replicaSet = (uid: string, deployment?: string): object => ({
    metadata: {
      uid,
      generation: 2,
      ...(deployment === undefined ? {} : { ownerReferences: [owner('Deployment', 'f5-tmm', deployment)] }),
    },
    spec: { replicas: 2 },
    status: { observedGeneration: 2, replicas: 2, availableReplicas: 1 },
  });

  test('a Deployment stands for all its ReplicaSets, those of an earlier look too', async () => {
    api.pods = [pod('a', owner('ReplicaSet', 'f5-tmm-1', 'rs1'))];
    api.objects.set(`${APPS}/replicasets/f5-tmm-1`, replicaSet('rs1', 'd1'));
    api.objects.set(`${APPS}/replicasets/f5-tmm-2`, replicaSet('rs2', 'd1'));
    api.objects.set(`${APPS}/deployments/f5-tmm`, {
      metadata: { uid: 'd1', generation: 7 },
      spec: { replicas: 3 },
      status: { observedGeneration: 6, replicas: 4, updatedReplicas: 1, availableReplicas: 3 },
    });
    const deployment = {
      kind: 'Deployment',
      name: 'f5-tmm',
      uid: 'd1',
      generation: 7,
      observedGeneration: 6,
      desired: 3,
      current: 4,
      updated: 1,
      available: 3,
    };
    expect(await workloads()).toEqual([{ ...deployment, ownerUids: ['rs1'] }]);
    api.pods = [pod('b', owner('ReplicaSet', 'f5-tmm-2', 'rs2'))];
    expect(await workloads()).toEqual([{ ...deployment, ownerUids: ['rs1', 'rs2'] }]);
    // The way from a ReplicaSet to its Deployment is asked once, the Deployment each time.
    await workloads();
    const asked = api.asked.filter((path) => path.startsWith(APPS));
    expect(asked.filter((path) => path.includes('/replicasets/'))).toHaveLength(2);
    expect(asked.filter((path) => path.includes('/deployments/'))).toHaveLength(3);
  });

  test('lesson 72: a Deployment that was deleted without its ReplicaSets, and created again, is looked at', async () => {
    const deployment = (uid: string): object => ({
      metadata: { uid, generation: 1 },
      spec: { replicas: 2 },
      status: { observedGeneration: 1, replicas: 2, updatedReplicas: 1, availableReplicas: 2 },
    });
    api.pods = [pod('a', owner('ReplicaSet', 'f5-tmm-3', 'rs3'))];
    api.objects.set(`${APPS}/replicasets/f5-tmm-3`, replicaSet('rs3', 'd-before'));
    api.objects.set(`${APPS}/deployments/f5-tmm`, deployment('d-before'));
    expect(await workloads()).toMatchObject([{ uid: 'd-before' }]);
    api.objects.set(`${APPS}/deployments/f5-tmm`, deployment('d-now'));
    expect(await workloads()).toEqual([]);
    api.objects.set(`${APPS}/replicasets/f5-tmm-3`, replicaSet('rs3', 'd-now'));
    expect(await workloads()).toMatchObject([{ uid: 'd-now', ownerUids: ['rs3'], updated: 1 }]);
  });

  test('a ReplicaSet, a DaemonSet and a StatefulSet by themselves stand for themselves', async () => {
    api.pods = [
      pod('a', owner('ReplicaSet', 'alone', 'rs9')),
      pod('b', owner('DaemonSet', 'daemon', 'ds')),
      pod('c', owner('StatefulSet', 'stateful', 'sts')),
    ];
    api.objects.set(`${APPS}/replicasets/alone`, replicaSet('rs9'));
    api.objects.set(`${APPS}/daemonsets/daemon`, {
      metadata: { uid: 'ds', generation: 1 },
      spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } } },
      status: {
        observedGeneration: 1,
        desiredNumberScheduled: 5,
        currentNumberScheduled: 4,
        updatedNumberScheduled: 3,
        numberAvailable: 2,
      },
    });
    api.objects.set(`${APPS}/statefulsets/stateful`, {
      metadata: { uid: 'sts', generation: 1 },
      spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
      status: { observedGeneration: 1, replicas: 3, updatedReplicas: 1, availableReplicas: 3 },
    });
    expect(await workloads()).toMatchObject([
      { kind: 'ReplicaSet', ownerUids: ['rs9'], desired: 2, current: 2, updated: 2, available: 1 },
      { kind: 'DaemonSet', ownerUids: ['ds'], desired: 5, current: 4, updated: 3, available: 2 },
      // Two pods stay at the older version until somebody lowers the partition: nothing is being rolled out.
      { kind: 'StatefulSet', ownerUids: ['sts'], desired: 3, current: 3, updated: 3, available: 3 },
    ]);
  });

  test('a StatefulSet whose API server does not count available pods, before 1.22, has those that are Ready', async () => {
    api.pods = [pod('a', owner('StatefulSet', 'stateful', 'sts'))];
    const status = { observedGeneration: 1, replicas: 3, updatedReplicas: 3, readyReplicas: 2 };
    const stateful = { metadata: { uid: 'sts', generation: 1 }, spec: { replicas: 3 }, status };
    api.objects.set(`${APPS}/statefulsets/stateful`, stateful);
    expect(await workloads()).toMatchObject([{ current: 3, updated: 3, available: 2 }]);
    api.objects.set(`${APPS}/statefulsets/stateful`, {
      ...stateful,
      status: { ...status, availableReplicas: 0 },
    });
    expect(await workloads()).toMatchObject([{ available: 0 }]);
  });

  test('a DaemonSet that replaces pods only when they are deleted is not rolling out anything', async () => {
    api.pods = [pod('a', owner('DaemonSet', 'daemon', 'ds'))];
    api.objects.set(`${APPS}/daemonsets/daemon`, {
      metadata: { uid: 'ds', generation: 2 },
      spec: { updateStrategy: { type: 'OnDelete' } },
      status: {
        observedGeneration: 2,
        desiredNumberScheduled: 2,
        currentNumberScheduled: 2,
        numberAvailable: 2,
      },
    });
    expect(await workloads()).toMatchObject([{ desired: 2, current: 2, updated: 2, available: 2 }]);
  });

  describe('versions of the pod template', () => {
    const template = (image: string, more: object = {}): object => ({
      metadata: { creationTimestamp: null, labels: { app: 'f5-tmm', ...more } },
      spec: { containers: [{ name: 'f5-tmm', image, resources: {} }] },
    });
    const ofDeployment = (uid: string, image: string): object => ({
      metadata: { uid, ownerReferences: [owner('Deployment', 'f5-tmm', 'd1')] },
      spec: { replicas: 1, template: template(image, { 'pod-template-hash': uid }) },
    });
    const deployment = (image: string, status: object, paused?: true): object => ({
      metadata: { uid: 'd1', generation: 7 },
      spec: { replicas: 2, template: template(image), ...(paused && { paused }) },
      status: { observedGeneration: 7, replicas: 2, availableReplicas: 2, ...status },
    });
    const labelled = (name: string, revision: string, generation: string, node = 'worker1') => {
      const made = pod(name, owner('DaemonSet', 'daemon', 'ds'), node);
      const labels = { 'controller-revision-hash': revision, 'pod-template-generation': generation };
      return { ...made, metadata: { ...made.metadata, labels } };
    };
    const daemonSet = (generation: string, updated: number, observed = 3): object => ({
      metadata: {
        uid: 'ds',
        generation: 3,
        annotations: { 'deprecated.daemonset.template.generation': generation },
      },
      spec: { updateStrategy: { type: 'OnDelete' } },
      status: {
        observedGeneration: observed,
        desiredNumberScheduled: 3,
        currentNumberScheduled: 3,
        updatedNumberScheduled: updated,
      },
    });

    test.each<[string, object, object]>([
      ['under way', deployment('tmm:2', { updatedReplicas: 1 }), { olderVersions: ['rs5'] }],
      [
        'of a paused one that has no ReplicaSet for its template',
        deployment('tmm:3', { updatedReplicas: 0 }, true),
        { olderVersions: ['rs5', 'rs6'], updates: 'paused' },
      ],
      ['that the Deployment counts as done', deployment('tmm:3', { updatedReplicas: 2 }), {}],
      [
        'that its controller has not seen yet',
        deployment('tmm:3', { updatedReplicas: 2, observedGeneration: 6 }),
        { olderVersions: ['rs5', 'rs6'] },
      ],
    ])('the ReplicaSets of another template are older in a rollout %s', async (_, object, expected) => {
      api.pods = [
        pod('a', owner('ReplicaSet', 'f5-tmm-1', 'rs5')),
        pod('b', owner('ReplicaSet', 'f5-tmm-2', 'rs6')),
      ];
      api.objects.set(`${APPS}/replicasets/f5-tmm-1`, ofDeployment('rs5', 'tmm:1'));
      api.objects.set(`${APPS}/replicasets/f5-tmm-2`, ofDeployment('rs6', 'tmm:2'));
      api.objects.set(`${APPS}/deployments/f5-tmm`, object);
      const [{ olderVersions, updates } = {}] = (await workloads()) ?? [];
      expect({ ...(olderVersions && { olderVersions }), ...(updates && { updates }) }).toEqual(expected);
    });

    test.each<[string, object, readonly string[] | undefined]>([
      ['a pod has the newest generation', daemonSet('3', 1), ['old']],
      ['none is updated', daemonSet('4', 0), ['old', 'new']],
      ['a change was taken back, and two are updated', daemonSet('4', 2), ['new']],
      ['all are updated', daemonSet('4', 3), undefined],
      ['its controller has not seen it yet', daemonSet('4', 0, 2), undefined],
    ])('the pods of a DaemonSet are told apart where %s', async (_, object, expected) => {
      api.pods = [labelled('a', 'old', '2'), labelled('b', 'old', '2'), labelled('c', 'new', '3')];
      api.objects.set(`${APPS}/daemonsets/daemon`, object);
      const [found] = (await workloads()) ?? [];
      expect(found?.olderVersions).toEqual(expected);
      expect(found?.updates).toBe('on delete');
    });

    test('a StatefulSet names its newest revision', async () => {
      const { metadata, ...rest } = labelled('a', 'f5-tmm-1', '0');
      const ownerReferences = [owner('StatefulSet', 'stateful', 'sts')];
      api.pods = [{ ...rest, metadata: { ...metadata, ownerReferences } }];
      api.objects.set(`${APPS}/statefulsets/stateful`, {
        metadata: { uid: 'sts', generation: 1 },
        spec: { replicas: 1, updateStrategy: { type: 'OnDelete' } },
        status: { observedGeneration: 1, replicas: 1, updateRevision: 'f5-tmm-2' },
      });
      expect(await workloads()).toMatchObject([{ olderVersions: ['f5-tmm-1'], updates: 'on delete' }]);
    });

    test('a question about one node costs one read of the controller, and knows the pods of the other nodes', async () => {
      api.pods = [labelled('a', 'old', '2'), labelled('b', 'old', '2', 'worker2'), labelled('c', 'new', '3')];
      api.objects.set(`${APPS}/daemonsets/daemon`, daemonSet('4', 2));
      const own = openCluster(sandboxTarget(), kubeConfigFrom(api.kubeconfig), () => undefined);
      try {
        await eventually(() => expect(own.cachedSnapshot()?.pods).toHaveLength(3));
        api.asked.length = 0;
        expect(await own.snapshot({ node: 'worker2' })).toMatchObject({
          workloads: [{ kind: 'DaemonSet', updates: 'on delete', olderVersions: ['new'] }],
        });
        expect(api.asked.map((path) => path.split('/').at(-1)).sort()).toEqual([
          'daemon',
          'kube-system',
          'nodes',
          'pods',
        ]);
      } finally {
        own.close();
      }
    });
  });

  test('those of other makers, those that are gone, and others of their names are left out', async () => {
    api.pods = [
      pod('a', { ...owner('StatefulSet', 'theirs', 'kruise'), apiVersion: 'apps.kruise.io/v1beta1' }),
      pod('b', owner('ReplicaSet', 'gone', 'rs-gone')),
      pod('c', owner('DaemonSet', 'daemon', 'ds-before')),
      pod('d'),
    ];
    api.objects.set(`${APPS}/daemonsets/daemon`, { metadata: { uid: 'ds-now' }, spec: {} });
    expect(await workloads()).toEqual([]);
    expect(api.asked.join()).not.toContain('theirs');
  });

  test('a right that is missing is named', async () => {
    api.pods = [pod('a', owner('DaemonSet', 'daemon', 'ds'))];
    api.refused.set(`${APPS}/daemonsets/daemon`, 403);
    expect(await cluster.tmmState()).toMatchObject({
      reasonCode: 'cluster_forbidden',
      sentence: 'The bot may not get daemonsets.apps in namespace spk-ingress.',
    });
  });
});

describe('which cluster it is', () => {
  let api: PlainApi;
  let cluster: OpenCluster;
  beforeAll(async () => {
    api = await startPlainApi();
    cluster = openCluster(sandboxTarget(), kubeConfigFrom(api.kubeconfig), () => undefined);
  });
  afterAll(async () => {
    cluster?.close();
    await api?.stop();
  });

  test('the watches notice that the API server is that of another cluster, and show nothing of the one before', async () => {
    api.pods = [pod('a')];
    await eventually(() => expect(cluster.cachedSnapshot()?.clusterUid).toBe('cluster-1'));
    expect(cluster.cachedSnapshot()?.pods.map(({ name }) => name)).toEqual(['a']);
    api.clusterUid = 'cluster-2';
    api.pods = [pod('b')];
    expect(await cluster.snapshot({ node: 'worker1' })).toMatchObject({ clusterUid: 'cluster-2' });
    api.endWatches();
    await eventually(() => expect(cluster.cachedSnapshot()?.clusterUid).toBe('cluster-2'));
    expect(cluster.cachedSnapshot()?.pods.map(({ name }) => name)).toEqual(['b']);
  });

  test.each([
    ['forbidden', 'The bot may not get namespaces kube-system.'],
    ['hidden', 'The API server has no namespace kube-system, whose uid identifies the cluster.'],
  ])('where it cannot be told (%s), nothing is shown, and the right is named', async (why, sentence) => {
    if (why === 'forbidden') api.refused.set('/api/v1/namespaces/kube-system', 403);
    else api.clusterUid = '';
    expect(await cluster.snapshot()).toMatchObject({
      reasonCode: 'cluster_forbidden',
      sentence,
      next: expect.stringContaining('verb get on namespaces kube-system'),
    });
    api.refused.clear();
  });
});

function owner(kind: string, name: string, uid: string) {
  return { apiVersion: 'apps/v1', kind, name, uid, controller: true };
}

function pod(name: string, controller?: object, node = 'worker1') {
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      namespace: 'spk-ingress',
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(controller === undefined ? {} : { ownerReferences: [controller] }),
    },
    spec: { nodeName: node, containers: [{ name: 'f5-tmm-routing' }] },
    status: { phase: 'Running' },
  };
}
