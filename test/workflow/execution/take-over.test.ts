import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Workload } from '../../../src/domain/bgp/snapshot.ts';
import { isRefusal, refuse } from '../../../src/domain/refusal.ts';
import { RecordsLost } from '../../../src/ports/store.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';
import { aSite, manyNodes, restart, rotation, type Site } from './a-site.ts';
import type { Worker } from './a-worker.ts';

const BLOCKED = { kind: 'blocked', why: 'The disruption budget f5-tmm needs 2 healthy pods.' } as const;
const NOT_SENT = {
  kind: 'refused',
  refusal: refuse('cluster_unreachable', 'The API server did not answer: connection refused.', 'Look at it.'),
} as const;

let site: Site;
beforeEach(() => {
  site = aSite(manyNodes(4), ['worker1', 'worker2', 'worker3']);
});

/** A Deployment keeps so many of them, as it was read. */
function kept(pods: number): void {
  const { tmmState } = site.rack;
  const deployment: Workload = {
    kind: 'Deployment',
    name: 'f5-tmm',
    uid: 'd',
    ownerUids: ['rs'],
    generation: 1,
    observedGeneration: 1,
    desired: pods,
    current: pods,
    updated: pods,
    available: pods,
  };
  site.rack.tmmState = async () => {
    const state = await tmmState();
    const owner = { kind: 'ReplicaSet', name: 'f5-tmm', uid: 'rs' };
    return isRefusal(state)
      ? state
      : { ...state, pods: state.pods.map((pod) => ({ ...pod, owner })), workloads: [deployment] };
  };
  site.rack.watched = false;
}

/** A worker that took pods and is gone before its journal says so. */
async function goneAfterEffect(plan: Parameters<Site['worker']>[0]): Promise<Worker> {
  const bot = site.worker(plan);
  bot.onAppend = async (event) => {
    if (event === 'step.done') bot.loseLease();
  };
  await bot.run();
  bot.onAppend = async () => undefined;
  site.rack.calls.splice(0);
  return bot;
}

/** A worker that noted what it was about to do, and is gone before it could do it. */
async function goneBeforeEffect(): Promise<Worker> {
  const bot = site.worker(restart('tmm-1'));
  site.rack.evictions.push(BLOCKED);
  bot.onAppend = async (event) => {
    if (event === 'change.progress') bot.loseLease();
  };
  await bot.run();
  bot.onAppend = async () => undefined;
  site.rack.calls.splice(0);
  return bot;
}

