import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';
import { aSite, manyNodes, progressOf, ROTATE, ROTATE_2, restart, type Site } from './a-site.ts';

let site: Site;
beforeEach(() => {
  site = aSite();
});
const journal = ({ journal: entries }: Change): readonly string[] =>
  entries.map(({ step, phase }) => `${step.kind} ${phase}`);

describe('a rotation of one pod', () => {
  const plan = { differences: [ROTATE], ...restart('tmm-1') };

  test('writes, evicts, and is done when BGP is back', async () => {
    const change = await site.worker(plan).run();
    expect(change).toMatchObject({
      state: 'succeeded',
      outcome: { sentence: '1 mapping written, 1 TMM pod replaced, BGP is back' },
    });
    expect(site.rack.lookup.worker1).toBe('10.20.1.9');
    expect(journal(change)).toEqual([
      'write intended',
      'write found',
      'evict intended',
      'evict found',
      'check found',
    ]);
    expect(change.journal.at(-1)?.found).toBe('tmm-3 on worker1 Established');
    expect(change.journal[2]?.before).toEqual({
      announced: { worker1: { '10.20.1.1': 3 } },
      pods: ['tmm-1', 'tmm-2'],
      controllers: ['rs'],
    });
  });

  test('reads the cluster at most 6 times and asks pods at most 12 times', async () => {
    await site.worker(plan).run();
    expect(site.calls(/^(read|plan)$/).length).toBeLessThanOrEqual(6);
    expect(site.calls(/^show/).length).toBeLessThanOrEqual(12);
  });

  test.each([1_000, 10_000, 20_000, 25_000])(
    'asks pods at most 18 times, and is done as soon as the session has lasted, where the router answers after %i ms',
    async (afterMs) => {
      site.rack.down.add('10.20.1.9');
      let upAtMs = 0;
      site.clock.after(8_000 + afterMs, () => {
        site.rack.down.delete('10.20.1.9');
        upAtMs = site.clock.monotonicMs();
      });
      expect((await site.worker(plan).run()).state).toBe('succeeded');
      expect(site.calls(/^show/).length).toBeLessThanOrEqual(18);
      expect(site.clock.monotonicMs() - upAtMs).toBeLessThanOrEqual(TARGET.timeouts.holdTimeMs + 2_000);
    },
  );

  test('asks what the pod carries, then other TMMs for their sessions and what these announce, and only until one says yes', async () => {
    site = aSite(manyNodes(3));
    await site.worker(plan).run();
    const before = site.rack.calls.slice(0, site.rack.calls.indexOf('evict tmm-1'));
    expect(before.filter((call) => call.startsWith('show'))).toEqual([
      'show bgp summary of tmm-1',
      'show bgp neighbors of tmm-1',
      'show bgp summary of tmm-2',
      'show bgp neighbors of tmm-2',
    ]);
  });

  test('lesson 37: looks at mapping and sessions once more before it says done', async () => {
    await site.worker(plan).run();
    expect(site.rack.calls.slice(-2).toSorted()).toEqual(['read', 'show bgp summary of tmm-3']);
  });

  test('without the watches it reads the cluster at each look, and ends the same', async () => {
    site.rack.watched = false;
    expect((await site.worker(plan).run()).state).toBe('succeeded');
  });

  test('says what it waits for: at once when that is new, else every few seconds', async () => {
    site.rack.down.add('10.20.1.9');
    site.clock.after(15_000, () => site.rack.down.clear());
    const bot = site.worker(plan);
    await bot.run();
    const waits = progressOf(bot).filter((words) => String(words).includes('→'));
    expect(waits[0]).toBe('worker1 → 10.20.1.9 is Connect (no answer on TCP 179), 0 s of 30 s');
    expect(waits.length).toBeLessThanOrEqual(4);
    expect(progressOf(bot)).toContainEqual(
      expect.stringMatching(/^tmm-1 on worker1 is still ending, 0 s of \d/),
    );
    expect(progressOf(bot)).toContainEqual(
      expect.stringMatching(/^tmm-3 on worker1 is not Ready \(Pending\), 1 s of \d/),
    );
  });
});

