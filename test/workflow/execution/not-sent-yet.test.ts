import { beforeEach, describe, expect, test } from '@jest/globals';
import { refuse } from '../../../src/domain/refusal.ts';
import { aSite, manyNodes, restart, type Site } from './a-site.ts';

const STOPPED = {
  kind: 'refused',
  refusal: refuse(
    'cluster_unreachable',
    'Nothing was sent: somebody stopped the change first.',
    'Try again in a moment.',
  ),
} as const;

let site: Site;
beforeEach(() => {
  site = aSite(manyNodes(3));
});

/** The credentials for an eviction take so long; what is called off by then is not sent. */
function slowCredentials(forMs: number): void {
  const { evict } = site.rack;
  const never = new AbortController().signal;
  site.rack.evict = async (pod, permit) => {
    for (let left = forMs; left > 0 && permit?.signal.aborted !== true; left -= 100)
      await site.clock.sleep(100, never);
    return permit?.signal.aborted === true ? STOPPED : evict(pod);
  };
}

describe('lesson 29: what is not sent yet is not sent any more', () => {
  test('once the lease is lost', async () => {
    slowCredentials(400);
    const bot = site.worker(restart('tmm-1'));
    bot.onAppend = async (event) => {
      if (event === 'step.intended') site.clock.after(200, () => bot.loseLease());
    };
    await bot.run();
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('once the machine was suspended', async () => {
    slowCredentials(400);
    const bot = site.worker(restart('tmm-1'));
    const { now } = site.clock;
    bot.onAppend = async (event) => {
      if (event !== 'step.intended') return;
      site.clock.after(200, () => {
        site.clock.now = () => now() + 60_000;
      });
    };
    await bot.run();
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('by a process that stood still, before it has looked again', async () => {
    const { evict } = site.rack;
    const { monotonicMs } = site.clock;
    const bot = site.worker(restart('tmm-1'));
    let looks = 0;
    site.rack.evict = async (pod, permit) => {
      looks += 1;
      // No timer has run yet when it goes on.
      if (looks === 1) site.clock.monotonicMs = () => monotonicMs() + 20_000;
      if (permit?.holds() !== true) return STOPPED;
      site.rack.calls.push(`sent after ${looks} looks`);
      return evict(pod);
    };
    await bot.run();
    expect(site.calls(/^sent/)).toEqual(['sent after 2 looks']);
  });

  test('by a process that did not hear of it: it asks whether it still may, immediately before it sends', async () => {
    const { evict } = site.rack;
    const bot = site.worker(restart('tmm-1'));
    const mayStill: (boolean | undefined)[] = [];
    site.rack.evict = async (pod, permit) => {
      mayStill.push(permit?.holds());
      site.clock.after(200, () => bot.edit({ cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } }));
      while (permit?.signal.aborted !== true) await site.clock.sleep(100, new AbortController().signal);
      mayStill.push(permit.holds());
      return permit.holds() ? evict(pod) : STOPPED;
    };
    await bot.run();
    expect(mayStill).toEqual([true, false]);
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('by a process whose lease was lost a moment ago', async () => {
    const bot = site.worker(restart('tmm-1'));
    const mayStill: (boolean | undefined)[] = [];
    site.rack.evict = async (_, permit) => {
      bot.loseLease();
      mayStill.push(permit?.holds());
      return STOPPED;
    };
    await bot.run();
    expect(mayStill).toEqual([false]);
  });

  test('by a process whose lease is over by its own clock, before it hears of that', async () => {
    const bot = site.worker(restart('tmm-1'));
    const mayStill: (boolean | undefined)[] = [];
    site.rack.evict = async (_, permit) => {
      bot.leaseIsOver = true;
      mayStill.push(permit?.holds());
      return STOPPED;
    };
    await bot.run();
    expect(mayStill).toEqual([false]);
  });

  test('while nobody can be asked whether somebody said stop', async () => {
    slowCredentials(400);
    const bot = site.worker(restart('tmm-1'));
    bot.onAppend = async (event) => {
      if (event === 'step.intended') site.clock.after(200, () => bot.loseStore());
    };
    await expect(bot.run()).rejects.toThrow('Redis is away');
    expect(site.calls(/^evict/)).toEqual([]);
  });
});

test('lesson 36: noting what is done already takes long: what was seen is looked at again before the rest goes', async () => {
  const bot = site.worker({ ...restart('tmm-1', 'tmm-2'), strategy: 'all at once' });
  site.rack.onCall = (call) => {
    if (call === 'plan') site.rack.pods.splice(0, 1);
  };
  bot.onAppend = async (event) => {
    if (event !== 'step.done' || bot.change().journal.length > 2) return;
    site.clock.after(1_000, () => delete site.rack.lookup.worker2);
    await site.clock.sleep(11_000);
  };
  expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'replacement_unmapped' });
  expect(site.calls(/^delete/)).toEqual([]);
});
