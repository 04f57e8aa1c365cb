import { describe, expect, test } from '@jest/globals';
import { chain, GENESIS, type RecordDraft } from '../../../src/domain/audit/record.ts';
import type { Lookup, Snapshot } from '../../../src/domain/bgp/snapshot.ts';
import type { Target } from '../../../src/domain/bgp/target.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import type { Cluster } from '../../../src/ports/cluster.ts';
import type { DriftState } from '../../../src/ports/store.ts';
import { type DriftDependencies, startDriftMonitor } from '../../../src/workflow/drift/drift-monitor.ts';
import { aChange } from '../../contracts/a-stored-change.ts';

const LOOKUP = 'spk-tor-bgp';
const EVERY_MS = 60_000;

const target: Target = {
  name: 'rack',
  namespace: 'spk-ingress',
  tmm: { namespace: 'spk-ingress', selector: 'app=f5-tmm', container: 'f5-tmm-routing' },
  separator: ',',
  timeouts: { evictionTimeoutMs: 1, replacementTimeoutMs: 1, sessionTimeoutMs: 1, holdTimeMs: 10_000 },
  driftCheckEveryMs: EVERY_MS,
  bgp: {
    asn: 65000,
    neighbors: [
      {
        asn: 3535,
        nodeLookup: LOOKUP,
        acceptsIPv4: true,
        acceptsIPv6: false,
        softReconf: false,
        fallover: false,
        passwordSet: false,
      },
    ],
  },
};

/** A monitor over one target without pods, whose checks happen when the test says so. */
function startMonitor({ changes = [] as readonly Change[], leaseIsFree = true } = {}) {
  const recorded: RecordDraft[] = [];
  const errors: string[] = [];
  const fences: (number | undefined)[] = [];
  let nowMs = 0;
  let wake = (): void => undefined;
  let state: DriftState | undefined;
  let lookup: Lookup | undefined;
  let failure: Error | undefined;
  let lost = new AbortController();
  const leases = { acquired: 0, released: 0 };
  const cluster: Pick<Cluster, 'cachedSnapshot' | 'imish'> = {
    cachedSnapshot: (): Snapshot | undefined => {
      if (failure !== undefined) throw failure;
      const lookups = new Map(lookup === undefined ? [] : [[LOOKUP, lookup]]);
      return snapshotOf({ clusterUid: 'uid-of-kube-system', target: 'rack', lookups, nodes: [], pods: [] });
    },
    imish: () => Promise.reject(new Error('there is no pod to ask')),
  };
  const bot: DriftDependencies = {
    policy: { targets: [target] },
    clusters: new Map([['rack', { ...unused, ...cluster }]]),
    leases: {
      async acquire(name) {
        if (!leaseIsFree) return undefined;
        leases.acquired += 1;
        lost = new AbortController();
        return {
          fence: { scope: name, token: leases.acquired, owner: 'this test' },
          lost: lost.signal,
          held: () => !lost.signal.aborted,
          async release() {
            leases.released += 1;
          },
        };
      },
    },
    store: {
      recentChanges: async () => changes,
      append: async ({ record, fence }) => {
        recorded.push(record);
        fences.push(fence?.token);
        return { kind: 'appended', record: chain(record, recorded.length, GENESIS) };
      },
    },
    driftStore: {
      read: async () => state,
      write: async (_, next) => {
        state = next;
      },
    },
    clock: {
      now: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          signal?.addEventListener('abort', () => resolve());
          wake = () => {
            nowMs += ms;
            resolve();
          };
        }),
    },
  };
  const monitor = startDriftMonitor(bot, (error, what) => errors.push(`${what}: ${String(error)}`));
  const check = async (): Promise<void> => {
    wake();
    await new Promise(setImmediate);
  };
  return {
    recorded,
    errors,
    /** The tokens of the leases under which was recorded. */
    fences,
    leases,
    loseLease: () => lost.abort(),
    stop: () => monitor.stop(),
    /** Lets the time until the next check pass. */
    check,
    set(data: Lookup['data'], writers: Lookup['writers'] = {}) {
      lookup = { name: LOOKUP, uid: 'l1', immutable: false, bytes: 0, data, writers };
    },
    fail(error: Error | undefined) {
      failure = error;
    },
  };
}

