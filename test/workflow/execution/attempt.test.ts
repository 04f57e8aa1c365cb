import { beforeEach, describe, expect, test } from '@jest/globals';
import { refuse } from '../../../src/domain/refusal.ts';
import type { EvictOutcome, WriteOutcome } from '../../../src/ports/cluster.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';
import { aSite, progressOf, ROTATE, restart, type Site } from './a-site.ts';

const BOB = { userId: 'U02BOB', teamId: 'T01RACK' };
const RESTART = restart('tmm-1');
const TMM_1 = { namespace: TARGET.tmm.namespace, name: 'tmm-1', uid: 'tmm-1' };
const NOT_SENT: WriteOutcome & EvictOutcome = {
  kind: 'refused',
  refusal: refuse('cluster_unreachable', 'The API server did not answer: connection refused.', 'Look at it.'),
};
const NOT_ANSWERED: WriteOutcome & EvictOutcome = { kind: 'unknown', why: 'the connection broke' };
const UNREADABLE = 'The API server answers 503.';

let site: Site;
beforeEach(() => {
  site = aSite();
});

describe('lesson 36: what the last look saw is acted on for five seconds at most', () => {
  test('the other TMM loses BGP while the intent is being noted: no eviction', async () => {
    const bot = site.worker(RESTART);
    bot.onAppend = async (event) => {
      if (event !== 'step.intended') return;
      site.clock.after(1_000, () => site.rack.down.add('10.20.2.1'));
      await site.clock.sleep(6_000);
    };
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('where all still holds at the second look, the pod is evicted, and the intent is noted once', async () => {
    const bot = site.worker(RESTART);
    bot.onAppend = async (event) => {
      if (event === 'step.intended') await site.clock.sleep(6_000);
    };
    expect((await bot.run()).state).toBe('succeeded');
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
    expect(bot.records.filter(({ event }) => event === 'step.intended')).toHaveLength(1);
    expect(progressOf(bot)).toContain(
      'The last read of the cluster is 6 s old, too old to act on: reading again',
    );
  });

  test('no pod is asked anything between the last look and the eviction', async () => {
    const bot = site.worker({ ...RESTART, allowOutage: true });
    const lastCalls: string[] = [];
    bot.onAppend = async (event) => {
      if (event === 'step.intended') lastCalls.push(...site.rack.calls.splice(0));
    };
    await bot.run();
    expect(lastCalls).toContain('show bgp neighbors of tmm-1');
    expect(site.rack.calls[0]).toBe('evict tmm-1');
  });

  test('the other TMM loses BGP while the credentials for the eviction do not come: no eviction', async () => {
    const { evict } = site.rack;
    const bot = site.worker(RESTART);
    site.rack.evict = async (pod, permit) => {
      site.clock.after(2_000, () => site.rack.down.add('10.20.2.1'));
      for (let left = 16; left > 0 && permit?.signal.aborted !== true; left -= 1) await underWay(500);
      return permit?.signal.aborted === true ? NOT_SENT : evict(pod);
    };
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('a machine that was suspended while the intent was being noted: no eviction before all is looked at again', async () => {
    const bot = site.worker(RESTART);
    const { now } = site.clock;
    bot.onAppend = async (event) => {
      if (event !== 'step.intended') return;
      site.clock.now = () => now() + 60_000;
      site.rack.down.add('10.20.2.1');
    };
    expect((await bot.run()).state).toBe('running');
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('somebody who says stop while the intent is being noted is heard', async () => {
    const bot = site.worker(RESTART);
    bot.onAppend = async (event) => {
      if (event === 'step.intended' && bot.change().cancelledBy === undefined) bot.edit({ cancelledBy: BOB });
    };
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'cancelled' });
    expect(site.calls(/^evict/)).toEqual([]);
  });
});

describe('lesson 44: an effect that could not be sent', () => {
  test('is sent again, with all preconditions anew, and the card says why it waits', async () => {
    site.rack.evictions.push(NOT_SENT, NOT_SENT);
    const bot = site.worker(RESTART);
    expect((await bot.run()).state).toBe('succeeded');
    expect(site.calls(/^evict/)).toHaveLength(3);
    expect(progressOf(bot)).toContain(
      'Evicting tmm-1 has been retried for 0 s: The API server did not answer: connection refused.',
    );
  });

  test('is not sent again once the last other TMM lost BGP', async () => {
    site.rack.evictions.push(NOT_SENT);
    site.clock.after(500, () => site.rack.down.add('10.20.2.1'));
    expect((await site.worker(RESTART).run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(site.calls(/^evict/)).toHaveLength(1);
  });

  test('halts at the bound, with what the API server said', async () => {
    site.rack.evictions.push(...Array.from({ length: 99 }, () => NOT_SENT));
    const change = await site.worker(RESTART).run();
    expect(change).toMatchObject({
      state: 'halted',
      outcome: {
        reasonCode: 'cluster_unreachable',
        sentence: expect.stringMatching(/^Evicting tmm-1 was tried for \d+ s: The API server did not answer/),
        next: 'Look at it.',
      },
    });
  });

  test('a write is sent again too', async () => {
    const { write } = site.rack;
    let tried = 0;
    site.rack.write = async (difference, anchor) => {
      tried += 1;
      return tried < 3 ? NOT_SENT : write(difference, anchor);
    };
    expect((await site.worker({ differences: [ROTATE] }).run()).state).toBe('succeeded');
    expect(site.rack.lookup.worker1).toBe('10.20.1.9');
  });

  test('what the server refuses is not asked twice', async () => {
    const refusal = refuse('cluster_forbidden', 'The bot may not create pods/eviction.', 'Grant it.');
    site.rack.evictions.push({ kind: 'refused', refusal });
    expect((await site.worker(RESTART).run()).outcome).toMatchObject({ reasonCode: 'cluster_forbidden' });
    expect(site.calls(/^evict/)).toHaveLength(1);
  });
});

describe('an effect that was sent and not answered', () => {
  test('is looked for: it happened, and is not done again', async () => {
    const { evict } = site.rack;
    site.rack.evict = async (pod) => {
      await evict(pod);
      return NOT_ANSWERED;
    };
    expect((await site.worker(RESTART).run()).state).toBe('succeeded');
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('is looked for: it did not happen, and all preconditions are asked before it is sent again', async () => {
    site.rack.evictions.push(NOT_ANSWERED);
    site.clock.after(500, () => site.rack.down.add('10.20.2.1'));
    expect((await site.worker(RESTART).run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(site.calls(/^evict/)).toHaveLength(1);
  });

  test('a write is looked for as well', async () => {
    const { write } = site.rack;
    site.rack.write = async (difference, anchor) => {
      await write(difference, anchor);
      return NOT_ANSWERED;
    };
    expect((await site.worker({ differences: [ROTATE] }).run()).state).toBe('succeeded');
    expect(site.calls(/^write/)).toHaveLength(1);
  });

  test('leaves it to a person where the cluster cannot be read for as long as the step may wait', async () => {
    site.rack.evictions.push(NOT_ANSWERED);
    site.rack.onCall = (call) => {
      if (call === 'evict tmm-1') site.rack.unreadable = UNREADABLE;
    };
    const bot = site.worker(RESTART);
    expect(await bot.run()).toMatchObject({
      state: 'outcome_unknown',
      outcome: { reasonCode: 'outcome_unknown', next: expect.stringContaining('kubectl get pods') },
    });
    expect(progressOf(bot)).toContainEqual(
      expect.stringMatching(
        /^Whether tmm-1 was evicted is unknown: the connection broke\. The cluster cannot be read yet/,
      ),
    );
  });

  test('that is never done is told with what the API server said', async () => {
    const why = 'The API server answered 500: failed calling webhook "guard.example.com".';
    site.rack.evictions.push(...Array.from({ length: 99 }, () => ({ kind: 'unknown', why }) as const));
    expect((await site.worker(RESTART).run()).outcome).toMatchObject({
      reasonCode: 'cluster_unreachable',
      sentence: expect.stringMatching(
        /^Evicting tmm-1 was tried for \d+ s: The API server answered 500: failed calling webhook "guard\.example\.com"\. The cluster shows that it was not done\.$/,
      ),
    });
  });

  test('is looked for until the bound and not a moment longer', async () => {
    site.rack.evictions.push(NOT_ANSWERED);
    const readAtMs: number[] = [];
    site.rack.onCall = (call) => {
      if (call === 'evict tmm-1') site.rack.unreadable = UNREADABLE;
      if (call === 'read' && site.rack.unreadable !== undefined) readAtMs.push(site.clock.monotonicMs());
    };
    await site.worker(RESTART).run();
    const [firstAtMs = 0] = readAtMs;
    expect(Math.max(...readAtMs) - firstAtMs).toBe(TARGET.timeouts.evictionTimeoutMs);
  });

  test('that happens only later is one that this change did', async () => {
    site.rack.evictions.push(NOT_ANSWERED);
    site.clock.after(500, () => void site.rack.remove(TMM_1));
    const change = await site.worker(RESTART).run();
    expect(change.state).toBe('succeeded');
    expect(change.journal.find(({ phase }) => phase === 'found')).toMatchObject({ found: 'evicted' });
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('is left to a person, and what was done at the same time stands in the journal', async () => {
    const { remove } = site.rack;
    site.rack.remove = async (pod) => {
      if (pod.name === 'tmm-1') return remove(pod);
      site.rack.unreadable = UNREADABLE;
      return NOT_ANSWERED;
    };
    const change = await site.worker({ strategy: 'all at once', ...restart('tmm-1', 'tmm-2') }).run();
    expect(change.state).toBe('outcome_unknown');
    const found = change.journal.filter(({ phase }) => phase === 'found');
    expect(found.map(({ step }) => step)).toMatchObject([{ kind: 'evict', pod: 'tmm-1' }]);
  });

  test('a stop does not end the look: it is known what became of it before the change stops', async () => {
    const { evict } = site.rack;
    const bot = site.worker(RESTART);
    site.rack.evict = async (pod) => {
      await evict(pod);
      bot.edit({ cancelledBy: BOB });
      site.rack.unreadable = UNREADABLE;
      site.clock.after(5_000, () => {
        site.rack.unreadable = undefined;
      });
      return NOT_ANSWERED;
    };
    const change = await bot.run();
    expect(change.outcome).toMatchObject({ reasonCode: 'cancelled' });
    expect(change.journal.at(-1)).toMatchObject({ phase: 'found', found: 'evicted' });
  });
});

test('lesson 41: a stop while an effect is under way is on the card at once, and holds when it is answered', async () => {
  const { evict } = site.rack;
  const bot = site.worker(RESTART);
  site.rack.evict = async (pod) => {
    site.clock.after(3_500, () => bot.edit({ cancelledBy: BOB }));
    await underWay(15_000);
    return evict(pod);
  };
  const change = await bot.run();
  expect(change.outcome).toMatchObject({
    reasonCode: 'cancelled',
    sentence: 'Stopped on request after 1 of 2 steps.',
  });
  expect(progressOf(bot)).toContainEqual(
    expect.stringMatching(/^Stopping\. Evicting tmm-1 has been under way for \d s: waiting for its result$/),
  );
});

test('lesson 41: a stop ends an effect that is not sent yet, within two seconds and without another word', async () => {
  const bot = site.worker(RESTART);
  let stoppedAtMs = 0;
  site.rack.evict = async (pod, permit) => {
    site.clock.after(3_500, () => {
      stoppedAtMs = site.clock.monotonicMs();
      bot.edit({ cancelledBy: BOB });
    });
    // The credentials of the kubeconfig do not come.
    while (permit?.signal.aborted !== true) await underWay(500);
    site.rack.calls.push(`not sent: ${pod.name}`);
    return NOT_SENT;
  };
  const change = await bot.run();
  expect(change.outcome).toMatchObject({
    reasonCode: 'cancelled',
    sentence: 'Stopped on request, before anything was done.',
  });
  expect(site.calls(/^not sent/)).toEqual(['not sent: tmm-1']);
  expect(site.clock.monotonicMs() - stoppedAtMs).toBeLessThanOrEqual(2_000);
  expect(progressOf(bot)).not.toContainEqual(expect.stringContaining('is tried again'));
});

test('lesson 41: of two pods at once one is deleted and the other not sent yet: a stop says nothing of another try', async () => {
  const bot = site.worker({ strategy: 'all at once', ...restart('tmm-1', 'tmm-2') });
  const { remove } = site.rack;
  site.rack.remove = async (pod, permit) => {
    if (pod.name === 'tmm-1') return remove(pod, permit);
    site.clock.after(3_500, () => bot.edit({ cancelledBy: BOB }));
    while (permit?.signal.aborted !== true) await underWay(500);
    return NOT_SENT;
  };
  expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'cancelled' });
  expect(progressOf(bot)).not.toContainEqual(expect.stringContaining('is tried again'));
});

/** The API server takes its time; whoever asks meanwhile has his turn. */
async function underWay(forMs: number): Promise<void> {
  const never = new AbortController().signal;
  for (let left = forMs; left > 0; left -= 500) await site.clock.sleep(500, never);
}

test('of two pods at once one goes late and the other cannot be sent yet: what came meanwhile is a replacement', async () => {
  const { remove } = site.rack;
  const tries = { 'tmm-1': 0, 'tmm-2': 0 };
  site.rack.remove = async (pod, permit) => {
    if (pod.name === 'tmm-1') {
      tries['tmm-1'] += 1;
      site.clock.after(500, () => void remove(pod, permit));
      return NOT_ANSWERED;
    }
    tries['tmm-2'] += 1;
    return tries['tmm-2'] < 5 ? NOT_SENT : remove(pod, permit);
  };
  const bot = site.worker({ strategy: 'all at once', ...restart('tmm-1', 'tmm-2') });
  expect((await bot.run()).state).toBe('succeeded');
  expect(tries).toEqual({ 'tmm-1': 1, 'tmm-2': 5 });
  expect(bot.records.filter(({ event }) => event === 'step.intended')).toHaveLength(2);
});
