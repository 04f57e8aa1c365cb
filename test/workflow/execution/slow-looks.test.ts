import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/change/plan.ts';
import { aClock, aRack, type DrivenClock, type Rack } from './a-rack.ts';
import { aWorker, type Worker } from './a-worker.ts';

const NODES = ['worker1', 'worker2', 'worker3', 'worker4'];
const RESTART: Pick<Plan, 'restarts'> = {
  restarts: [
    { node: 'worker1', pods: [{ name: 'tmm-1', uid: 'tmm-1' }] },
    { node: 'worker2', pods: [{ name: 'tmm-2', uid: 'tmm-2' }] },
  ],
};

let clock: DrivenClock;
let rack: Rack;
beforeEach(() => {
  clock = aClock();
  rack = aRack(clock, Object.fromEntries(NODES.map((node, index) => [node, `10.20.${index + 1}.1`])));
});

const worker = (plan: Partial<Plan>): Worker => aWorker(clock, rack, plan);
const calls = (pattern: RegExp): readonly string[] => rack.calls.filter((call) => pattern.test(call));

/** From now on each question to a pod takes so long; what is asked side by side takes as long together. */
function slow(ms: number): void {
  const { imish } = rack;
  let together: Promise<void> | undefined;
  rack.imish = async (pod, command) => {
    const answer = await imish(pod, command);
    together ??= Promise.resolve()
      .then(() => clock.sleep(ms))
      .finally(() => {
        together = undefined;
      });
    await together;
    return answer;
  };
}

describe('lesson 36: what a look saw is old when the look was slow', () => {
  test('a TMM that was replaced goes down while other pods are slow to answer: the next one stays', async () => {
    const bot = worker(RESTART);
    let began = false;
    rack.onCall = (call) => {
      if (call !== 'show bgp summary of tmm-2' || began || bot.change().journal.length < 3) return;
      began = true;
      slow(4_000);
      clock.after(5_000, () => rack.down.add('10.20.1.1'));
    };
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'replaced_tmm_down' });
    expect(calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('where pods are always slow, all that was asked is asked again side by side, and the change goes on', async () => {
    slow(4_000);
    expect((await worker(RESTART).run()).state).toBe('succeeded');
    expect(calls(/^evict/)).toEqual(['evict tmm-1', 'evict tmm-2']);
  });
});
