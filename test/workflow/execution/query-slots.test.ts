import { expect, test } from '@jest/globals';
import type { Cluster } from '../../../src/ports/cluster.ts';
import type { JobOutcome } from '../../../src/ports/jobs.ts';
import { jobHandlers } from '../../../src/workflow/execution/job-handlers.ts';
import { CHANNEL, RACK } from '../../doubles/sample-policy.ts';
import { openWorld } from '../../doubles/world.ts';

test('queries of a target that hangs take only some slots; the others are put back, and asked later', async () => {
  const names = ['hung', 'well'] as const;
  const [hungTarget, wellTarget] = names.map((name) => ({ ...RACK, name }));
  if (hungTarget === undefined || wellTarget === undefined) throw new Error('no targets');
  const world = await openWorld({ targets: [hungTarget, wellTarget] });
  const { dependencies, replies, clock } = world;
  const waiting: (() => void)[] = [];
  const well = dependencies.clusters.get('well');
  if (well === undefined) throw new Error('no cluster');
  const hung: Cluster = {
    ...well,
    cachedSnapshot: () => undefined,
    async snapshot() {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return well.snapshot();
    },
  };
  const clusters = new Map([
    ['hung', hung],
    ['well', well],
  ]);
  const { query } = jobHandlers({ ...dependencies, clusters, replies });
  const ask = async (id: string, target: string): Promise<JobOutcome> => {
    const parsed = { verb: 'nodes', args: [], flags: {} };
    const { person } = world.alice;
    const asked = { id, parsed, target, person, channel: CHANNEL, askedAtMs: clock.now() };
    await dependencies.pendingQueries.keep(asked);
    return query(id, new AbortController().signal);
  };
  const held = ['q1', 'q2', 'q3', 'q4'].map((id) => ask(id, 'hung'));
  expect(await ask('q5', 'hung')).toMatchObject({ kind: 'later' });
  expect(await ask('q6', 'well')).toEqual({ kind: 'done' });
  for (const letGo of waiting) letGo();
  expect(await Promise.all(held)).toEqual(Array.from({ length: 4 }, () => ({ kind: 'done' })));
  const last = ask('q5', 'hung');
  await new Promise((resolve) => setImmediate(resolve));
  for (const letGo of waiting) letGo();
  expect(await last).toEqual({ kind: 'done' });
});
