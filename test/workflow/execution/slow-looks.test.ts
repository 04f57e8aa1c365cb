import { beforeEach, describe, expect, test } from '@jest/globals';
import { aSite, manyNodes, restart, type Site } from './a-site.ts';

const RESTART = restart('tmm-1', 'tmm-2');

let site: Site;
beforeEach(() => {
  site = aSite(manyNodes(4));
});

/** From now on each question to a pod takes so long; what is asked side by side takes as long together. */
function slow(ms: number): void {
  const { imish } = site.rack;
  let together: Promise<void> | undefined;
  site.rack.imish = async (pod, command) => {
    const answer = await imish(pod, command);
    together ??= Promise.resolve()
      .then(() => site.clock.sleep(ms))
      .finally(() => {
        together = undefined;
      });
    await together;
    return answer;
  };
}

describe('lesson 36: what a look saw is old when the look was slow', () => {
  test('a TMM that was replaced goes down while other pods are slow to answer: the next one stays', async () => {
    const bot = site.worker(RESTART);
    let began = false;
    site.rack.onCall = (call) => {
      if (call !== 'show bgp summary of tmm-2' || began || bot.change().journal.length < 3) return;
      began = true;
      slow(4_000);
      site.clock.after(5_000, () => site.rack.down.add('10.20.1.1'));
    };
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'replaced_tmm_down' });
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('where pods are always slow, all that was asked is asked again side by side, and the change goes on', async () => {
    slow(4_000);
    expect((await site.worker(RESTART).run()).state).toBe('succeeded');
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1', 'evict tmm-2']);
  });

  test('where no look is quick enough to be acted on, nothing is done, and the change halts and says so', async () => {
    slow(11_000);
    expect(await site.worker(RESTART).run()).toMatchObject({
      state: 'halted',
      outcome: {
        reasonCode: 'internal_error',
        sentence: expect.stringMatching(
          /^The last read of the cluster is \d+ s old, too old to act on, at every attempt: nothing more was done\.$/,
        ),
        next: expect.stringContaining(
          'Find out which answers slowly: Redis, the API server, or exec in the TMM pods',
        ),
      },
    });
    expect(site.calls(/^evict/)).toEqual([]);
  });
});