const unused: Cluster = {
  snapshot: never,
  cachedSnapshot: () => undefined,
  tmmState: never,
  write: never,
  evict: never,
  remove: never,
  imish: never,
  nextChange: never,
};

function never(): Promise<never> {
  return Promise.reject(new Error('the drift monitor only reads what is cached'));
}

describe('the drift monitor', () => {
  test('records who restored an old value by hand, and when, with the time of the check', async () => {
    const monitor = startMonitor({ changes: [aChange('BGP-1')] });
    monitor.set({ worker1: '10.20.1.9' });
    await monitor.check();
    monitor.set(
      { worker1: '10.20.1.1' },
      { worker1: { manager: 'kubectl-edit', at: '2026-03-01T10:00:00Z' } },
    );
    await monitor.check();
    await monitor.check();
    expect(monitor.recorded.filter(({ event }) => event === 'drift.external_edit')).toEqual([
      {
        atMs: 2 * EVERY_MS,
        event: 'drift.external_edit',
        actor: 'bot',
        target: 'rack',
        data: {
          lookup: LOOKUP,
          node: 'worker1',
          before: '10.20.1.9',
          after: '10.20.1.1',
          manager: 'kubectl-edit',
          written_at: '2026-03-01T10:00:00Z',
        },
      },
    ]);
    await monitor.stop();
  });

  test('announces what two checks in a row found, and its end', async () => {
    const monitor = startMonitor();
    monitor.set({ worker9: '10.20.9.1' });
    await monitor.check();
    expect(monitor.recorded).toEqual([]);
    await monitor.check();
    expect(monitor.recorded.map(({ event }) => event)).toEqual(['drift.detected']);
    monitor.set({}, {});
    await monitor.check();
    await monitor.check();
    expect(monitor.recorded.map(({ event }) => event)).toEqual([
      'drift.detected',
      'drift.external_edit',
      'drift.resolved',
    ]);
    await monitor.stop();
  });

  test('announces no sessions and pods while a change runs on the target, but still records edits', async () => {
    const monitor = startMonitor({ changes: [{ ...aChange('BGP-1'), state: 'running' }] });
    monitor.set({ worker9: '10.20.9.1' });
    for (let checks = 0; checks < 3; checks += 1) await monitor.check();
    expect(monitor.recorded).toEqual([]);
    monitor.set({ worker9: '10.20.9.2' });
    await monitor.check();
    expect(monitor.recorded.map(({ event }) => event)).toEqual(['drift.external_edit']);
    await monitor.stop();
  });

  test('goes on after a check that failed, and says which target it was', async () => {
    const monitor = startMonitor();
    monitor.fail(new Error('reading the cache: broken'));
    await monitor.check();
    expect(monitor.errors).toEqual(['drift check of rack: Error: reading the cache: broken']);
    monitor.fail(undefined);
    monitor.set({ worker9: '10.20.9.1' });
    await monitor.check();
    await monitor.check();
    expect(monitor.recorded.map(({ event }) => event)).toEqual(['drift.detected']);
    await monitor.stop();
  });

  test('checks nothing while another replica holds the lease, and stops at once', async () => {
    const monitor = startMonitor({ leaseIsFree: false });
    monitor.set({ worker9: '10.20.9.1' });
    for (let checks = 0; checks < 3; checks += 1) await monitor.check();
    expect(monitor.recorded).toEqual([]);
    expect(monitor.errors).toEqual([]);
    await monitor.stop();
  });

  test('keeps its lease from check to check, takes another once it is lost, and gives it back at the end', async () => {
    const monitor = startMonitor();
    monitor.set({ worker9: '10.20.9.1' });
    await monitor.check();
    await monitor.check();
    expect(monitor.leases).toEqual({ acquired: 1, released: 0 });
    monitor.loseLease();
    monitor.set({ worker9: '10.20.9.2' });
    await monitor.check();
    expect(monitor.leases).toEqual({ acquired: 2, released: 0 });
    expect(monitor.fences).toEqual([1, 2]);
    await monitor.stop();
    expect(monitor.leases).toEqual({ acquired: 2, released: 1 });
  });
});
