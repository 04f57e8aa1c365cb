import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Difference, Plan } from '../../../src/domain/change/plan.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { EvictOutcome, WriteOutcome } from '../../../src/ports/cluster.ts';
import { aClock, aRack, type DrivenClock, type Rack } from './a-rack.ts';
import { aWorker, type Worker } from './a-worker.ts';

const BOB = { userId: 'U02BOB', teamId: 'T01RACK' };
const RESTART: Pick<Plan, 'restarts'> = {
  restarts: [{ node: 'worker1', pods: [{ name: 'tmm-1', uid: 'tmm-1' }] }],
};
const ROTATE: Difference = {
  lookup: 'tor',
  asn: 3535,
  node: 'worker1',
  createsLookup: false,
  before: '10.20.1.1',
  after: '10.20.1.9',
};
const NOT_SENT: WriteOutcome & EvictOutcome = {
  kind: 'refused',
  refusal: refuse('cluster_unreachable', 'The API server did not answer: connection refused.', 'Look at it.'),
};
const NOT_ANSWERED: WriteOutcome & EvictOutcome = { kind: 'unknown', why: 'the connection broke' };
const UNREADABLE = 'The API server answers 503.';

let clock: DrivenClock;
let rack: Rack;
beforeEach(() => {
  clock = aClock();
  rack = aRack(clock, { worker1: '10.20.1.1', worker2: '10.20.2.1' });
});

const worker = (plan: Partial<Plan>): Worker => aWorker(clock, rack, plan);
const calls = (pattern: RegExp): readonly string[] => rack.calls.filter((call) => pattern.test(call));
const progress = ({ records }: Worker): readonly string[] =>
  records.filter(({ event }) => event === 'change.progress').map(({ data }) => String(data.progress));

describe('lesson 36: what the last look saw is acted on for five seconds at most', () => {
  test('the other TMM loses BGP while the intent is being noted: no eviction', async () => {
    const bot = worker(RESTART);
    bot.onAppend = async (event) => {
      if (event !== 'step.intended') return;
      clock.after(1_000, () => rack.down.add('10.20.2.1'));
      await clock.sleep(6_000);
    };
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(calls(/^evict/)).toEqual([]);
  });

  test('where all still holds at the second look, the pod is evicted, and the intent is noted once', async () => {
    const bot = worker(RESTART);
    bot.onAppend = async (event) => {
      if (event === 'step.intended') await clock.sleep(6_000);
    };
    expect((await bot.run()).state).toBe('succeeded');
    expect(calls(/^evict/)).toEqual(['evict tmm-1']);
    expect(bot.records.filter(({ event }) => event === 'step.intended')).toHaveLength(1);
    expect(progress(bot)).toContain(
      '6 s passed between the beginning of the last look at the cluster and the next step: it is looked at again',
    );
  });

  test('no pod is asked anything between the last look and the eviction', async () => {
    const bot = worker({ ...RESTART, allowOutage: true });
    const lastCalls: string[] = [];
    bot.onAppend = async (event) => {
      if (event === 'step.intended') lastCalls.push(...rack.calls.splice(0));
    };
    await bot.run();
    expect(lastCalls).toContain('show bgp neighbors of tmm-1');
    expect(rack.calls[0]).toBe('evict tmm-1');
  });

  test('the other TMM loses BGP while the credentials for the eviction do not come: no eviction', async () => {
    const { evict } = rack;
    const bot = worker(RESTART);
    rack.evict = async (pod, stop) => {
      clock.after(2_000, () => rack.down.add('10.20.2.1'));
      for (let left = 16; left > 0 && stop?.aborted !== true; left -= 1) await underWay(500);
      return stop?.aborted === true ? NOT_SENT : evict(pod);
    };
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(calls(/^evict/)).toEqual([]);
  });

  test('a machine that was suspended while the intent was being noted: no eviction before all is looked at again', async () => {
    const bot = worker(RESTART);
    const { now } = clock;
    bot.onAppend = async (event) => {
      if (event !== 'step.intended') return;
      clock.now = () => now() + 60_000;
      rack.down.add('10.20.2.1');
    };
    expect((await bot.run()).state).toBe('running');
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(calls(/^evict/)).toEqual([]);
  });

  test('somebody who says stop while the intent is being noted is heard', async () => {
    const bot = worker(RESTART);
    bot.onAppend = async (event) => {
      if (event === 'step.intended' && bot.change().cancelledBy === undefined) bot.edit({ cancelledBy: BOB });
    };
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'cancelled' });
    expect(calls(/^evict/)).toEqual([]);
  });
});

