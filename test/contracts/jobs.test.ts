import { expect } from '@jest/globals';
import { bullmqJobs, startWorkers } from '../../src/adapters/bullmq/queues.ts';
import type { JobOutcome } from '../../src/ports/jobs.ts';
import { type Crew, jobsContract } from './jobs.contract.ts';
import { holdOnBothRedis, onBothRedis, type RedisUnderTest } from './on-redis.ts';
import { realTime } from './time.ts';

const done: JobOutcome = { kind: 'done' };
const nobody = async (): Promise<JobOutcome> => done;

async function open(redis: RedisUnderTest, name: string): Promise<Crew> {
  const prefix = `{jobs-${name}}`;
  const { prompt } = await redis.connect();
  const jobs = bullmqJobs(prompt, prefix, () => undefined);
  return {
    time: realTime,
    jobs,
    async work(handlers) {
      const { openPatient } = await redis.connect();
      const all = { change: nobody, query: nobody, expiry: nobody, ...handlers };
      const workers = startWorkers(openPatient(), prefix, all, () => undefined);
      return (graceMs) => workers.close(graceMs);
    },
    close: () => jobs.close(),
  };
}

holdOnBothRedis('jobs', jobsContract, (redis) => ({ open: (name) => open(redis, name) }));

onBothRedis('workers', (run, redis) => {
  run('closing waits for the job in hand, and asks it to stop when that takes too long', async () => {
    const crew = await open(redis, 'close');
    let asked = false;
    let started = false;
    const close = await crew.work({
      change: (_, signal) => {
        started = true;
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            asked = true;
            resolve(done);
          });
        });
      },
    });
    await crew.jobs.add({ kind: 'change', id: 'BGP-1' });
    await crew.time.until(() => expect(started).toBe(true));
    await close(300);
    expect(asked).toBe(true);
    await crew.close();
  });
});