describe('a check that does not hold', () => {
  const plan = { differences: [ROTATE], ...restart('tmm-1') };

  test('halts at its bound, with what is wrong, what it means for traffic, and a hint that knows the pages', async () => {
    site.rack.down.add('10.20.1.9');
    const change = await site.worker(plan).run();
    expect(change).toMatchObject({
      state: 'halted',
      outcome: {
        reasonCode: 'session_down',
        sentence: 'worker1 → 10.20.1.9 did not come up in 30 s (Connect: no answer on TCP 179).',
        traffic: expect.stringMatching(/^✓ worker2 carries · ✗ worker1 carries nothing$/),
        hint: expect.stringContaining('no notification was seen; no password is set here'),
      },
    });
  });

  test('halts also where reading what traffic does goes wrong, and says so', async () => {
    site.rack.down.add('10.20.1.9');
    site.rack.onCall = (call) => {
      if (call === 'show running-config of tmm-2') throw new Error('cannot read properties of undefined');
    };
    expect(await site.worker(plan).run()).toMatchObject({
      state: 'halted',
      outcome: { traffic: 'unknown (internal error: cannot read properties of undefined)' },
    });
  });

  test('once the router answers, resume goes on from there: no second write, no second eviction', async () => {
    site.rack.down.add('10.20.1.9');
    const bot = site.worker(plan);
    await bot.run();
    site.rack.down.clear();
    bot.edit({ state: 'running' });
    expect((await bot.run()).state).toBe('succeeded');
    expect(site.calls(/^(write|evict)/)).toEqual(['write worker1', 'evict tmm-1']);
  });

  test('fewer prefixes than before halt it', async () => {
    site.rack.onCall = (call) => {
      if (call === 'evict tmm-1') site.rack.announces = 1;
    };
    expect((await site.worker(plan).run()).outcome).toMatchObject({
      reasonCode: 'prefixes_missing',
      sentence: expect.stringMatching(
        /^tmm-3 on worker1 announces 1 of 3 prefixes to 10.20.1.9 after 30 s\./,
      ),
    });
  });

  test('a halt leaves the nodes behind it as they were', async () => {
    site.rack.down.add('10.20.1.9');
    await site.worker({ differences: [ROTATE, ROTATE_2], ...restart('tmm-1', 'tmm-2') }).run();
    expect(site.rack.lookup.worker2).toBe('10.20.2.1');
    expect(site.calls(/^(write|evict)/)).toEqual(['write worker1', 'evict tmm-1']);
  });

  test('a value that somebody else wrote is left alone', async () => {
    site.rack.onCall = (call) => {
      if (call === 'plan') site.rack.lookup.worker1 = '10.20.1.5';
    };
    expect((await site.worker(plan).run()).outcome).toMatchObject({
      reasonCode: 'mapping_changed_meanwhile',
    });
    expect(site.calls(/^write/)).toEqual([]);
  });

  test('a value that does not hold after the write stops the change before any pod goes', async () => {
    site.rack.onCall = (call) => {
      if (call !== 'write worker1') return;
      site.clock.after(0, () => undefined);
      queueMicrotask(() => {
        site.rack.lookup.worker1 = '10.20.1.1';
      });
    };
    const change = await site.worker(plan).run();
    expect(change.outcome).toMatchObject({
      reasonCode: 'mapping_moved',
      sentence: 'tor holds "10.20.1.1" for worker1, written by somebody else; this change wrote "10.20.1.9".',
    });
    expect(journal(change)).toEqual(['write intended', 'write found']);
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('a mapping that the replacement finds nothing in fails at once', async () => {
    site.rack.onCall = (call) => {
      if (call === 'evict tmm-1') delete site.rack.lookup.worker1;
    };
    expect((await site.worker(restart('tmm-1')).run()).outcome).toMatchObject({
      reasonCode: 'replacement_unmapped',
    });
  });
});

describe('lesson 36: every precondition is evaluated immediately before each attempt at an effect', () => {
  const plan = restart('tmm-1');
  const blocked = { kind: 'blocked', why: 'budget tmm-stays needs 2.' } as const;

  test('after waiting for a budget: the last TMM with a session stays, though the budget opened', async () => {
    site.rack.evictions.push(blocked, blocked);
    site.clock.after(1_500, () => site.rack.down.add('10.20.2.1'));
    const change = await site.worker(plan).run();
    expect(change.outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(site.rack.pods.map(({ name, terminating }) => [name, terminating])).toEqual([
      ['tmm-1', false],
      ['tmm-2', false],
    ]);
  });

  test('after a takeover: what was only intended is checked again before it is done', async () => {
    site.rack.down.add('10.20.2.1');
    const bot = site.worker(plan);
    const step = { kind: 'evict', node: 'worker1', pod: 'tmm-1', uid: 'tmm-1' } as const;
    const before = { announced: {}, pods: ['tmm-1', 'tmm-2'] };
    bot.edit({ state: 'running', journal: [{ step, phase: 'intended', atMs: 0, before }] });
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'last_carrying_tmm' });
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('between two attempts somebody may stop it', async () => {
    site.rack.evictions.push(blocked, blocked, blocked);
    const bot = site.worker(plan);
    site.clock.after(1_500, () => bot.edit({ cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } }));
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'cancelled' });
    expect(site.calls(/^evict/).length).toBe(2);
  });

  test('a plan that allows an outage is not asked for another TMM', async () => {
    site.rack.down.add('10.20.2.1');
    expect((await site.worker({ ...plan, allowOutage: true }).run()).state).toBe('succeeded');
    expect(site.calls(/summary of tmm-2/)).toEqual([]);
  });
});

