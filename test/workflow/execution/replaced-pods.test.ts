import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { owned, withWorkload } from '../../domain/checks/a-workload.ts';
import { aSite, manyNodes, ROTATE, ROTATE_2, restart, rotation, type Site } from './a-site.ts';

const MAPPING = manyNodes(3);
const pod = (name: string) => ({ name, uid: name });

let site: Site;
beforeEach(() => {
  site = aSite(MAPPING);
});
/** Its last pod was taken, and what came instead has not been found up yet. */
const isEvicted = ({ journal }: Change): boolean => {
  const last = journal.at(-1);
  return last?.step.kind === 'evict' && last.phase === 'found';
};

describe('two TMM pods on one node', () => {
  test('are replaced one after the other: the second one peers with the old router until it goes', async () => {
    site = aSite(MAPPING, ['worker1', 'worker1', 'worker2']);
    const plan = {
      differences: [ROTATE],
      restarts: [{ node: 'worker1', pods: [pod('tmm-1'), pod('tmm-2')] }],
    };
    expect(await site.worker(plan).run()).toMatchObject({ state: 'succeeded' });
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1', 'evict tmm-2']);
  });
});

test('of TMM pods that have a controller each, the next one stays until the first has a successor', async () => {
  const { tmmState } = site.rack;
  site.rack.replacementOf = () => undefined;
  site.rack.tmmState = async () => {
    const state = await tmmState();
    if (isRefusal(state)) return state;
    const pods = state.pods.map((one) => owned(one, { kind: 'StatefulSet', name: one.name, uid: one.name }));
    // A controller is read while one of its pods names it.
    const workloads = pods.flatMap(({ name }) => {
      const counts = { desired: 1, current: 1, updated: 1, available: 1 };
      return withWorkload([], { name, uid: name, ownerUids: [name], ...counts }).workloads ?? [];
    });
    return { ...state, pods, workloads };
  };
  expect(await site.worker(restart('tmm-1', 'tmm-2')).run()).toMatchObject({
    state: 'halted',
    outcome: { reasonCode: 'replacement_missing' },
  });
  expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
});

describe('lesson 39: before the next TMM is taken, every TMM that was replaced is looked at again', () => {
  const rotation = {
    differences: [ROTATE, ROTATE_2],
    restarts: [
      { node: 'worker1', pods: [pod('tmm-1')] },
      { node: 'worker2', pods: [pod('tmm-2')] },
    ],
  };

  test('one that is gone again is not up', async () => {
    site.rack.onCall = (call) => {
      if (call === 'write worker2')
        site.rack.pods.splice(
          0,
          site.rack.pods.length,
          ...site.rack.pods.filter(({ node }) => node !== 'worker1'),
        );
    };
    expect(await site.worker(rotation).run()).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'replaced_tmm_down' },
    });
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('one that came to another node counts as well', async () => {
    const restart = { restarts: rotation.restarts };
    site = aSite(manyNodes(4), ['worker1', 'worker2', 'worker3']);
    site.rack.replacementOf = (node) => (node === 'worker1' ? 'worker4' : node);
    const bot = site.worker(restart);
    bot.onAppend = async (event) => {
      if (event === 'step.done' && isEvicted(bot.change())) site.rack.down.add('10.20.4.1');
    };
    const change = await bot.run();
    expect(change.journal.find(({ step }) => step.kind === 'check')?.found).toContain(
      'on worker4 Established',
    );
    expect(change).toMatchObject({ state: 'halted', outcome: { reasonCode: 'replaced_tmm_down' } });
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('at the end as well, wherever it runs', async () => {
    site = aSite(manyNodes(4), ['worker1', 'worker2', 'worker3']);
    site.rack.replacementOf = (node) => (node === 'worker1' ? 'worker4' : node);
    const bot = site.worker(restart('tmm-1'));
    bot.onAppend = async (event) => {
      if (event === 'step.done' && isEvicted(bot.change())) site.rack.down.add('10.20.4.1');
    };
    expect(await bot.run()).toMatchObject({ state: 'halted', outcome: { reasonCode: 'session_down' } });
  });
});

describe('lesson 43: a node that would not get its TMM back keeps the one it has', () => {
  const rotation = {
    differences: [ROTATE, ROTATE_2],
    restarts: [
      { node: 'worker1', pods: [pod('tmm-1')] },
      { node: 'worker2', pods: [pod('tmm-2')] },
    ],
  };
  const cordonedAt = (moment: string): void => {
    site.rack.onCall = (call) => {
      if (call === moment) site.rack.nodeOf = (name) => ({ name, ready: true, cordoned: name === 'worker2' });
    };
  };

  test.each([
    ['a rotation', rotation],
    ['a restart', restart('tmm-1', 'tmm-2')],
  ])('when it is cordoned while %s runs', async (_, plan) => {
    cordonedAt('evict tmm-1');
    const bot = site.worker(plan);
    expect(await bot.run()).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'node_unschedulable', node: 'worker2' },
    });
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
    bot.edit({ state: 'running', acceptedWithout: ['worker2'] });
    await bot.run();
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1', 'evict tmm-2']);
  });

  test('when it is gone', async () => {
    site.rack.nodeOf = (name) => (name === 'worker1' ? undefined : { name, ready: true, cordoned: false });
    expect(await site.worker(restart('tmm-1')).run()).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'node_unschedulable', node: 'worker1' },
    });
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('not where the approver saw it in the plan', async () => {
    cordonedAt('plan');
    const warnings = [{ code: 'replacement_unschedulable', sentence: 'It ends without.', node: 'worker2' }];
    await site.worker({ ...rotation, warnings }).run();
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1', 'evict tmm-2']);
  });
});

