import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import { aSite, ROTATE, restart, type Site } from './a-site.ts';
import type { Worker } from './a-worker.ts';

const WRITE = { kind: 'write', lookup: 'tor', node: 'worker1' } as const;
const EVICT = { kind: 'evict', node: 'worker1', pod: 'tmm-1', uid: 'tmm-1' } as const;
const BEFORE = { announced: {}, pods: ['tmm-1', 'tmm-2'] };
const STOPPED = { cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } };

let site: Site;
beforeEach(() => {
  site = aSite();
});

/** A rotation whose worker died after it set out to do this, so that nobody noted what became of it. */
function died(...steps: readonly (typeof WRITE | typeof EVICT)[]): Worker {
  const bot = site.worker({ differences: [ROTATE], ...restart('tmm-1') });
  bot.edit({
    state: 'running',
    journal: steps.map((step) => {
      return { step, phase: 'intended', atMs: 0, ...(step.kind === 'evict' ? { before: BEFORE } : {}) };
    }),
  });
  return bot;
}

const found = ({ journal }: Change): readonly string[] =>
  journal.flatMap((entry) => (entry.phase === 'found' ? [`${entry.step.kind} ${entry.found}`] : []));

describe('a worker died between an effect and its record', () => {
  test('a stop that comes first says what was done all the same', async () => {
    const bot = died(WRITE);
    site.rack.lookup.worker1 = '10.20.1.9';
    bot.edit(STOPPED);
    const change = await bot.run();
    expect(change.outcome).toMatchObject({
      reasonCode: 'cancelled',
      sentence: 'Stopped on request after 1 of 3 steps.',
    });
    expect(found(change)).toEqual(['write written']);
  });

  test('what somebody sets back after that stop is not written again', async () => {
    const bot = died(WRITE);
    site.rack.lookup.worker1 = '10.20.1.9';
    bot.edit(STOPPED);
    const { journal } = await bot.run();
    site.rack.lookup.worker1 = '10.20.1.1';
    const resumed = died();
    resumed.edit({ journal, resumedAtMs: site.clock.now() });
    expect((await resumed.run()).outcome).toMatchObject({ reasonCode: 'mapping_moved' });
    expect(site.rack.lookup.worker1).toBe('10.20.1.1');
  });

  test('a freeze that comes first says what was done all the same', async () => {
    const bot = died(WRITE, EVICT);
    site.rack.lookup.worker1 = '10.20.1.9';
    await site.rack.evict({ namespace: 'spk-ingress', name: 'tmm-1', uid: 'tmm-1' });
    bot.freeze({ reason: 'audit', by: STOPPED.cancelledBy, atMs: 0 });
    const change = await bot.run();
    expect(change.outcome).toMatchObject({ reasonCode: 'frozen' });
    expect(found(change)).toEqual(['write written', 'evict evicted']);
  });

  test('what did not happen is not said to have happened', async () => {
    const bot = died(WRITE);
    bot.edit(STOPPED);
    const change = await bot.run();
    expect(change.outcome?.sentence).toBe('Stopped on request, before anything was done.');
    expect(found(change)).toEqual([]);
  });

  test('where the cluster cannot be read, nobody knows, and nothing more is done', async () => {
    const bot = died(WRITE);
    bot.edit(STOPPED);
    site.rack.unreadable = 'The API server answers 503.';
    const change = await bot.run();
    expect(change).toMatchObject({
      state: 'outcome_unknown',
      outcome: {
        sentence:
          'Whether worker1 was written in tor cannot be told: the bot was interrupted before it noted what became of it.',
        next: 'Look at it: kubectl get configmap tor -n spk-ingress -o yaml',
      },
    });
  });

  test('in another cluster nothing is looked for', async () => {
    const bot = died(WRITE);
    site.rack.lookup.worker1 = '10.20.1.9';
    site.rack.clusterUid = 'uid-of-another';
    const change = await bot.run();
    expect(change.outcome).toMatchObject({ reasonCode: 'other_cluster' });
    expect(found(change)).toEqual([]);
  });
});
