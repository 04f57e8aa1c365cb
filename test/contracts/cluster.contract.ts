import { expect } from '@jest/globals';
import type { Snapshot, TmmPod } from '../../src/domain/bgp/snapshot.ts';
import type { Difference } from '../../src/domain/change/plan.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { readNeighbors } from '../../src/domain/zebos/read-neighbors.ts';
import { readRunningConfig } from '../../src/domain/zebos/read-running-config.ts';
import { readSummary } from '../../src/domain/zebos/read-summary.ts';
import type { Cluster, ImishCommand } from '../../src/ports/cluster.ts';
import type { TimeUnderTest } from './time.ts';
import type { Contract } from './under-test.ts';

/** Three TMM pods of a ReplicaSet on worker1 to worker3, mapped as in the sandbox; worker4 stands in no lookup. */
export interface ClusterPortUnderTest {
  readonly time: TimeUnderTest;
  readonly cluster: Cluster;
  /** What a lookup holds; undefined where there is none. */
  data(lookup: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** The anchor that is noted on a lookup, as `SEQ:HASH`. */
  anchorOn(lookup: string): Promise<string | undefined>;
  /** Somebody else writes, makes immutable, or deletes. */
  edit(lookup: string, key: string, value: string): Promise<void>;
  freezeLookup(lookup: string): Promise<void>;
  deleteLookup(lookup: string): Promise<void>;
  createLookup(lookup: string, data: Readonly<Record<string, string>>): Promise<void>;
  /** A PodDisruptionBudget over the TMM pods; resolves to how to lift it. */
  keepAvailable(name: string, minAvailable: number): Promise<() => Promise<void>>;
  setRouter(address: string, up: boolean): void;
}

const ANCHOR = { seq: 12, hash: 'a'.repeat(64) };
const WORKER1 = 'worker1.rack.example.com';
const WORKER4 = 'worker4.rack.example.com';
const V4 = 'spk-tor-bgp';
const V6 = 'spk-tor-bgp-v6';

export const clusterContract: Contract<ClusterPortUnderTest> = (run, the) => {
  const look = async (): Promise<Snapshot> => {
    const snapshot = await the().cluster.snapshot();
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
  const page = async (pod: TmmPod, command: ImishCommand): Promise<string> => {
    const outcome = await the().cluster.imish(pod, command);
    if (!outcome.ok) throw new Error(outcome.why);
    return outcome.text;
  };

  run('a snapshot names the mappings, the nodes and the TMM pods', async () => {
    await the().time.until(async () => expect((await ready()).length).toBe(3));
    const { lookups, nodes, pods } = await look();
    expect(lookups.get(V4)?.data[WORKER1]).toBe('10.20.1.1');
    expect([...lookups.keys()].sort()).toEqual([V4, V6]);
    expect(nodes.map(({ name, ready: is }) => [name, is])).toContainEqual([WORKER1, true]);
    expect(new Set(pods.map(({ node }) => node)).size).toBe(3);
    expect(pods.every(({ node }) => node?.startsWith('worker'))).toBe(true);
    expect(pods.every(({ routing, owner }) => routing && owner?.kind === 'ReplicaSet')).toBe(true);
  });

  run(
    'a snapshot says which cluster it is of, and so do the watches and a snapshot of one node',
    async () => {
      const { cluster, time } = the();
      const { clusterUid } = await look();
      expect(clusterUid).toMatch(/.+/);
      await time.until(() => expect(cluster.cachedSnapshot()?.clusterUid).toBe(clusterUid));
      expect(await cluster.snapshot({ node: WORKER1 })).toMatchObject({ clusterUid });
    },
  );

  run('the controller of the TMM pods is there with its counts, and pods name it as theirs', async () => {
    await the().time.until(async () => {
      const { workloads, pods } = await look();
      expect(workloads).toMatchObject([{ name: 'f5-tmm', desired: 3, current: 3, updated: 3, available: 3 }]);
      const [workload] = workloads ?? [];
      expect(workload?.observedGeneration).toBe(workload?.generation);
      expect(workload?.ownerUids).toEqual([...new Set(pods.map(({ owner }) => owner?.uid))]);
    });
    const state = await the().cluster.tmmState();
    expect(state).toMatchObject({ workloads: (await look()).workloads });
  });

  run('the watches show the same, and move with what happens', async () => {
    const { cluster, time } = the();
    await time.until(() => expect(cluster.cachedSnapshot()?.pods.length).toBe(3));
    await the().edit(V6, 'moved', '2001:db8::1');
    await time.until(() => expect(cluster.cachedSnapshot()?.lookups.get(V6)?.data.moved).toBe('2001:db8::1'));
  });

  run('a snapshot of one node has that node and its pods as they are now', async () => {
    const { cluster } = the();
    const on = (await look()).pods[0]?.node ?? '';
    const [all, one] = [await look(), await cluster.snapshot({ node: on })];
    if (isRefusal(one)) throw new Error(one.sentence);
    expect(one.podsOn(on)).toEqual(all.podsOn(on));
    expect(one.node(on)).toEqual(all.node(on));
    expect(one.lookups.get(V4)?.data).toEqual(all.lookups.get(V4)?.data);
    const none = await cluster.snapshot({ node: 'nobody.example.com' });
    if (isRefusal(none)) throw new Error(none.sentence);
    expect(none.node('nobody.example.com')).toBeUndefined();
  });

  run('what TMM pods peer by is read with those nodes only that were asked for', async () => {
    const [all, state] = [await look(), await the().cluster.tmmState()];
    if (isRefusal(state)) throw new Error(state.sentence);
    expect(state.node).toBeUndefined();
    const [name = ''] = all.nodeNames();
    const more = await the().cluster.tmmState({ nodes: [name, 'nobody.example.com'] });
    if (isRefusal(more)) throw new Error(more.sentence);
    expect(more.node?.(name)).toEqual(all.node(name));
    expect(more.node?.('nobody.example.com')).toBeUndefined();
    expect(state.lookups).toEqual(all.lookups);
    expect(state.pods.map(({ uid }) => uid).sort()).toEqual(all.pods.map(({ uid }) => uid).sort());
  });

  run(
    'a write changes one key, leaves every other byte as it is, and notes the anchor of the trail',
    async () => {
      const { cluster } = the();
      const before = await the().data(V4);
      expect(await cluster.write(difference({}), ANCHOR)).toEqual({ kind: 'written' });
      expect(await the().data(V4)).toEqual({ ...before, [WORKER1]: '10.20.1.9' });
      expect(await the().anchorOn(V4)).toBe(`12:${ANCHOR.hash}`);
      expect((await look()).lookups.get(V4)?.anchor).toBe(`12:${ANCHOR.hash}`);
      const later = { seq: 34, hash: 'b'.repeat(64) };
      expect(await cluster.write(difference({}), later)).toEqual({ kind: 'already' });
      expect(await the().anchorOn(V4)).toBe(`12:${ANCHOR.hash}`);
      const back = difference({ before: '10.20.1.9', after: '10.20.1.1' });
      expect(await cluster.write(back, later)).toEqual({ kind: 'written' });
      expect(await the().data(V4)).toEqual(before);
      expect(await the().anchorOn(V4)).toBe(`34:${later.hash}`);
    },
  );

  run('a write against another value than the one that was seen changes nothing', async () => {
    const outcome = await the().cluster.write(difference({ before: '10.99.99.99' }), ANCHOR);
    expect(outcome).toEqual({ kind: 'differs', actual: '10.20.1.1' });
    expect(await the().cluster.write(difference({ before: null }), ANCHOR)).toEqual(outcome);
    expect((await the().data(V4))?.[WORKER1]).toBe('10.20.1.1');
  });

  run('of two writers who add the same key, one value stands and the other is told', async () => {
    const { cluster } = the();
    const add = (after: string) => cluster.write(difference({ node: WORKER4, before: null, after }), ANCHOR);
    const outcomes = await Promise.all([add('10.20.4.1'), add('10.20.4.2')]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['differs', 'written']);
    const now = (await the().data(V4))?.[WORKER4] ?? null;
    expect(await cluster.write(difference({ node: WORKER4, before: now, after: null }), ANCHOR)).toEqual({
      kind: 'written',
    });
    expect((await the().data(V4))?.[WORKER4]).toBeUndefined();
  });

  run('a lookup that is not there is created with its first key, once, where the plan says so', async () => {
    const { cluster } = the();
    await the().deleteLookup(V6);
    const create = { lookup: V6, before: null, after: '2001:db8:20:1::1' };
    expect(await cluster.write(difference(create), ANCHOR)).toMatchObject({
      kind: 'refused',
      refusal: { reasonCode: 'lookup_missing' },
    });
    const creates = difference({ ...create, createsLookup: true });
    expect(await cluster.write(creates, ANCHOR)).toEqual({ kind: 'written' });
    expect(await cluster.write(creates, ANCHOR)).toEqual({ kind: 'already' });
    expect(await the().data(V6)).toEqual({ [WORKER1]: '2001:db8:20:1::1' });
    expect(await the().anchorOn(V6)).toBe(`12:${ANCHOR.hash}`);
  });

  run('an immutable ConfigMap is refused by name, not hammered', async () => {
    await the().freezeLookup(V6);
    const outcome = await the().cluster.write(
      difference({ lookup: V6, before: '2001:db8:20:1::1', after: '2001:db8:20:1::9' }),
      ANCHOR,
    );
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { reasonCode: 'lookup_immutable' } });
    await the().deleteLookup(V6);
    await the().createLookup(V6, { [WORKER1]: '2001:db8:20:1::1' });
  });

