import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { AppsV1Api, type CoreV1Api, type V1ConfigMap } from '@kubernetes/client-node';
import { reuseConnections } from '../../src/adapters/kubernetes/kube-config.ts';
import { type OpenCluster, openCluster } from '../../src/adapters/kubernetes/open-cluster.ts';
import { isActive, type Snapshot, type TmmPod, type Workload } from '../../src/domain/bgp/snapshot.ts';
import type { Difference } from '../../src/domain/change/plan.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { type ClusterPortUnderTest, clusterContract } from '../contracts/cluster.contract.ts';
import { realTime } from '../contracts/time.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { keepAvailable } from './budget.ts';
import {
  type ClusterUnderTest,
  clusterKind,
  coreOf,
  kubeConfigFrom,
  NAMESPACE,
  startClusterUnderTest,
} from './cluster-under-test.ts';
import { sandboxTarget } from './target.ts';

const ANCHOR = { seq: 12, hash: 'a'.repeat(64) };
const ANNOTATION = 'tor-bgp-bot/audit-anchor';
const NOTED = `12:${ANCHOR.hash}`;
const WORKER1 = 'worker1.rack.example.com';

jest.setTimeout(120_000);

describe(`the bot's hands on ${clusterKind}`, () => {
  let world: ClusterUnderTest;
  let cluster: OpenCluster;
  let core: CoreV1Api;
  let underTest: ClusterPortUnderTest;

  beforeAll(async () => {
    world = await startClusterUnderTest();
    core = coreOf(world.adminKubeconfig);
    cluster = openCluster(
      sandboxTarget(),
      reuseConnections(kubeConfigFrom(world.botKubeconfig)),
      () => undefined,
    );
    underTest = portUnderTest(world, cluster, core);
  });

  afterAll(async () => {
    cluster?.close();
    await world?.stop();
  });

  clusterContract(test, () => underTest);

  test('the watches say when they last heard of each kind', async () => {
    expect(Math.max(...Object.values(cluster.watchAges()))).toBeLessThan(60_000);
  });

  test('a write notes the anchor of the audit trail, and leaves every other word of the metadata as it is', async () => {
    const name = 'spk-tor-bgp';
    const read = async () => {
      const { metadata, ...rest } = await core.readNamespacedConfigMap({ name, namespace: NAMESPACE });
      const { annotations, labels, uid, creationTimestamp, ownerReferences, finalizers } = metadata ?? {};
      return { annotations, kept: { labels, uid, creationTimestamp, ownerReferences, finalizers }, ...rest };
    };
    const patch = (body: object[]) => core.patchNamespacedConfigMap({ name, namespace: NAMESPACE, body });
    const there = (await read()).annotations;
    if (there !== undefined) await patch([{ op: 'remove', path: '/metadata/annotations' }]);
    await patch([{ op: 'add', path: '/metadata/labels', value: { team: 'rack' } }]);

    const bare = await read();
    expect(bare.annotations).toBeUndefined();
    expect(await cluster.write(difference({}), ANCHOR)).toEqual({ kind: 'written' });
    expect(await read()).toEqual({
      ...bare,
      annotations: { [ANNOTATION]: NOTED },
      data: { ...bare.data, [WORKER1]: '10.20.1.9' },
    });

    const theirs = { 'example.com/owner': 'rack ~ team', 'meta.helm.sh/release-name': 'spk' };
    await patch([{ op: 'add', path: '/metadata/annotations', value: { ...theirs, [ANNOTATION]: NOTED } }]);
    const later = { seq: 34, hash: 'b'.repeat(64) };
    const back = difference({ before: '10.20.1.9', after: '10.20.1.1' });
    expect(await cluster.write(back, later)).toEqual({ kind: 'written' });
    expect(await read()).toEqual({ ...bare, annotations: { ...theirs, [ANNOTATION]: `34:${later.hash}` } });
    await patch([{ op: 'remove', path: '/metadata/annotations' }]);
  });

  test('a replacement goes where its tolerations let it, and the snapshot says what keeps it away', async () => {
    const look = async (): Promise<Snapshot> => {
      const snapshot = await cluster.snapshot();
      if (isRefusal(snapshot)) throw new Error(snapshot.sentence);
      return snapshot;
    };
    const active = async (): Promise<readonly TmmPod[]> => (await look()).pods.filter(isActive);
    await underTest.time.until(async () => expect((await active()).every(({ ready }) => ready)).toBe(true));
    const before = await active();
    const known = before.map(({ uid }) => uid);
    const [pod] = before;
    if (pod?.node === undefined) throw new Error('no TMM pod is on a node');
    const toleration = { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' };
    expect(pod.placement?.tolerations).toContainEqual(toleration);
    expect((await look()).node(pod.node)?.labels).toMatchObject({ 'kubernetes.io/hostname': pod.node });

    const taint = { key: 'repair', value: 'psu', effect: 'NoSchedule' };
    const setTaints = (op: object) => core.patchNode({ name: pod.node ?? '', body: [op] });
    await setTaints({ op: 'add', path: '/spec/taints', value: [taint] });
    expect((await look()).node(pod.node)?.taints).toEqual([taint]);
    await underTest.time.until(() =>
      expect(cluster.cachedSnapshot()?.node(pod.node ?? '')?.taints).toEqual([taint]),
    );
    // A real scheduler hears of a taint a moment later.
    await sleep(1_000);
    await underTest.time.until(async () => expect((await cluster.evict(pod)).kind).toBe('accepted'));
    await underTest.time.until(async () => {
      const now = await active();
      expect(now.length).toBe(3);
      expect(now.map(({ uid }) => uid)).not.toContain(pod.uid);
      expect(now.every(({ ready }) => ready)).toBe(true);
    });
    const come = (await active()).filter(({ uid }) => !known.includes(uid));
    expect(come.map(({ node }) => node)).not.toContain(pod.node);
    await setTaints({ op: 'remove', path: '/spec/taints' });
  });

  test('a Deployment that is told to scale has not settled until its controller has seen it and its pods are available', async () => {
    const apps = kubeConfigFrom(world.adminKubeconfig).makeApiClient(AppsV1Api);
    const scale = async (replicas: number) => {
      const body = [{ op: 'replace', path: '/spec/replicas', value: replicas }];
      await apps.patchNamespacedDeployment({ name: 'f5-tmm', namespace: NAMESPACE, body });
    };
    const workload = async (): Promise<Workload | undefined> => {
      const state = await cluster.tmmState();
      if (isRefusal(state)) throw new Error(state.sentence);
      return state.workloads?.[0];
    };
    const before = await workload();
    await scale(2);
    await underTest.time.until(async () => {
      const now = await workload();
      expect(now).toMatchObject({ kind: 'Deployment', desired: 2, current: 2, updated: 2, available: 2 });
      expect(now?.generation).toBe((before?.generation ?? 0) + 1);
      expect(now?.observedGeneration).toBe(now?.generation);
    });
    await scale(3);
    expect(await workload()).toMatchObject({ uid: before?.uid, desired: 3 });
    await underTest.time.until(async () => expect(await workload()).toMatchObject({ available: 3 }));
  });
});

function portUnderTest(world: ClusterUnderTest, cluster: OpenCluster, core: CoreV1Api): ClusterPortUnderTest {
  const read = async (name: string): Promise<V1ConfigMap | undefined> => {
    const { items } = await core.listNamespacedConfigMap({
      namespace: NAMESPACE,
      fieldSelector: `metadata.name=${name}`,
    });
    return items[0];
  };
  const patch = async (name: string, op: object): Promise<void> => {
    await core.patchNamespacedConfigMap({ name, namespace: NAMESPACE, body: [op] });
  };
  return {
    time: { ...realTime, until: (expectation) => eventually(expectation, 60_000) },
    cluster,
    async data(name) {
      const found = await read(name);
      return found === undefined ? undefined : (found.data ?? {});
    },
    anchorOn: async (name) => (await read(name))?.metadata?.annotations?.[ANNOTATION],
    edit: (name, key, value) => patch(name, { op: 'add', path: `/data/${key}`, value }),
    freezeLookup: (name) => patch(name, { op: 'add', path: '/immutable', value: true }),
    deleteLookup: async (name) => void (await core.deleteNamespacedConfigMap({ name, namespace: NAMESPACE })),
    async createLookup(name, data) {
      await core.createNamespacedConfigMap({ namespace: NAMESPACE, body: { metadata: { name }, data } });
    },
    keepAvailable: (name, minAvailable) => keepAvailable(world.adminKubeconfig, name, minAvailable),
    setRouter: (address, up) => world.routers.set(address, up),
  };
}

function difference(parts: Partial<Difference>): Difference {
  return {
    lookup: 'spk-tor-bgp',
    asn: 3535,
    node: WORKER1,
    before: '10.20.1.1',
    after: '10.20.1.9',
    createsLookup: false,
    ...parts,
  };
}