describe('an eviction', () => {
  const plan = restart('tmm-1');

  test('that a budget blocks is tried until its bound, is named, and halts', async () => {
    site.rack.evictions.push(
      ...Array.from({ length: 99 }, () => ({ kind: 'blocked', why: 'budget x.' }) as const),
    );
    const change = await site.worker(plan).run();
    expect(change.outcome).toMatchObject({
      reasonCode: 'eviction_blocked',
      sentence: expect.stringMatching(/^tmm-1 on worker1 could not be evicted for \d+ s: budget x\./),
    });
    expect(journal(change)).toEqual(['evict intended']);
  });

  test('done before a crash, before the journal said so, is not done to another pod', async () => {
    const bot = site.worker(plan);
    const step = { kind: 'evict', node: 'worker1', pod: 'tmm-1', uid: 'tmm-1' } as const;
    const before = { announced: {}, pods: ['tmm-1', 'tmm-2'] };
    await site.rack.evict({ namespace: 'spk-ingress', name: 'tmm-1', uid: 'tmm-1' });
    bot.edit({ state: 'running', journal: [{ step, phase: 'intended', atMs: 0, before }] });
    expect((await bot.run()).state).toBe('succeeded');
    expect(site.rack.pods.map(({ name }) => name)).toEqual(['tmm-2', 'tmm-3']);
  });
});

describe('a cluster that cannot be read', () => {
  test('lesson 44: one failed read never halts a change', async () => {
    let reads = 0;
    site.rack.onCall = (call) => {
      if (call === 'read') reads += 1;
      site.rack.unreadable = call === 'read' && reads % 2 === 1 ? 'The API server answers 503.' : undefined;
    };
    expect((await site.worker({ differences: [ROTATE], ...restart('tmm-1') }).run()).state).toBe('succeeded');
  });

  test('for longer than the bound halts the change, and nothing was done', async () => {
    site.rack.onCall = (call) => {
      site.rack.unreadable = call === 'read' ? 'The API server answers 503.' : undefined;
    };
    const change = await site.worker(restart('tmm-1')).run();
    expect(change.outcome).toMatchObject({
      reasonCode: 'cluster_unreachable',
      sentence: expect.stringMatching(
        /^The cluster cannot be read \(The API server answers 503\) after \d+ s\.$/,
      ),
    });
    expect(change.journal).toEqual([]);
  });
});

