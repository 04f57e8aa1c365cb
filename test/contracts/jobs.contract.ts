import { expect } from '@jest/globals';
import type { JobHandlers, JobOutcome, Jobs } from '../../src/ports/jobs.ts';
import type { TimeUnderTest } from './time.ts';
import type { Contract } from './under-test.ts';

/** Queues by name, so that no test meets the jobs of another. */
export interface QueuesUnderTest {
  open(name: string): Promise<Crew>;
}

export interface Crew {
  readonly time: TimeUnderTest;
  readonly jobs: Jobs;
  /** Has a worker take up jobs; a kind without a handler is done at once. Resolves to how to close it. */
  work(handlers: Partial<JobHandlers>): Promise<(graceMs: number) => Promise<void>>;
  close(): Promise<void>;
}

const done: JobOutcome = { kind: 'done' };

export const jobsContract: Contract<QueuesUnderTest> = (run, the) => {
  run('a job that is added twice runs once, also when it is done already', async () => {
    const crew = await the().open('once');
    const seen: string[] = [];
    const close = await crew.work({ change: async (id) => noted(seen, id) });
    await crew.jobs.add({ kind: 'change', id: 'BGP-1.7' });
    await crew.jobs.add({ kind: 'change', id: 'BGP-1.7' });
    await crew.jobs.add({ kind: 'change', id: 'BGP-2.9' });
    await crew.time.until(() => expect([...seen].sort()).toEqual(['BGP-1.7', 'BGP-2.9']));
    await crew.jobs.add({ kind: 'change', id: 'BGP-1.7' });
    await crew.jobs.add({ kind: 'change', id: 'BGP-3.1' });
    await crew.time.until(() => expect(seen).toContain('BGP-3.1'));
    await close(1_000);
    expect(seen.length).toBe(3);
    await crew.close();
  });

  run('each kind finds its own handler', async () => {
    const crew = await the().open('kinds');
    const seen: string[] = [];
    const note = (kind: string) => async (id: string) => noted(seen, `${kind} ${id}`);
    const close = await crew.work({ change: note('change'), query: note('query'), expiry: note('expiry') });
    await crew.jobs.add({ kind: 'query', id: 'q1' });
    await crew.jobs.add({ kind: 'expiry', id: 'BGP-1.approve-by' });
    await crew.jobs.add({ kind: 'change', id: 'BGP-1' });
    // An id is one of its kind only.
    await crew.jobs.add({ kind: 'query', id: 'BGP-1' });
    await crew.time.until(() =>
      expect([...seen].sort()).toEqual([
        'change BGP-1',
        'expiry BGP-1.approve-by',
        'query BGP-1',
        'query q1',
      ]),
    );
    await close(1_000);
    await crew.close();
  });

  run('a deadline comes by itself when its time is up, not before', async () => {
    const crew = await the().open('deadline');
    const { time } = crew;
    const addedAtMs = time.nowMs();
    let cameAtMs: number | undefined;
    const close = await crew.work({
      expiry: async () => {
        cameAtMs = time.nowMs();
        return done;
      },
    });
    await crew.jobs.add({ kind: 'expiry', id: 'BGP-1.approve-by', delayMs: 600 });
    await time.until(() => expect(cameAtMs).toBeDefined());
    expect((cameAtMs ?? 0) - addedAtMs).toBeGreaterThanOrEqual(590);
    await close(1_000);
    await crew.close();
  });

  run('a job that is put back comes again, and one that throws is tried again', async () => {
    const crew = await the().open('later');
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
    await crew.time.until(() => expect(times).toBe(3));
    await close(1_000);
    await crew.close();
  });

  run('a long job delays no job of another kind', async () => {
    const crew = await the().open('long');
    const seen: string[] = [];
    let release = (): void => undefined;
    const close = await crew.work({
      change: () =>
        new Promise((resolve) => {
          release = () => resolve(noted(seen, 'change'));
        }),
      query: async () => noted(seen, 'query'),
    });
    await crew.jobs.add({ kind: 'change', id: 'BGP-1' });
    await crew.jobs.add({ kind: 'query', id: 'q1' });
    await crew.time.until(() => expect(seen).toEqual(['query']));
    release();
    await crew.time.until(() => expect(seen).toEqual(['query', 'change']));
    await close(1_000);
    await crew.close();
  });

  run('jobs that hang leave room for others of their kind', async () => {
    const crew = await the().open('hanging');
    const seen: string[] = [];
    const hung: (() => void)[] = [];
    const hang = async (id: string): Promise<JobOutcome> => {
      if (id.startsWith('well')) return noted(seen, id);
      await new Promise<void>((resolve) => hung.push(resolve));
      return done;
    };
    const close = await crew.work({ change: hang, query: hang });
    for (const number of Array.from({ length: 20 }).keys()) {
      await crew.jobs.add({ kind: 'change', id: `hung-${number}` });
      await crew.jobs.add({ kind: 'query', id: `hung-${number}` });
    }
    await crew.time.until(() => expect(hung.length).toBe(40));
    await crew.jobs.add({ kind: 'change', id: 'well-1' });
    await crew.jobs.add({ kind: 'query', id: 'well-2' });
    await crew.time.until(() => expect([...seen].sort()).toEqual(['well-1', 'well-2']));
    for (const letGo of hung) letGo();
    await close(1_000);
    await crew.close();
  });
};

function noted(seen: string[], what: string): JobOutcome {
  seen.push(what);
  return done;
}
