import { expect } from '@jest/globals';
import { bullmqJobs } from '../../src/adapters/bullmq/jobs.ts';
import { startWorkers } from '../../src/adapters/bullmq/worker.ts';
import type { JobHandlers, JobOutcome, Jobs } from '../../src/ports/jobs.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { onBothRedis, type RedisUnderTest } from './on-redis.ts';

const done: JobOutcome = { kind: 'done' };
const nobody = async (): Promise<JobOutcome> => done;

function noted(seen: string[], what: string): JobOutcome {
  seen.push(what);
  return done;
}

interface Crew {
  readonly jobs: Jobs;
  work(handlers: Partial<JobHandlers>): Promise<(graceMs: number) => Promise<void>>;
  close(): Promise<void>;
}

async function open(redis: RedisUnderTest, prefix: string): Promise<Crew> {
  const { prompt } = await redis.connect();
  const jobs = bullmqJobs(prompt, `{${prefix}}`, () => undefined);
  return {
    jobs,
    async work(handlers) {
      const { openPatient } = await redis.connect();
      const all = { change: nobody, query: nobody, expiry: nobody, ...handlers };
      const workers = startWorkers(openPatient(), `{${prefix}}`, all, () => undefined);
      return (graceMs) => workers.close(graceMs);
    },
    close: () => jobs.close(),
  };
}

onBothRedis('jobs', (run, redis) => {
  run('a job that is added twice runs once', async () => {
    const crew = await open(redis, 'jobs-once');
    const seen: string[] = [];
    const close = await crew.work({ change: async (id) => noted(seen, id) });
    await crew.jobs.add({ kind: 'change', id: 'BGP-1.7' });
    await crew.jobs.add({ kind: 'change', id: 'BGP-1.7' });
    await crew.jobs.add({ kind: 'change', id: 'BGP-2.9' });
    await eventually(() => expect([...seen].sort()).toEqual(['BGP-1.7', 'BGP-2.9']));
    await crew.jobs.add({ kind: 'change', id: 'BGP-1.7' });
    await close(1_000);
    expect(seen.length).toBe(2);
    await crew.close();
  });

  run('each kind finds its own handler', async () => {
    const crew = await open(redis, 'jobs-kinds');
    const seen: string[] = [];
    const note = (kind: string) => async (id: string) => noted(seen, `${kind} ${id}`);
    const close = await crew.work({
      change: note('change'),
      query: note('query'),
      expiry: note('expiry'),
    });
    await crew.jobs.add({ kind: 'query', id: 'q1' });
    await crew.jobs.add({ kind: 'expiry', id: 'BGP-1.approve-by' });
    await crew.jobs.add({ kind: 'change', id: 'BGP-1' });
    await eventually(() =>
      expect([...seen].sort()).toEqual(['change BGP-1', 'expiry BGP-1.approve-by', 'query q1']),
    );
    await close(1_000);
    await crew.close();
  });

  run('a clock fires by itself when its time is up, not before', async () => {
    const crew = await open(redis, 'jobs-clock');
    const addedAtMs = Date.now();
    let firedAtMs: number | undefined;
    const close = await crew.work({
      expiry: async () => {
        firedAtMs = Date.now();
        return done;
      },
    });
    await crew.jobs.add({ kind: 'expiry', id: 'BGP-1.approve-by', delayMs: 600 });
    await eventually(() => expect(firedAtMs).toBeDefined());
    expect((firedAtMs ?? 0) - addedAtMs).toBeGreaterThanOrEqual(590);
    await close(1_000);
    await crew.close();
  });

  run('a job that is put back comes again, and one that throws is tried again', async () => {
    const crew = await open(redis, 'jobs-later');
    let times = 0;
    const close = await crew.work({
      change: async () => {
        times += 1;
        if (times === 1) return { kind: 'later', afterMs: 50 };
        if (times === 2) throw new Error('Redis was away');
        return done;
      },
    });
    await crew.jobs.add({ kind: 'change', id: 'BGP-1' });
    await eventually(() => expect(times).toBe(3));
    await close(1_000);
    await crew.close();
  });

  run('closing waits for the job in hand, and asks it to stop when that takes too long', async () => {
    const crew = await open(redis, 'jobs-close');
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
    await eventually(() => expect(started).toBe(true));
    await close(300);
    expect(asked).toBe(true);
    await crew.close();
  });
});