describe('lesson 37: whoever takes a change over compares with what there was before the eviction', () => {
  beforeEach(() => {
    kept(3);
    site.rack.replacementOf = (node) => (node === 'worker1' ? 'worker4' : node);
    site.rack.down.add('10.20.4.1');
  });

  test('a replacement that came to another node meanwhile has to be up', async () => {
    const bot = await goneAfterEffect(restart('tmm-1'));
    await site.clock.sleep(8_000);
    expect(await bot.run()).toMatchObject({ state: 'halted', outcome: { reasonCode: 'session_down' } });
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('so has one that came while nobody knew whether the eviction had happened', async () => {
    const bot = await goneAfterEffect(restart('tmm-1'));
    await site.clock.sleep(8_000);
    bot.edit({ resumedAtMs: site.clock.now() });
    expect(await bot.run()).toMatchObject({ state: 'halted', outcome: { reasonCode: 'session_down' } });
  });

  test('so has one of several that went at once, of which one is still to go', async () => {
    const { remove } = site.rack;
    site.rack.remove = async (pod, stop) => (pod.name === 'tmm-2' ? NOT_SENT : remove(pod, stop));
    const bot = await goneAfterEffect({ ...restart('tmm-1', 'tmm-2'), strategy: 'all at once' });
    site.rack.remove = remove;
    await site.clock.sleep(8_000);
    expect(await bot.run()).toMatchObject({ state: 'halted', outcome: { reasonCode: 'session_down' } });
    expect(site.calls(/^delete/)).toEqual(['delete tmm-2']);
  });

  test('what is as it should be there is done', async () => {
    site.rack.down.clear();
    const bot = await goneAfterEffect(restart('tmm-1'));
    await site.clock.sleep(8_000);
    expect(await bot.run()).toMatchObject({ state: 'succeeded' });
    expect(bot.change().journal.at(-1)?.found).toBe('no TMM on worker1, tmm-4 on worker4 Established');
  });
});

describe('lesson 29: who takes a change over has appended under its own lease before it does anything', () => {
  test('a change that somebody else halted meanwhile is left alone', async () => {
    const bot = await goneBeforeEffect();
    site.rack.onCall = (call) => {
      if (call === 'plan') bot.edit({ state: 'halted' });
    };
    await bot.run();
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('a lease that was lost without notice is noticed', async () => {
    const bot = await goneBeforeEffect();
    site.rack.onCall = (call) => {
      if (call === 'plan') bot.onAppend = async () => bot.loseLease();
    };
    await bot.run();
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('lesson 51: attempts that all end with an error get no further, however often they note what they are about to do', async () => {
    const bot = await goneBeforeEffect();
    site.rack.evict = async () => {
      throw new Error('a bug');
    };
    const before = bot.change().journal.length;
    for (let tried = 0; tried < 3; tried += 1) await expect(bot.run()).rejects.toThrow('a bug');
    expect(bot.records.filter(({ event }) => event === 'step.intended')).toHaveLength(4);
    expect(bot.change().journal).toHaveLength(before);
  });

  test('lesson 56: a store that went back in time is noticed, though the intent stands in it', async () => {
    const bot = await goneBeforeEffect();
    bot.onAppend = async () => {
      throw new RecordsLost({ found: { seq: 1, hash: 'a' }, known: { seq: 9, hash: 'b' } });
    };
    await expect(bot.run()).rejects.toThrow(RecordsLost);
    expect(site.calls(/^evict/)).toEqual([]);
  });
});

describe('lesson 33: a stop after a takeover says what was done before it', () => {
  const stopped = { cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } };

  test('also where the worker was gone before it had noted it', async () => {
    const bot = await goneAfterEffect(restart('tmm-1'));
    bot.edit(stopped);
    expect(await bot.run()).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'cancelled', sentence: 'Stopped on request after 1 of 2 steps.' },
    });
  });

  test('a freeze says it as well', async () => {
    const bot = await goneAfterEffect(restart('tmm-1'));
    bot.freeze({ reason: 'audit', by: stopped.cancelledBy, atMs: 0 });
    expect((await bot.run()).outcome).toMatchObject({
      reasonCode: 'frozen',
      sentence: expect.stringContaining('Stopped after 1 of 2 steps.'),
    });
  });

  test('what somebody sets back after that stop is not written again', async () => {
    const plan = { differences: [rotation('worker1', '10.20.1.1', '10.20.1.9')] };
    const bot = await goneAfterEffect(plan);
    bot.edit(stopped);
    const { journal } = await bot.run();
    site.rack.lookup.worker1 = '10.20.1.1';
    const resumed = site.worker(plan);
    resumed.edit({ state: 'running', journal, resumedAtMs: site.clock.now() });
    expect((await resumed.run()).outcome).toMatchObject({ reasonCode: 'mapping_moved' });
    expect(site.rack.lookup.worker1).toBe('10.20.1.1');
  });

  test('what somebody sets back before anybody takes over is not written again: the ConfigMap notes that it was', async () => {
    const bot = await goneAfterEffect({ differences: [rotation('worker1', '10.20.1.1', '10.20.1.9')] });
    site.rack.lookup.worker1 = '10.20.1.1';
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'mapping_moved' });
    expect(site.calls(/^write/)).toEqual([]);
  });

  test('what was not done before is not done any more', async () => {
    const bot = await goneBeforeEffect();
    bot.edit(stopped);
    expect(await bot.run()).toMatchObject({
      state: 'halted',
      outcome: { sentence: 'Stopped on request, before anything was done.' },
    });
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('where the cluster cannot be read, nobody knows, and a person has to look', async () => {
    const bot = await goneAfterEffect(restart('tmm-1'));
    bot.edit(stopped);
    site.rack.unreadable = 'It answers 503.';
    const startedAtMs = site.clock.monotonicMs();
    expect(await bot.run()).toMatchObject({
      state: 'outcome_unknown',
      outcome: {
        reasonCode: 'outcome_unknown',
        sentence:
          'Whether tmm-1 was evicted is unknown: the bot was interrupted before it recorded the result.',
        next: 'Look at it: kubectl get pods -n spk-ingress -l app=f5-tmm -o wide',
      },
    });
    const { evictionTimeoutMs } = TARGET.timeouts;
    expect(site.clock.monotonicMs() - startedAtMs).toBeLessThan(evictionTimeoutMs + 10_000);
  });

  test('another cluster says nothing about it', async () => {
    const bot = await goneAfterEffect(restart('tmm-1'));
    site.rack.clusterUid = 'uid-of-another';
    site.rack.pods.length = 0;
    await bot.run();
    expect(bot.change().journal.map(({ phase }) => phase)).toEqual(['intended']);
  });
});