  run('a ConfigMap that was deleted and created again since it was approved is left alone', async () => {
    const { cluster } = the();
    const lookupUid = (await look()).lookups.get(V6)?.uid ?? '';
    const there = { lookup: V6, before: '2001:db8:20:1::1', after: '2001:db8:20:1::9' };
    const write = { ...difference(there), lookupUid };
    expect(await cluster.write(write, ANCHOR)).toEqual({ kind: 'written' });
    await the().deleteLookup(V6);
    await the().createLookup(V6, { [WORKER1]: '2001:db8:20:1::1' });
    expect(await cluster.write(write, ANCHOR)).toMatchObject({
      kind: 'refused',
      refusal: { reasonCode: 'mapping_moved' },
    });
    expect(await the().data(V6)).toEqual({ [WORKER1]: '2001:db8:20:1::1' });
  });

  run('a pod says which peers it read when it started, and how their sessions are', async () => {
    const { time, setRouter } = the();
    const pod = (await ready()).find(({ node }) => node === 'worker2.rack.example.com') ?? (await anyPod());
    expect(await page(pod, 'show running-config')).toContain('router bgp 64443');
    const config = readRunningConfig(await page(pod, 'show running-config'));
    if (!config.readable) throw new Error(config.why);
    expect(config.complete).toBe(true);
    const [peer] = [...config.members.keys()];
    if (peer === undefined) throw new Error(`${pod.name} has no peer`);
    const state = async (): Promise<string | undefined> => {
      const summary = readSummary(await page(pod, 'show bgp summary'));
      if (!summary.readable || !summary.complete) throw new Error('the summary cannot be read');
      return summary.sessions.get(peer)?.state;
    };
    await time.until(async () => expect(await state()).toBe('Established'));
    const neighbors = readNeighbors(await page(pod, 'show bgp neighbors'));
    expect(neighbors.readable && neighbors.neighbors.get(peer)).toMatchObject({
      state: 'Established',
      remoteAs: 3535,
      announcedPrefixes: 3,
    });
    setRouter(peer, false);
    await time.until(async () => expect(await state()).toMatch(/Idle|Connect|Active/));
    setRouter(peer, true);
    await time.until(async () => expect(await state()).toBe('Established'));
  });