describe('the world that moves meanwhile', () => {
  const rotation = { differences: [ROTATE, ROTATE_2], ...restart('tmm-1', 'tmm-2') };

  test('lesson 37: a key that somebody moves back during a halt is noticed when it goes on', async () => {
    site.rack.down.add('10.20.1.9');
    const bot = site.worker({ differences: [ROTATE], ...restart('tmm-1') });
    await bot.run();
    site.rack.lookup.worker1 = '10.20.1.1';
    site.rack.down.clear();
    bot.edit({ state: 'running', resumedAtMs: site.clock.now() });
    expect(await bot.run()).toMatchObject({
      state: 'halted',
      outcome: {
        reasonCode: 'mapping_moved',
        sentence:
          'tor holds "10.20.1.1" for worker1, written by somebody else; this change wrote "10.20.1.9".',
      },
    });
  });

  test('lesson 38: a router that comes and goes halts the change, and the next pod stays', async () => {
    const flap = (): void => {
      if (site.rack.down.has('10.20.1.9')) site.rack.down.delete('10.20.1.9');
      else site.rack.down.add('10.20.1.9');
      site.clock.after(2_500, flap);
    };
    site.clock.after(1_000, flap);
    const change = await site.worker(rotation).run();
    expect(change.state).toBe('halted');
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('lesson 39: before the next TMM is taken, every TMM that was replaced is looked at again', async () => {
    site.rack.onCall = (call) => {
      if (call === 'write worker2') site.rack.down.add('10.20.1.9');
    };
    expect((await site.worker(rotation).run()).outcome).toMatchObject({
      reasonCode: 'replaced_tmm_down',
      sentence: expect.stringContaining('which this change started, is not up any more: worker1 → 10.20.1.9'),
    });
    expect(site.calls(/^evict/)).toEqual(['evict tmm-1']);
  });

  test('lesson 42: after a resume nobody is held to what was announced before the halt', async () => {
    site.rack.onCall = (call) => {
      if (call === 'evict tmm-1') site.rack.announces = 1;
    };
    const bot = site.worker(restart('tmm-1'));
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'prefixes_missing' });
    bot.edit({ state: 'running', resumedAtMs: site.clock.now() });
    expect((await bot.run()).state).toBe('succeeded');
  });

  test('lesson 42: so it is where the clock of the replica that resumed it was behind', async () => {
    site.rack.onCall = (call) => {
      if (call === 'evict tmm-1') site.rack.announces = 1;
    };
    const bot = site.worker(restart('tmm-1'));
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'prefixes_missing' });
    // A resume is never earlier than the newest entry.
    bot.edit({ state: 'running', resumedAtMs: bot.change().journal.at(-1)?.atMs ?? 0 });
    expect((await bot.run()).state).toBe('succeeded');
  });

  test('lesson 36: the baseline is read anew after a resume, and what is announced then is held to', async () => {
    site.rack.evictions.push(...Array.from({ length: 99 }, () => ({ kind: 'blocked', why: 'x.' }) as const));
    const bot = site.worker(restart('tmm-1'));
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'eviction_blocked' });
    site.rack.evictions.length = 0;
    site.rack.announces = 5;
    site.rack.onCall = (call) => {
      if (call === 'evict tmm-1') site.rack.announces = 4;
    };
    bot.edit({ state: 'running', resumedAtMs: site.clock.now() - 1 });
    expect((await bot.run()).outcome).toMatchObject({
      reasonCode: 'prefixes_missing',
      sentence: expect.stringContaining('announces 4 of 5 prefixes'),
    });
  });

  test('lesson 36: so it is where the clock of the replica that resumed it was an hour ahead', async () => {
    site.rack.evictions.push(...Array.from({ length: 99 }, () => ({ kind: 'blocked', why: 'x.' }) as const));
    const bot = site.worker(restart('tmm-1'));
    const intents = () => bot.records.filter(({ event }) => event === 'step.intended').length;
    await bot.run();
    const before = intents();
    site.rack.evictions.length = 0;
    site.rack.evictions.push({ kind: 'blocked', why: 'x.' });
    site.rack.announces = 5;
    site.rack.onCall = (call) => {
      if (call === 'evict tmm-1' && site.rack.evictions.length === 0) site.rack.announces = 4;
    };
    bot.edit({ state: 'running', resumedAtMs: site.clock.now() + 3_600_000 });
    const change = await bot.run();
    expect(change.outcome).toMatchObject({
      reasonCode: 'prefixes_missing',
      sentence: expect.stringContaining('announces 4 of 5 prefixes'),
    });
    // Once more since the resume, however often it was tried.
    expect(intents()).toBe(before + 1);
  });

  test('lesson 41: Stop ends a wait within two seconds, and is recorded as such', async () => {
    site.rack.down.add('10.20.1.9');
    const bot = site.worker({ differences: [ROTATE], ...restart('tmm-1') });
    let stoppedAtMs = 0;
    site.clock.after(10_500, () => {
      stoppedAtMs = site.clock.monotonicMs();
      bot.edit({ cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } });
    });
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'cancelled' });
    expect(stoppedAtMs).toBeGreaterThan(0);
    expect(site.clock.monotonicMs() - stoppedAtMs).toBeLessThanOrEqual(2_000);
  });

  test('lesson 41: so it does where the traffic of that moment cannot be read', async () => {
    site.rack.down.add('10.20.1.9');
    const bot = site.worker({ differences: [ROTATE], ...restart('tmm-1') });
    let stoppedAtMs = 0;
    site.clock.after(10_500, () => {
      stoppedAtMs = site.clock.monotonicMs();
      bot.edit({ cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } });
      Object.assign(site.rack, { tmmState: () => new Promise(() => undefined) });
    });
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'cancelled' });
    expect(stoppedAtMs).toBeGreaterThan(0);
    expect(site.clock.monotonicMs() - stoppedAtMs).toBeLessThanOrEqual(2_000);
  });
});

