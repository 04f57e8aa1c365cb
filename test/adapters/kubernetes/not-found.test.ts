import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type OpenCluster, openCluster } from '../../../src/adapters/kubernetes/open-cluster.ts';
import { kubeConfigFrom } from '../../cluster/cluster-under-test.ts';
import { sandboxTarget } from '../../cluster/target.ts';
import { CORE, type PlainApi, POD, startPlainApi, WRITE } from './plain-api.ts';

const ANSWERED_404 = { reasonCode: 'cluster_unreachable', sentence: expect.stringContaining('answered 404') };

describe('lesson 44: a 404 that names no object, as a proxy gives it, says nothing about the object', () => {
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

  test('a pod that stands is not gone', async () => {
    api.objects.set(`${CORE}/pods/${POD.name}`, { metadata: { name: POD.name, uid: POD.uid } });
    api.refused.set(`${CORE}/pods/${POD.name}/eviction`, 404);
    expect(await cluster.evict(POD)).toMatchObject({ kind: 'refused', refusal: ANSWERED_404 });
    api.refused.set(`${CORE}/pods/${POD.name}`, 404);
    expect(await cluster.remove(POD)).toMatchObject({ kind: 'refused', refusal: ANSWERED_404 });
  }, 20_000);

  test('a pod that is not there is gone', async () => {
    api.refused.set(`${CORE}/pods/${POD.name}/eviction`, 404);
    expect(await cluster.evict(POD)).toEqual({ kind: 'gone' });
  });

  test('a ConfigMap is neither missing nor created', async () => {
    api.refused.set(`${CORE}/configmaps/spk-tor-bgp`, 404);
    expect(await cluster.tmmState()).toMatchObject(ANSWERED_404);
    expect(
      await cluster.write({ ...WRITE, before: null, createsLookup: true }, { seq: 1, hash: 'a'.repeat(64) }),
    ).toMatchObject({
      kind: 'refused',
      refusal: ANSWERED_404,
    });
    expect(api.asked).not.toContain(`${CORE}/configmaps`);
  }, 20_000);

  test('a controller is not one that Kubernetes has not', async () => {
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'f5-tmm', uid: 'ds', controller: true };
    api.pods = [
      {
        metadata: {
          name: POD.name,
          uid: POD.uid,
          namespace: POD.namespace,
          creationTimestamp: '2026-01-01T00:00:00Z',
          ownerReferences: [owner],
        },
        spec: { nodeName: 'worker1', containers: [] },
        status: { phase: 'Running' },
      },
    ];
    api.refused.set('/apis/apps/v1/namespaces/spk-ingress/daemonsets/f5-tmm', 404);
    expect(await cluster.tmmState()).toMatchObject(ANSWERED_404);
    api.refused.clear();
    expect(await cluster.tmmState()).toMatchObject({ workloads: [] });
  });
});