describe('lesson 44: an effect that could not be sent', () => {
  test('is sent again, with all preconditions anew, and the card says why it waits', async () => {
    rack.evictions.push(NOT_SENT, NOT_SENT);
    const bot = worker(RESTART);
    expect((await bot.run()).state).toBe('succeeded');
    expect(calls(/^evict/)).toHaveLength(3);
    expect(progress(bot)).toContain(
      'Evicting tmm-1 is tried again, 0 s: The API server did not answer: connection refused.',
    );
  });

  test('is not sent again once the last other TMM lost BGP', async () => {
    rack.evictions.push(NOT_SENT);
    clock.after(500, () => rack.down.add('10.20.2.1'));
    expect((await worker(RESTART).run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(calls(/^evict/)).toHaveLength(1);
  });

  test('halts at the bound, with what the API server said', async () => {
    rack.evictions.push(...Array.from({ length: 99 }, () => NOT_SENT));
    const change = await worker(RESTART).run();
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
    const { write } = rack;
    let tried = 0;
    rack.write = async (difference, anchor) => {
      tried += 1;
      return tried < 3 ? NOT_SENT : write(difference, anchor);
    };
    expect((await worker({ differences: [ROTATE] }).run()).state).toBe('succeeded');
    expect(rack.lookup.worker1).toBe('10.20.1.9');
  });

  test('what the server refuses is not asked twice', async () => {
    const refusal = refuse('cluster_forbidden', 'The bot may not create pods/eviction.', 'Grant it.');
    rack.evictions.push({ kind: 'refused', refusal });
    expect((await worker(RESTART).run()).outcome).toMatchObject({ reasonCode: 'cluster_forbidden' });
    expect(calls(/^evict/)).toHaveLength(1);
  });
});

describe('an effect that was sent and not answered', () => {
  test('is looked for: it happened, and is not done again', async () => {
    const { evict } = rack;
    rack.evict = async (pod) => {
      await evict(pod);
      return NOT_ANSWERED;
    };
    expect((await worker(RESTART).run()).state).toBe('succeeded');
    expect(calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('is looked for: it did not happen, and all preconditions are asked before it is sent again', async () => {
    rack.evictions.push(NOT_ANSWERED);
    clock.after(500, () => rack.down.add('10.20.2.1'));
    expect((await worker(RESTART).run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(calls(/^evict/)).toHaveLength(1);
  });

  test('a write is looked for as well', async () => {
    const { write } = rack;
    rack.write = async (difference, anchor) => {
      await write(difference, anchor);
      return NOT_ANSWERED;
    };
    expect((await worker({ differences: [ROTATE] }).run()).state).toBe('succeeded');
    expect(calls(/^write/)).toHaveLength(1);
  });

  test('leaves it to a person where the cluster cannot be read for as long as the step may wait', async () => {
    rack.evictions.push(NOT_ANSWERED);
    rack.onCall = (call) => {
      if (call === 'evict tmm-1') rack.unreadable = UNREADABLE;
    };
    const bot = worker(RESTART);
    expect(await bot.run()).toMatchObject({
      state: 'outcome_unknown',
      outcome: { reasonCode: 'outcome_unknown', next: expect.stringContaining('kubectl get pods') },
    });
    expect(progress(bot)).toContainEqual(expect.stringContaining('The cluster cannot be read yet'));
  });

  test('a stop does not end the look: it is known what became of it before the change stops', async () => {
    const { evict } = rack;
    const bot = worker(RESTART);
    rack.evict = async (pod) => {
      await evict(pod);
      bot.edit({ cancelledBy: BOB });
      rack.unreadable = UNREADABLE;
      clock.after(5_000, () => {
        rack.unreadable = undefined;
      });
      return NOT_ANSWERED;
    };
    const change = await bot.run();
    expect(change.outcome).toMatchObject({ reasonCode: 'cancelled' });
    expect(change.journal.at(-1)).toMatchObject({ phase: 'found', found: 'evicted' });
  });
});

test('lesson 41: a stop while an effect is under way is on the card at once, and holds when it is answered', async () => {
  const { evict } = rack;
  const bot = worker(RESTART);
  rack.evict = async (pod) => {
    clock.after(3_500, () => bot.edit({ cancelledBy: BOB }));
    await underWay(15_000);
    return evict(pod);
  };
  const change = await bot.run();
  expect(change.outcome).toMatchObject({
    reasonCode: 'cancelled',
    sentence: 'Stopped on request after 1 of 2 steps.',
  });
  expect(progress(bot)).toContainEqual(
    expect.stringMatching(
      /^Stopping\. Evicting tmm-1 is under way for \d s: what becomes of it is waited for$/,
    ),
  );
});

test('lesson 41: a stop ends an effect that is not sent yet, within two seconds and without another word', async () => {
  const bot = worker(RESTART);
  let stoppedAtMs = 0;
  rack.evict = async (pod, stop) => {
    clock.after(3_500, () => {
      stoppedAtMs = clock.monotonicMs();
      bot.edit({ cancelledBy: BOB });
    });
    // The credentials of the kubeconfig do not come.
    while (stop?.aborted !== true) await underWay(500);
    rack.calls.push(`not sent: ${pod.name}`);
    return NOT_SENT;
  };
  const change = await bot.run();
  expect(change.outcome).toMatchObject({
    reasonCode: 'cancelled',
    sentence: 'Stopped on request, before anything was done.',
  });
  expect(calls(/^not sent/)).toEqual(['not sent: tmm-1']);
  expect(clock.monotonicMs() - stoppedAtMs).toBeLessThanOrEqual(2_000);
  expect(progress(bot)).not.toContainEqual(expect.stringContaining('is tried again'));
});

test('effects that happen at once each have a signal of their own: Node warns of a leak where more than ten listen to one', async () => {
  const pods = Array.from({ length: 12 }, (_, index) => ({
    name: `tmm-${index + 1}`,
    uid: `tmm-${index + 1}`,
  }));
  rack = aRack(
    clock,
    Object.fromEntries(pods.map((_, index) => [`worker${index + 1}`, `10.20.${index + 1}.1`])),
  );
  const stops = new Set<AbortSignal | undefined>();
  const { remove } = rack;
  rack.remove = async (pod, stop) => {
    stops.add(stop);
    return remove(pod);
  };
  const restarts = pods.map((pod, index) => ({ node: `worker${index + 1}`, pods: [pod] }));
  expect((await worker({ restarts, strategy: 'all at once' }).run()).state).toBe('succeeded');
  expect(stops.size).toBe(pods.length);
});

/** The API server takes its time; whoever asks meanwhile has his turn. */
async function underWay(forMs: number): Promise<void> {
  const never = new AbortController().signal;
  for (let left = forMs; left > 0; left -= 500) await clock.sleep(500, never);
}
