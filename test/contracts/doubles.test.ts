import type { JobHandlers, JobOutcome } from '../../src/ports/jobs.ts';
import { fakeClock } from '../doubles/fake-clock.ts';
import { memoryCardLocations, memoryDeduplicator, memoryPendingQueries } from '../doubles/memory-chat.ts';
import { memoryDriftStore } from '../doubles/memory-drift-store.ts';
import { memoryJobs } from '../doubles/memory-jobs.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryRecordStream } from '../doubles/memory-record-stream.ts';
import { memoryStore } from '../doubles/memory-store.ts';
import { jobsContract } from './jobs.contract.ts';
import { leasesContract } from './leases.contract.ts';
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