test('a cluster that cannot be read before the start is waited for, and nothing is begun', async () => {
  site.rack.unreadable = 'The API server answers 503.';
  const bot = site.worker({ differences: [ROTATE], ...restart('tmm-1') });
  expect(await bot.run()).toMatchObject({
    state: 'approved',
    progress: 'Waits: The API server answers 503.',
  });
  site.rack.unreadable = undefined;
  expect((await bot.run()).state).toBe('succeeded');
});

describe('stop, freeze and lease', () => {
  const plan = { differences: [ROTATE], ...restart('tmm-1') };

  test('a stop during the write ends it before the eviction', async () => {
    const bot = site.worker(plan);
    site.rack.onCall = (call) => {
      if (call === 'write worker1') bot.edit({ cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } });
    };
    expect((await bot.run()).outcome).toMatchObject({
      reasonCode: 'cancelled',
      sentence: 'Stopped on request after 1 of 3 steps.',
      traffic: expect.stringContaining('worker2'),
    });
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('a freeze that somebody declares ends it before the next effect', async () => {
    const bot = site.worker(plan);
    site.rack.onCall = (call) => {
      const by = { userId: 'U02BOB', teamId: 'T01RACK' };
      if (call === 'write worker1') bot.freeze({ reason: 'incident', by, atMs: 0 });
    };
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'frozen' });
    expect(site.calls(/^evict/)).toEqual([]);
  });

  test('lesson 29: a worker that lost its lease appends and does nothing more', async () => {
    const bot = site.worker(plan);
    site.rack.onCall = (call) => {
      if (call === 'write worker1') bot.loseLease();
    };
    const change = await bot.run();
    expect(change.state).toBe('running');
    expect(journal(change)).toEqual(['write intended']);
    site.rack.onCall = () => undefined;
    expect((await bot.run()).state).toBe('succeeded');
    expect(site.rack.calls.filter((call) => call.startsWith('evict'))).toEqual(['evict tmm-1']);
  });
});

