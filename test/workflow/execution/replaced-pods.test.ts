import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import type { Plan } from '../../../src/domain/change/plan.ts';
import { aClock, aRack, type DrivenClock, type Rack } from './a-rack.ts';
import { aWorker, type Worker } from './a-worker.ts';

const MAPPING = { worker1: '10.20.1.1', worker2: '10.20.2.1', worker3: '10.20.3.1' };
const KEY = { lookup: 'tor', asn: 3535, createsLookup: false };
const ROTATE_1 = { ...KEY, node: 'worker1', before: '10.20.1.1', after: '10.20.1.9' };
const ROTATE_2 = { ...KEY, node: 'worker2', before: '10.20.2.1', after: '10.20.2.9' };
const pod = (name: string) => ({ name, uid: name });

let clock: DrivenClock;
let rack: Rack;
beforeEach(() => {
  clock = aClock();
  rack = aRack(clock, MAPPING);
});

const worker = (plan: Partial<Plan>): Worker => aWorker(clock, rack, plan);
const calls = (pattern: RegExp): readonly string[] => rack.calls.filter((call) => pattern.test(call));
/** Its last pod was taken, and what came instead has not been found up yet. */
const isEvicted = ({ journal }: Change): boolean => {
  const last = journal.at(-1);
  return last?.step.kind === 'evict' && last.phase === 'found';
};

describe('two TMM pods on one node', () => {
  test('are replaced one after the other: the second one peers with the old router until it goes', async () => {
    rack = aRack(clock, MAPPING, ['worker1', 'worker1', 'worker2']);
    const plan = {
      differences: [ROTATE_1],
      restarts: [{ node: 'worker1', pods: [pod('tmm-1'), pod('tmm-2')] }],
    };
    expect(await worker(plan).run()).toMatchObject({ state: 'succeeded' });
    expect(calls(/^evict/)).toEqual(['evict tmm-1', 'evict tmm-2']);
  });
});

describe('lesson 39: before the next TMM is taken, every TMM that was replaced is looked at again', () => {
  const rotation = {
    differences: [ROTATE_1, ROTATE_2],
    restarts: [
      { node: 'worker1', pods: [pod('tmm-1')] },
      { node: 'worker2', pods: [pod('tmm-2')] },
    ],
  };

  test('one that is gone again is not up', async () => {
    rack.onCall = (call) => {
      if (call === 'write worker2')
        rack.pods.splice(0, rack.pods.length, ...rack.pods.filter(({ node }) => node !== 'worker1'));
    };
    expect(await worker(rotation).run()).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'replaced_tmm_down' },
    });
    expect(calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('one that came to another node counts as well', async () => {
    const restart = { restarts: rotation.restarts };
    rack = aRack(clock, { ...MAPPING, worker4: '10.20.4.1' }, ['worker1', 'worker2', 'worker3']);
    rack.replacementOf = (node) => (node === 'worker1' ? 'worker4' : node);
    const bot = worker(restart);
    bot.onAppend = async (event) => {
      if (event === 'step.done' && isEvicted(bot.change())) rack.down.add('10.20.4.1');
    };
    const change = await bot.run();
    expect(change.journal.find(({ step }) => step.kind === 'check')?.found).toContain(
      'on worker4 Established',
    );
    expect(change).toMatchObject({ state: 'halted', outcome: { reasonCode: 'replaced_tmm_down' } });
    expect(calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('at the end as well, wherever it runs', async () => {
    rack = aRack(clock, { ...MAPPING, worker4: '10.20.4.1' }, ['worker1', 'worker2', 'worker3']);
    rack.replacementOf = (node) => (node === 'worker1' ? 'worker4' : node);
    const bot = worker({ restarts: [{ node: 'worker1', pods: [pod('tmm-1')] }] });
    bot.onAppend = async (event) => {
      if (event === 'step.done' && isEvicted(bot.change())) rack.down.add('10.20.4.1');
    };
    expect(await bot.run()).toMatchObject({ state: 'halted', outcome: { reasonCode: 'session_down' } });
  });
});

describe('lesson 37: BGP is back is said only of what was looked at', () => {
  test('a mapping that was taken away before the end is not back', async () => {
    const bot = worker({ restarts: [{ node: 'worker1', pods: [pod('tmm-1')] }] });
    bot.onAppend = async (event) => {
      if (event === 'step.done' && isEvicted(bot.change())) delete rack.lookup.worker1;
    };
    expect(await bot.run()).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'replacement_unmapped' },
    });
  });

  test('a mapping that cannot be read before the end is not back', async () => {
    const bot = worker({ restarts: [{ node: 'worker1', pods: [pod('tmm-1')] }] });
    bot.onAppend = async (event) => {
      if (event === 'step.done' && isEvicted(bot.change())) rack.lookup.worker1 = 'router one';
    };
    expect(await bot.run()).toMatchObject({ state: 'halted', outcome: { reasonCode: 'mapping_unreadable' } });
  });

  test('pods that were scaled away are not told as replaced', async () => {
    rack.replacementOf = () => undefined;
    const workloads = [
      {
        kind: 'Deployment',
        name: 'f5-tmm',
        uid: 'd',
        ownerUids: ['rs'],
        generation: 2,
        observedGeneration: 2,
        desired: 0,
        current: 0,
        updated: 0,
        available: 0,
      },
    ];
    const { tmmState } = rack;
    rack.tmmState = async () => ({ ...(await tmmState()), workloads });
    rack.watched = false;
    const change = await worker({ restarts: [{ node: 'worker1', pods: [pod('tmm-1')] }] }).run();
    expect(change.outcome?.sentence).not.toContain('BGP is back');
  });

  test('the way back of add takes the mapping away, and the TMM that read it has no peer any more', async () => {
    const remove = { ...KEY, node: 'worker1', before: '10.20.1.1', after: null };
    const change = await worker({
      verb: 'rollback',
      differences: [remove],
      restarts: [{ node: 'worker1', pods: [pod('tmm-1')] }],
    }).run();
    expect(change).toMatchObject({ state: 'succeeded', outcome: { reasonCode: 'done' } });
  });
});