describe('lesson 37: BGP is back is said only of what was looked at', () => {
  const twoNodes = {
    differences: [ROTATE, ROTATE_2],
    restarts: [{ node: 'worker1', pods: [pod('tmm-1')] }],
  };

  test('a TMM that came to a node before its new mapping was written does not peer by it', async () => {
    site = aSite(MAPPING, ['worker1', 'worker3']);
    site.rack.onCall = (call) => {
      if (call === 'evict tmm-1') site.rack.scaleUp('worker2');
    };
    expect(await site.worker(twoNodes).run()).toMatchObject({
      state: 'halted',
      outcome: {
        reasonCode: 'wrong_peers',
        sentence: expect.stringMatching(/^tmm-3 came to worker2 while this change ran, and may have read/),
        next: 'Restart it, then check again: kubectl delete pod tmm-3 -n spk-ingress',
      },
    });
  });

  test('one that also keeps a router that the node does not have any more is not what was approved', async () => {
    const both = { ...MAPPING, worker1: '10.20.1.1,10.20.1.9' };
    site = aSite(both, ['worker1', 'worker3']);
    site.rack.onCall = (call) => {
      if (call === 'write worker1') site.rack.scaleUp('worker1');
    };
    const fewer = { ...ROTATE, before: both.worker1 };
    expect(await site.worker({ ...twoNodes, differences: [fewer] }).run()).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'wrong_peers', sentence: expect.stringContaining('tmm-3 came to worker1') },
    });
  });

  test('a TMM that came after the new mapping was written peers by it', async () => {
    site = aSite(MAPPING, ['worker1', 'worker3']);
    const bot = site.worker(twoNodes);
    bot.onAppend = async (event) => {
      const isWritten = event === 'step.done' && site.rack.lookup.worker2 === ROTATE_2.after;
      if (isWritten) site.rack.scaleUp('worker2');
    };
    expect(await bot.run()).toMatchObject({ state: 'succeeded' });
    expect(site.rack.pods.map(({ node }) => node)).toContain('worker2');
  });

  test('a mapping that was taken away before the end is not back', async () => {
    const bot = site.worker(restart('tmm-1'));
    bot.onAppend = async (event) => {
      if (event === 'step.done' && isEvicted(bot.change())) delete site.rack.lookup.worker1;
    };
    expect(await bot.run()).toMatchObject({
      state: 'halted',
      outcome: { reasonCode: 'replacement_unmapped' },
    });
  });

  test('a mapping that cannot be read before the end is not back', async () => {
    const bot = site.worker(restart('tmm-1'));
    bot.onAppend = async (event) => {
      if (event === 'step.done' && isEvicted(bot.change())) site.rack.lookup.worker1 = 'router one';
    };
    expect(await bot.run()).toMatchObject({ state: 'halted', outcome: { reasonCode: 'mapping_unreadable' } });
  });

  test('a pod that was scaled away is told as gone without a replacement', async () => {
    site.rack.replacementOf = () => undefined;
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
    const { tmmState } = site.rack;
    site.rack.tmmState = async () => ({ ...(await tmmState()), workloads });
    site.rack.watched = false;
    const change = await site.worker(restart('tmm-1')).run();
    expect(change.outcome?.sentence).toBe(
      'worker1 has no TMM any more, 1 TMM pod gone without a replacement',
    );
  });

  test('the way back of add takes the mapping away, and the TMM that read it has no peer any more', async () => {
    const remove = rotation('worker1', '10.20.1.1', null);
    const change = await site
      .worker({
        verb: 'rollback',
        differences: [remove],
        restarts: [{ node: 'worker1', pods: [pod('tmm-1')] }],
      })
      .run();
    expect(change).toMatchObject({ state: 'succeeded', outcome: { reasonCode: 'done' } });
  });
});