  run('a pod that is gone, or replaced under its name, is not asked', async () => {
    const { cluster } = the();
    const pod = await anyPod();
    expect(await cluster.imish({ ...pod, uid: 'another' }, 'show bgp summary')).toMatchObject({ ok: false });
    const gone = await cluster.imish({ ...pod, name: 'f5-tmm-none', uid: 'none' }, 'show bgp summary');
    expect(gone).toEqual({ ok: false, why: 'f5-tmm-none is gone' });
    const odd = await cluster.imish({ ...pod, name: '../../evil?x=', uid: 'none' }, 'show bgp summary');
    expect(odd.ok).toBe(false);
  });

  run(
    'once a permit is withdrawn or does not hold any more, nothing is written and nobody is evicted',
    async () => {
      const { cluster, time } = the();
      const pod = await time.until(anyPod);
      const before = await the().data(V4);
      const refused = { kind: 'refused', refusal: { reasonCode: 'cluster_unreachable' } };
      for (const permit of [
        { signal: AbortSignal.abort(), holds: () => true },
        { signal: new AbortController().signal, holds: () => false },
      ]) {
        expect(await cluster.write(difference({ after: '10.20.1.77' }), ANCHOR, permit)).toMatchObject(
          refused,
        );
        expect(await cluster.evict(pod, permit)).toMatchObject(refused);
        expect(await cluster.remove(pod, permit)).toMatchObject(refused);
      }
      expect(await the().data(V4)).toEqual(before);
      expect((await ready()).map(({ uid }) => uid)).toContain(pod.uid);
    },
  );

