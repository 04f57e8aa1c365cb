import { anchorText } from '../../src/domain/audit/anchor.ts';
import type { JobHandlers, JobOutcome } from '../../src/ports/jobs.ts';
import { fakeClock } from '../doubles/fake-clock.ts';
import {
  memoryCardLocations,
  memoryDeduplicator,
  memoryHomeViewers,
  memoryPendingQueries,
} from '../doubles/memory-chat.ts';
import { memoryCluster } from '../doubles/memory-cluster.ts';
import { memoryDriftStore } from '../doubles/memory-drift-store.ts';
import { memoryJobs } from '../doubles/memory-jobs.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryPeople } from '../doubles/memory-people.ts';
import { memoryRecordStream } from '../doubles/memory-record-stream.ts';
import { memoryStore } from '../doubles/memory-store.ts';
import { LOOKUPS, NODES, RACK } from '../doubles/sample-policy.ts';
import { clusterContract } from './cluster.contract.ts';
import { jobsContract } from './jobs.contract.ts';
import { leasesContract } from './leases.contract.ts';
import { peopleContract } from './people.contract.ts';
import { recordStreamContract } from './record-stream.contract.ts';
import { retentionContract } from './retention.contract.ts';
import { smallPortsContract } from './small-ports.contract.ts';
import { storeContract } from './store.contract.ts';
import { fakeTime } from './time.ts';
import { hold } from './under-test.ts';

hold('the store in memory', storeContract, async () => {
  const leases = memoryLeases(fakeClock());
  const replica = { store: memoryStore(leases), leases };
  return { one: replica, other: replica };
});

hold('leases in memory', leasesContract, async () => {
  const clock = fakeClock();
  const ttlMs = 6_000;
  const leases = memoryLeases(clock, ttlMs);
  return {
    time: fakeTime(clock),
    ttlMs,
    store: memoryStore(leases),
    connect: async () => ({ leases, cutOff: (target) => leases.stopRenewing(target) }),
    seize: async (target) => void leases.seize(target, 'another'),
  };
});

hold('jobs in memory', jobsContract, async () => ({
  async open() {
    const clock = fakeClock();
    const jobs = memoryJobs(clock);
    let handlers: JobHandlers | undefined;
    const time = fakeTime(
      clock,
      async () => handlers !== undefined && jobs.startNext(handlers) !== undefined,
    );
    const done = async (): Promise<JobOutcome> => ({ kind: 'done' });
    return {
      time,
      jobs,
      async work(some) {
        handlers = { change: done, query: done, expiry: done, ...some };
        return async () => {
          handlers = undefined;
        };
      },
      close: async () => undefined,
    };
  },
}));

hold('the record stream in memory', recordStreamContract, async () => ({
  async open() {
    const clock = fakeClock();
    const store = memoryStore(memoryLeases(clock));
    const stream = memoryRecordStream(store, clock);
    return { time: fakeTime(clock, () => stream.deliverNext()), store, stream: async () => stream };
  },
}));

hold('what replicas remember together in memory', smallPortsContract, async () => {
  const clock = fakeClock();
  const remembered = {
    deduplicator: memoryDeduplicator(clock),
    pendingQueries: memoryPendingQueries(clock),
    cardLocations: memoryCardLocations(),
    driftStore: memoryDriftStore(),
    homeViewers: memoryHomeViewers(),
  };
  return { time: fakeTime(clock), one: remembered, other: remembered };
});

hold('retention in memory', retentionContract, async () => ({
  async open() {
    const clock = fakeClock();
    const leases = memoryLeases(clock);
    const store = memoryStore(leases);
    const stream = memoryRecordStream(store, clock);
    return {
      time: fakeTime(clock, () => stream.deliverNext()),
      store,
      leases,
      stream,
      createGroup: (group) => stream.follow(group, async () => undefined).stop(),
      retention: (expected) => stream.retention(expected),
    };
  },
}));

hold('people in memory', peopleContract, async () => ({
  homeTeam: 'T01RACK',
  async open() {
    const people = memoryPeople('T01RACK');
    for (const user of ['U01ALICE', 'U02BOB', 'U03CAROL']) people.set(user);
    people.set('U04MALLORY', { guest: true });
    people.setMembers('S02LEADS', ['U02BOB', 'U03CAROL']);
    return {
      people,
      set: people.set,
      breakDown() {
        people.unreachable = true;
      },
    };
  },
}));

hold('the cluster in memory', clusterContract, async () => {
  const clock = fakeClock();
  const cluster = memoryCluster({ clock, target: RACK, nodes: NODES, lookups: LOOKUPS });
  return {
    time: fakeTime(clock),
    cluster,
    data: async (name) => cluster.lookup(name)?.data,
    async anchorOn(name) {
      const anchor = cluster.anchorOn(name);
      return anchor === undefined ? undefined : anchorText(anchor);
    },
    edit: async (name, key, value) => cluster.edit(name, key, value),
    freezeLookup: async (name) => cluster.setLookup(name, { immutable: true }),
    deleteLookup: async (name) => cluster.removeLookup(name),
    async createLookup(name, data) {
      for (const [key, value] of Object.entries(data)) cluster.edit(name, key, value);
    },
    async keepAvailable(name, minAvailable) {
      cluster.tmms.budget = { name, minAvailable };
      return async () => {
        cluster.tmms.budget = undefined;
      };
    },
    setRouter: (address, up) => cluster.routers.set(address, up ? 'up' : 'down'),
  };
});
