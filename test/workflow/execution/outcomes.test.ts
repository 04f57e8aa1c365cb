import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import type { Plan } from '../../../src/domain/change/plan.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { slotsByKey } from '../../../src/workflow/execution/answer-query.ts';
import { aPod } from '../../domain/checks/an-inspection.ts';
import { aSite, manyNodes, progressOf, ROTATE, ROTATE_2, restart, rotation, type Site } from './a-site.ts';

let site: Site;
beforeEach(() => {
  site = aSite();
});

const sentenceOf = async (plan: Partial<Plan>): Promise<string | undefined> =>
  (await site.worker(plan).run()).outcome?.sentence;

describe('what was done is told', () => {
  test('in numbers: what was written, and what was replaced', async () => {
    expect(await sentenceOf({ differences: [ROTATE] })).toBe('1 mapping written');
    site = aSite();
    expect(await sentenceOf({ differences: [ROTATE, ROTATE_2], ...restart('tmm-1', 'tmm-2') })).toBe(
      '2 mappings written, 2 TMM pods replaced, BGP is back',
    );
    site = aSite();
    expect(await sentenceOf(restart('tmm-1'))).toBe('1 TMM pod replaced, BGP is back');
  });

  test('apart from what somebody else had done before', async () => {
    site.rack.onCall = (call) => {
      if (call === 'write worker1') site.rack.lookup.worker1 = '10.20.1.9';
    };
    expect(await sentenceOf({ differences: [ROTATE, ROTATE_2] })).toBe(
      '1 mapping written, 1 mapping needed no change',
    );
    site = aSite();
    site.rack.onCall = (call) => {
      if (call === 'write worker1') site.rack.lookup.worker1 = '10.20.1.9';
      if (call === 'write worker2') site.rack.lookup.worker2 = '10.20.2.9';
    };
    expect(await sentenceOf({ differences: [ROTATE, ROTATE_2] })).toBe('2 mappings needed no change');
  });

  test('as nothing in particular where the plan did nothing', async () => {
    expect(await sentenceOf({})).toBe('Done');
  });

  test('first of all where a node has no TMM any more', async () => {
    site = aSite(manyNodes(3), ['worker1', 'worker2']);
    site.rack.replacementOf = () => 'worker3';
    const change = await site.worker(restart('tmm-1')).run();
    expect(change).toMatchObject({
      state: 'succeeded',
      outcome: { sentence: 'worker1 has no TMM any more, 1 TMM pod replaced, BGP is back' },
    });
    site = aSite(manyNodes(3), ['worker1', 'worker2']);
    site.rack.replacementOf = () => 'worker3';
    expect(await sentenceOf(restart('tmm-1', 'tmm-2'))).toBe(
      'worker1, worker2 have no TMM any more, 2 TMM pods replaced, BGP is back',
    );
  });
});

describe('a change that somebody else takes up', () => {
  test('waits for a cluster that cannot be read, says so, and goes on', async () => {
    site.rack.unreadable = 'It answers 503.';
    site.clock.after(7_000, () => {
      site.rack.unreadable = undefined;
    });
    const bot = site.worker({ differences: [ROTATE] });
    bot.edit({ state: 'running' });
    expect((await bot.run()).state).toBe('succeeded');
    expect(progressOf(bot)).toEqual([
      'The cluster cannot be read (It answers 503), 0 s',
      'The cluster cannot be read (It answers 503), 6 s',
    ]);
  });

  test('halts where it cannot be read for as long as sessions have', async () => {
    site.rack.unreadable = 'It answers 503.';
    const bot = site.worker({ differences: [ROTATE] });
    bot.edit({ state: 'running' });
    const startedAtMs = site.clock.monotonicMs();
    expect(await bot.run()).toMatchObject({
      state: 'halted',
      outcome: {
        reasonCode: 'cluster_unreachable',
        sentence: 'The cluster cannot be read (It answers 503) for 30 s.',
        next: 'Look at it.',
      },
    });
    expect(site.clock.monotonicMs() - startedAtMs).toBe(30_000);
  });

  test('is heard to be stopped while it waits for that', async () => {
    site.rack.unreadable = 'It answers 503.';
    const bot = site.worker({ differences: [ROTATE] });
    bot.edit({ state: 'running' });
    site.clock.after(3_500, () => bot.edit({ cancelledBy: { userId: 'U02BOB', teamId: 'T01RACK' } }));
    expect((await bot.run()).outcome).toMatchObject({ reasonCode: 'cancelled' });
  });

  test('is not looked at for its cluster where it began in this attempt', async () => {
    await site.worker({ differences: [ROTATE] }).run();
    expect(site.calls(/^plan$/)).toHaveLength(1);
  });
});

