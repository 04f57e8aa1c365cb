import { Queue } from 'bullmq';
import { QUEUES } from '../../src/adapters/bullmq/queues.ts';
import { connectRedis } from '../../src/adapters/redis/connect.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import { verifyTrail } from '../../src/domain/audit/verify/verify-trail.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';

/** What stands in Redis beside the bot: its trail, its jobs, its leases. */
export interface AuditRetention {
  records(fromSeq?: number): Promise<readonly AuditRecord[]>;
  /** The records of one change. */
  of(change: string): Promise<readonly AuditRecord[]>;
  /** Resolves with the first record for which this holds. */
  until(holds: (record: AuditRecord) => boolean, withinMs?: number): Promise<AuditRecord>;
  /** What is wrong with the chain; empty when it is whole. */
  faults(): Promise<readonly string[]>;
  /** One more job, as a queue that lost its memory would bring it. */
  addJob(id: string): Promise<void>;
  /** Jobs that wait to be tried again. */
  delayedJobs(): Promise<number>;
  /** Jobs that no worker has finished yet. */
  openJobs(): Promise<number>;
  /** Somebody else holds the lease of this target now, until it is given back. */
  stealLease(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export async function openTrail(redisUrl: string): Promise<AuditRetention> {
  const redis = await connectRedis(redisUrl, () => undefined);
  const keys = redisKeys();
  const store = redisStore(redis.prompt, keys);
  const jobs = new Queue(QUEUES.change, { connection: redis.openPatient(), prefix: keys.prefix });
  const records = async (fromSeq = 1): Promise<readonly AuditRecord[]> => {
    const all: AuditRecord[] = [];
    for await (const record of store.records(fromSeq)) all.push(record);
    return all;
  };
  return {
    records,
    of: async (change) => (await records()).filter((one) => one.change === change),
    until: (holds, withinMs) =>
      eventually(async () => {
        const found = (await records()).find(holds);
        if (found === undefined) throw new Error(`no record yet for which this holds: ${holds}`);
        return found;
      }, withinMs),
    async faults() {
      const trail = verifyTrail();
      for (const record of await records()) trail.take(`${JSON.stringify(record)}\n`);
      return trail.end().findings.map(({ sentence }) => sentence);
    },
    addJob: async (id) => void (await jobs.add('change', {}, { jobId: id })),
    delayedJobs: () => jobs.getDelayedCount(),
    openJobs: () => jobs.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized'),
    async stealLease() {
      // Of a set of TMM pods, which has slashes; what follows the records or sweeps holds others.
      const held = await redis.prompt.keys(keys.lease('*'));
      const key = held.find((one) => one.includes('/'));
      if (key === undefined) throw new Error('stealing the lease: nobody holds one');
      await redis.prompt.set(key, '999999 somebody else', 'PX', 120_000);
      return async () => void (await redis.prompt.del(key));
    },
    async close() {
      await jobs.close();
      await redis.close();
    },
  };
}
