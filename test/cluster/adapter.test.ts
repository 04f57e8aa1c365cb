import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CoreV1Api } from '@kubernetes/client-node';
import { type OpenCluster, openCluster } from '../../src/adapters/kubernetes/open-cluster.ts';
import { reuseConnections } from '../../src/adapters/kubernetes/reuse-connections.ts';
import type { Snapshot, TmmPod } from '../../src/domain/bgp/snapshot.ts';
import type { Difference } from '../../src/domain/change/plan.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
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
const WORKER4 = 'worker4.rack.example.com';

describe(`the bot's hands on ${clusterKind}`, () => {
  let world: ClusterUnderTest;
  let cluster: OpenCluster;
  let core: CoreV1Api;

  beforeAll(async () => {
    world = await startClusterUnderTest();
    core = coreOf(world.adminKubeconfig);
    cluster = openCluster(
      sandboxTarget(),
      reuseConnections(kubeConfigFrom(world.botKubeconfig)),
      () => undefined,
    );
    await eventually(async () => expect((await ready()).length).toBe(3), 60_000);
  }, 120_000);

  afterAll(async () => {
    cluster?.close();
    await world?.stop();
  }, 60_000);

  const look = async (): Promise<Snapshot> => {
    const snapshot = await cluster.snapshot();
    if (isRefusal(snapshot)) throw new Error(snapshot.sentence);
    return snapshot;
  };
  const ready = async (): Promise<readonly TmmPod[]> =>
    (await look()).pods.filter((pod) => pod.ready && !pod.terminating);
  // Where the scheduler puts pods is its own affair; tests take whichever stands.
  const anyPod = async (): Promise<TmmPod> => {
    const [pod] = await ready();
    if (pod === undefined) throw new Error('no TMM pod is Ready');
    return pod;
  };
  const data = async (name: string): Promise<Record<string, string>> =>
    (await core.readNamespacedConfigMap({ name, namespace: NAMESPACE })).data ?? {};
  const difference = (parts: Partial<Difference>): Difference => ({
    lookup: 'spk-tor-bgp',
    asn: 3535,
    node: WORKER1,
    before: '10.20.1.1',
    after: '10.20.1.9',
    createsLookup: false,
    ...parts,
  });

  test('a snapshot names the mappings, the nodes and the TMM pods', async () => {
    const { lookups, nodes, pods } = await look();
    expect(lookups.get('spk-tor-bgp')?.data[WORKER1]).toBe('10.20.1.1');
    expect([...lookups.keys()].sort()).toEqual(['spk-tor-bgp', 'spk-tor-bgp-v6']);
    expect(nodes.map(({ name, ready: is }) => [name.split('.')[0], is])).toContainEqual(['worker4', true]);
    expect(new Set(pods.map(({ node }) => node)).size).toBe(3);
    expect(pods.every(({ node }) => node?.startsWith('worker'))).toBe(true);
    expect(pods.every(({ routing, owner }) => routing && owner?.kind === 'ReplicaSet')).toBe(true);
  });

  test('the watches show the same, and move with what happens', async () => {
    await eventually(() => expect(cluster.cachedSnapshot()?.pods.length).toBe(3));
    await core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp-v6',
      namespace: NAMESPACE,
      body: [{ op: 'add', path: '/data/moved', value: '2001:db8::1' }],
    });
    await eventually(() =>
      expect(cluster.cachedSnapshot()?.lookups.get('spk-tor-bgp-v6')?.data.moved).toBe('2001:db8::1'),
    );
    expect(Math.max(...Object.values(cluster.watchAges()))).toBeLessThan(60_000);
  });

  test('a snapshot of one node has that node and its pods as they are now', async () => {
    await eventually(() => expect(cluster.cachedSnapshot()?.pods.length).toBe(3));
    const { node: on = '' } = await anyPod();
    const [all, one] = [await look(), await cluster.snapshot({ node: on })];
    if (isRefusal(one)) throw new Error(one.sentence);
    expect(one.podsOn(on)).toEqual(all.podsOn(on));
    expect(one.node(on)).toEqual(all.node(on));
    expect(one.lookups.get('spk-tor-bgp')?.data).toEqual(all.lookups.get('spk-tor-bgp')?.data);
    const none = await cluster.snapshot({ node: 'nobody.example.com' });
    if (isRefusal(none)) throw new Error(none.sentence);
    expect(none.node('nobody.example.com')).toBeUndefined();
  });

  test('what TMM pods peer by is read without the nodes', async () => {
    const [all, state] = [await look(), await cluster.tmmState()];
    if (isRefusal(state)) throw new Error(state.sentence);
    expect(Object.keys(state).sort()).toEqual(['lookups', 'pods']);
    expect(state.lookups).toEqual(all.lookups);
    expect(state.pods.map(({ uid }) => uid).sort()).toEqual(all.pods.map(({ uid }) => uid).sort());
  });

  test('a write changes one key and leaves every other byte as it is', async () => {
    const before = await data('spk-tor-bgp');
    expect(await cluster.write(difference({}), ANCHOR)).toEqual({ kind: 'written' });
    expect(await data('spk-tor-bgp')).toEqual({ ...before, [WORKER1]: '10.20.1.9' });
    expect(await cluster.write(difference({}), ANCHOR)).toEqual({ kind: 'already' });
    expect(await cluster.write(difference({ before: '10.20.1.9', after: '10.20.1.1' }), ANCHOR)).toEqual({
      kind: 'written',
    });
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

  test('a write against another value than the one that was seen changes nothing', async () => {
    const outcome = await cluster.write(difference({ before: '10.99.99.99' }), ANCHOR);
    expect(outcome).toEqual({ kind: 'differs', actual: '10.20.1.1' });
    expect((await data('spk-tor-bgp'))[WORKER1]).toBe('10.20.1.1');
  });

  test('of two writers who add the same key, one value stands and the other is told', async () => {
    const add = (after: string) => cluster.write(difference({ node: WORKER4, before: null, after }), ANCHOR);
    const outcomes = await Promise.all([add('10.20.4.1'), add('10.20.4.2')]);
    const written = outcomes.filter(({ kind }) => kind === 'written');
    expect(written.length).toBe(1);
    expect(outcomes.filter(({ kind }) => kind === 'differs').length).toBe(1);
    const now = (await data('spk-tor-bgp'))[WORKER4] ?? null;
    expect(await cluster.write(difference({ node: WORKER4, before: now, after: null }), ANCHOR)).toEqual({
      kind: 'written',
    });
    expect((await data('spk-tor-bgp'))[WORKER4]).toBeUndefined();
  });

  test('a lookup that is not there is created with its first key, once', async () => {
    await core.deleteNamespacedConfigMap({ name: 'spk-tor-bgp-v6', namespace: NAMESPACE });
    const create = difference({
      lookup: 'spk-tor-bgp-v6',
      before: null,
      after: '2001:db8:20:1::1',
      createsLookup: true,
    });
    expect(await cluster.write(create, ANCHOR)).toEqual({ kind: 'written' });
    expect(await cluster.write(create, ANCHOR)).toEqual({ kind: 'already' });
    expect(await data('spk-tor-bgp-v6')).toEqual({ [WORKER1]: '2001:db8:20:1::1' });
    const { metadata } = await core.readNamespacedConfigMap({ name: 'spk-tor-bgp-v6', namespace: NAMESPACE });
    expect(metadata?.annotations).toEqual({ [ANNOTATION]: NOTED });
  });

  test('an immutable ConfigMap is refused by name, not hammered', async () => {
    const name = 'spk-tor-bgp-v6';
    await core.patchNamespacedConfigMap({
      name,
      namespace: NAMESPACE,
      body: [{ op: 'add', path: '/immutable', value: true }],
    });
    const outcome = await cluster.write(
      difference({ lookup: name, before: '2001:db8:20:1::1', after: '2001:db8:20:1::9' }),
      ANCHOR,
    );
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { reasonCode: 'lookup_immutable' } });
    await core.deleteNamespacedConfigMap({ name, namespace: NAMESPACE });
    await core.createNamespacedConfigMap({
      namespace: NAMESPACE,
      body: { metadata: { name }, data: { [WORKER1]: '2001:db8:20:1::1' } },
    });
  });

  test('running-config and summary are read through exec, and no password is in them', async () => {
    const pod = await anyPod();
    const config = await cluster.imish(pod, 'show running-config');
    expect(config).toMatchObject({ ok: true, text: expect.stringContaining('router bgp 64443') });
    const summary = await cluster.imish(pod, 'show bgp summary');
    expect(summary).toMatchObject({ ok: true, text: expect.stringContaining('local AS number 64443') });
  });

  test('a pod that is gone, or replaced under its name, is not asked', async () => {
    const pod = await anyPod();
    expect(await cluster.imish({ ...pod, uid: 'another' }, 'show bgp summary')).toMatchObject({ ok: false });
    const gone = await cluster.imish({ ...pod, name: 'f5-tmm-none', uid: 'none' }, 'show bgp summary');
    expect(gone).toEqual({ ok: false, why: 'f5-tmm-none is gone' });
    const odd = await cluster.imish({ ...pod, name: '../../evil?x=', uid: 'none' }, 'show bgp summary');
    expect(odd.ok).toBe(false);
  });

  test('the wrong uid evicts nobody', async () => {
    const pod = await anyPod();
    expect(await cluster.evict({ ...pod, uid: '00000000-0000-0000-0000-000000000000' })).toEqual({
      kind: 'gone',
    });
    expect((await ready()).map(({ uid }) => uid)).toContain(pod.uid);
  });

  test('a PodDisruptionBudget blocks, and says which', async () => {
    const lift = await keepAvailable(world.adminKubeconfig, 'tmm-stays', 3);
    const pod = await anyPod();
    await eventually(async () => {
      const outcome = await cluster.evict(pod);
      expect(outcome).toMatchObject({ kind: 'blocked', why: expect.stringContaining('tmm-stays') });
    });
    expect((await ready()).map(({ uid }) => uid)).toContain(pod.uid);
    await lift();
  }, 60_000);

  test('an evicted pod is replaced, and another eviction of it finds it gone', async () => {
    const pod = await anyPod();
    await eventually(async () => expect(await cluster.evict(pod)).toEqual({ kind: 'accepted' }));
    await eventually(async () => {
      const pods = await ready();
      expect(pods.length).toBe(3);
      expect(pods.map(({ uid }) => uid)).not.toContain(pod.uid);
    }, 60_000);
    expect(await cluster.evict(pod)).toEqual({ kind: 'gone' });
  }, 90_000);

  test('deletion at once takes exactly the pod that was meant', async () => {
    const [pod, other] = await ready();
    if (pod === undefined || other === undefined) throw new Error('no TMM pods');
    expect(await cluster.remove({ ...pod, uid: 'another' })).toEqual({ kind: 'gone' });
    expect(await cluster.remove(pod)).toEqual({ kind: 'accepted' });
    await eventually(async () => {
      const uids = (await ready()).map(({ uid }) => uid);
      expect(uids).toContain(other.uid);
      expect(uids).not.toContain(pod.uid);
      expect(uids.length).toBe(3);
    }, 60_000);
  }, 90_000);
});