describe('all at once', () => {
  const plan = { strategy: 'all at once', ...restart('tmm-1', 'tmm-2') } as const;

  test('deletes all pods at the same time, and waits for each replacement', async () => {
    const change = await site.worker(plan).run();
    expect(change).toMatchObject({ state: 'succeeded' });
    const deletes = site.calls(/^(delete|show bgp summary)/).slice(0, 2);
    expect(deletes).toEqual(['delete tmm-1', 'delete tmm-2']);
    expect(change.journal.filter(({ step }) => step.kind === 'check').map(({ found }) => found)).toEqual([
      'tmm-3 on worker1 Established',
      'tmm-4 on worker2 Established',
    ]);
  });

  /** Both deletions were intended, and tmm-1 was deleted; it had announced 5 prefixes, and every TMM announces 1 now. */
  async function afterACrash(more: Partial<Change> = {}) {
    const bot = site.worker(plan);
    const steps = ['1', '2'].map(
      (n) => ({ kind: 'evict', node: `worker${n}`, pod: `tmm-${n}`, uid: `tmm-${n}` }) as const,
    );
    const announced = { worker1: { '10.20.1.1': 5 }, worker2: { '10.20.2.1': 1 } };
    const before = { announced, pods: ['tmm-1', 'tmm-2'] };
    bot.edit({
      state: 'running',
      journal: steps.map((step) => ({ step, phase: 'intended', atMs: 0, before }) as const),
      ...more,
    });
    site.rack.announces = 1;
    await site.rack.remove({ namespace: 'spk-ingress', name: 'tmm-1', uid: 'tmm-1' });
    return bot;
  }

  test('after a crash the replacement of a pod that was deleted before is held to what that one announced', async () => {
    const bot = await afterACrash();
    expect((await bot.run()).outcome).toMatchObject({
      reasonCode: 'prefixes_missing',
      sentence: expect.stringContaining('1 of 5 prefixes'),
    });
    // What was done already is not noted again.
    const intended = bot.records.filter(({ event }) => event === 'step.intended');
    expect(intended).toMatchObject([{ data: { step: { pod: 'tmm-2' } } }]);
  });

  test('after a crash and a resume it is not', async () => {
    const bot = await afterACrash({ resumedAtMs: 1 });
    expect((await bot.run()).state).toBe('succeeded');
  });

  test('after a crash only what is not deleted yet is deleted', async () => {
    const bot = site.worker(plan);
    const [first, second] = ['tmm-1', 'tmm-2'].map(
      (name) => ({ kind: 'evict', node: name.replace('tmm-', 'worker'), pod: name, uid: name }) as const,
    );
    if (first === undefined || second === undefined) throw new Error('there are two');
    const before = { announced: {}, pods: ['tmm-1', 'tmm-2'] };
    bot.edit({
      state: 'running',
      journal: [
        { step: first, phase: 'intended', atMs: 0, before },
        { step: second, phase: 'intended', atMs: 0, before },
        { step: first, phase: 'found', atMs: 0, found: 'deleted' },
      ],
    });
    await site.rack.remove({ namespace: 'spk-ingress', name: 'tmm-1', uid: 'tmm-1' });
    site.rack.calls.length = 0;
    expect((await bot.run()).state).toBe('succeeded');
    expect(site.calls(/^delete/)).toEqual(['delete tmm-2']);
  });
});

test('a restart of 20 pods asks at most 13 times a pod, and once for each that was replaced before', async () => {
  const nodes = Array.from({ length: 20 }, (_, index) => `worker${index + 1}`);
  site = aSite(manyNodes(nodes.length));
  const change = await site.worker(restart(...nodes.map((node) => node.replace('worker', 'tmm-')))).run();
  expect(change.state).toBe('succeeded');
  expect(site.calls(/^show/).length).toBeLessThanOrEqual(
    13 * nodes.length + (nodes.length * (nodes.length - 1)) / 2,
  );
  expect(site.calls(/^read$/).length).toBeLessThanOrEqual(4 * nodes.length);
});

test('100 pods at once are asked at most 12 times a pod', async () => {
  const nodes = Array.from({ length: 100 }, (_, index) => `worker${index + 1}`);
  site = aSite(manyNodes(nodes.length));
  const plan = restart(...nodes.map((node) => node.replace('worker', 'tmm-')));
  expect((await site.worker({ ...plan, strategy: 'all at once' }).run()).state).toBe('succeeded');
  expect(site.calls(/^show/).length).toBeLessThanOrEqual(12 * nodes.length);
});

test('a change that is over is not carried out again', async () => {
  const bot = site.worker(restart('tmm-1'));
  await bot.run();
  site.rack.calls.length = 0;
  await bot.run();
  expect(site.rack.calls).toEqual([]);
});

describe('where no TMM pod answers any more, what traffic does is waited for', () => {
  const never = () => new Promise<never>(() => undefined);

  test('less than a second after a stop', async () => {
    const site = aSite();
    const bot = site.worker(restart('tmm-1'));
    site.rack.onCall = (call) => {
      if (call !== 'evict tmm-1') return;
      site.rack.imish = never;
      site.clock.after(3_000, () => bot.edit({ cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } }));
    };
    const { outcome } = await bot.run();
    expect(outcome).toMatchObject({ reasonCode: 'cancelled' });
    expect(site.clock.now() - (outcome?.atMs ?? 0)).toBe(700);
  });

  test('two seconds after any other halt', async () => {
    const site = aSite();
    site.rack.onCall = (call) => {
      if (call !== 'write worker1') return;
      site.rack.lookup.worker1 = '10.20.1.7';
      site.rack.imish = never;
    };
    const { outcome } = await site.worker({ differences: [ROTATE], ...restart('tmm-1') }).run();
    expect(outcome).toMatchObject({ reasonCode: 'mapping_changed_meanwhile' });
    expect(site.clock.now() - (outcome?.atMs ?? 0)).toBe(2_000);
  });
});