  run('the wrong uid evicts nobody', async () => {
    const pod = await anyPod();
    const other = { ...pod, uid: '00000000-0000-0000-0000-000000000000' };
    expect(await the().cluster.evict(other)).toEqual({ kind: 'gone' });
    expect((await ready()).map(({ uid }) => uid)).toContain(pod.uid);
  });

  run('a PodDisruptionBudget blocks, and says which', async () => {
    const lift = await the().keepAvailable('tmm-stays', 3);
    const pod = await anyPod();
    await the().time.until(async () => {
      const outcome = await the().cluster.evict(pod);
      expect(outcome).toMatchObject({ kind: 'blocked', why: expect.stringContaining('tmm-stays') });
    });
    expect((await ready()).map(({ uid }) => uid)).toContain(pod.uid);
    await lift();
  });

  run('an evicted pod is replaced, and another eviction of it finds it gone', async () => {
    const { cluster, time } = the();
    const pod = await anyPod();
    await time.until(async () => expect(await cluster.evict(pod)).toEqual({ kind: 'accepted' }));
    await time.until(async () => {
      const pods = await ready();
      expect(pods.length).toBe(3);
      expect(pods.map(({ uid }) => uid)).not.toContain(pod.uid);
    });
    expect(await cluster.evict(pod)).toEqual({ kind: 'gone' });
    const summary = await time.until(() => cluster.imish(pod, 'show bgp summary'));
    expect(summary.ok).toBe(false);
  });

  run(
    'a pod has the peers that its node was mapped to when it started, whatever is written since',
    async () => {
      const { cluster, time } = the();
      const pod = await anyPod();
      const node = pod.node ?? '';
      const before = (await the().data(V4))?.[node] ?? null;
      const peersOf = async (one: TmmPod): Promise<readonly string[]> => {
        const config = readRunningConfig(await page(one, 'show running-config'));
        return config.readable ? [...config.members.keys()].sort() : [];
      };
      const earlier = await peersOf(pod);
      const changed = difference({ node, before, after: '10.20.1.9' });
      expect(await cluster.write(changed, ANCHOR)).toEqual({ kind: 'written' });
      expect(await peersOf(pod)).toEqual(earlier);

      const known = (await look()).pods.map(({ uid }) => uid);
      await time.until(async () => expect((await cluster.evict(pod)).kind).toBe('accepted'));
      await time.until(async () => {
        const replacement = (await ready()).find(({ uid }) => !known.includes(uid));
        if (replacement === undefined) throw new Error('no replacement is Ready');
        const mapped = [V4, V6].map(
          async (lookup) => (await the().data(lookup))?.[replacement.node ?? ''] ?? '',
        );
        const addresses = (await Promise.all(mapped)).flatMap((value) => value.split(',')).filter(Boolean);
        expect(await peersOf(replacement)).toEqual(addresses.sort());
      });
      const back = { ...changed, before: '10.20.1.9', after: before };
      expect(await cluster.write(back, ANCHOR)).toEqual({ kind: 'written' });
    },
  );

  run('deletion at once takes exactly the pod that was meant', async () => {
    const { cluster, time } = the();
    await time.until(async () => expect((await ready()).length).toBe(3));
    const [pod, other] = await ready();
    if (pod === undefined || other === undefined) throw new Error('no TMM pods');
    expect(await cluster.remove({ ...pod, uid: 'another' })).toEqual({ kind: 'gone' });
    expect(await cluster.remove(pod)).toEqual({ kind: 'accepted' });
    await time.until(async () => {
      const uids = (await ready()).map(({ uid }) => uid);
      expect(uids).toContain(other.uid);
      expect(uids).not.toContain(pod.uid);
      expect(uids.length).toBe(3);
    });
  });

  run('whoever waits for a move is woken by one, or when the time is up', async () => {
    const { cluster, time } = the();
    let woken = 0;
    const wait = async (ms: number): Promise<void> => {
      await cluster.nextChange(ms);
      woken += 1;
    };
    const late = wait(200);
    await time.until(() => expect(woken).toBe(1));
    const early = wait(60_000);
    await cluster.remove(await anyPod());
    await time.until(() => expect(woken).toBe(2));
    await Promise.all([late, early]);
    await time.until(async () => expect((await ready()).length).toBe(3));
  });
};

function difference(parts: Partial<Difference>): Difference {
  return {
    lookup: V4,
    asn: 3535,
    node: WORKER1,
    before: '10.20.1.1',
    after: '10.20.1.9',
    createsLookup: false,
    ...parts,
  };
}