describe('what is intended is noted', () => {
  const blocked = { kind: 'blocked', why: 'budget x.' } as const;
  const intents = ({ journal }: Change) => journal.filter(({ phase }) => phase === 'intended');

  test('once, however often it is tried', async () => {
    site.rack.evictions.push(blocked, blocked);
    expect(intents(await site.worker(restart('tmm-1')).run())).toHaveLength(1);
  });

  test('with the TMM pods of that moment where one is evicted, and without them where a mapping is written', async () => {
    const change = await site.worker({ differences: [ROTATE], ...restart('tmm-1') }).run();
    expect(intents(change).map(({ step, before }) => [step.kind, before?.pods])).toEqual([
      ['write', undefined],
      ['evict', ['tmm-1', 'tmm-2']],
    ]);
  });

  test('once more where other pods are there by then: these cannot be replacements', async () => {
    site.rack.evictions.push(blocked);
    site.clock.after(500, () => site.rack.pods.push(aPod('tmm-9', 'worker2')));
    const bot = site.worker({ ...restart('tmm-1'), allowOutage: true });
    const noted = intents(await bot.run());
    expect(bot.records.filter(({ event }) => event === 'step.intended')).toHaveLength(2);
    expect(noted.map(({ before }) => before?.pods.toSorted())).toEqual([['tmm-1', 'tmm-2', 'tmm-9']]);
  });
});

test('of pods that were deleted together each is waited for, also where another one was found up before a crash', async () => {
  const bot = site.worker({ strategy: 'all at once', ...restart('tmm-1', 'tmm-2') });
  await bot.run();
  const { journal } = bot.change();
  const unchecked = journal.filter(({ step }) => step.kind !== 'check' || step.uid === 'tmm-1');
  expect(unchecked).toHaveLength(journal.length - 1);
  bot.edit({ state: 'running', journal: unchecked });
  site.rack.down.add('10.20.2.1');
  expect(await bot.run()).toMatchObject({ state: 'halted', outcome: { reasonCode: 'session_down' } });
  expect(site.calls(/^delete/)).toEqual(['delete tmm-1', 'delete tmm-2']);
});

test('of pods that were deleted together one was refused, and of one nobody knows: a person has to look', async () => {
  const bot = site.worker({ strategy: 'all at once', ...restart('tmm-1', 'tmm-2') });
  const refusal = refuse('cluster_forbidden', 'The bot may not delete pods.', 'Grant it.');
  site.rack.remove = async ({ name }) => {
    site.rack.unreadable = 'It answers 503.';
    return name === 'tmm-1' ? { kind: 'refused', refusal } : { kind: 'unknown', why: 'the connection broke' };
  };
  expect(await bot.run()).toMatchObject({
    state: 'outcome_unknown',
    outcome: { sentence: 'Whether tmm-2 was deleted is unknown: the connection broke.' },
  });
});

test('what is done and found up already is not done, nor asked about, again before the end', async () => {
  const bot = site.worker({ differences: [ROTATE], ...restart('tmm-1') });
  await bot.run();
  bot.edit({ state: 'running' });
  site.rack.calls.length = 0;
  const { length } = bot.records;
  expect((await bot.run()).state).toBe('succeeded');
  expect(site.calls(/^(write|evict)/)).toEqual([]);
  expect(bot.records.slice(length).map(({ event }) => event)).toEqual(['change.succeeded']);
});

test('a mapping is removed where that is the plan, node by node', async () => {
  const change = await site.worker({ differences: [rotation('worker1', '10.20.1.1', null), ROTATE_2] }).run();
  expect(change.state).toBe('succeeded');
  expect(site.rack.lookup).toEqual({ worker2: '10.20.2.9' });
  expect(change.journal.flatMap(({ found }) => found ?? [])).toEqual(['removed', 'written']);
});

test('each key has slots of its own, and one that is released is free again', () => {
  const slots = slotsByKey(2);
  const held = [slots.take('a'), slots.take('a')];
  expect(slots.take('a')).toBeUndefined();
  expect(slots.take('b')).toBeDefined();
  held[0]?.();
  const again = slots.take('a');
  expect(again).toBeDefined();
  expect(slots.take('a')).toBeUndefined();
  again?.();
  held[1]?.();
  expect([slots.take('a'), slots.take('a'), slots.take('a')].map((one) => one !== undefined)).toEqual([
    true,
    true,
    false,
  ]);
});
