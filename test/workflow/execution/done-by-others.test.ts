import { beforeEach, describe, expect, test } from '@jest/globals';
import { writesOf } from '../../../src/commands/rollback.ts';
import { aPod, TARGET } from '../../domain/checks/an-inspection.ts';
import { aSite, ROTATE, restart, type Site } from './a-site.ts';
import type { Worker } from './a-worker.ts';

const RESTART = restart('tmm-1');

let site: Site;
beforeEach(() => {
  site = aSite();
});
const foundBy = (bot: Worker, kind: string): readonly unknown[] =>
  bot.records.flatMap(({ event, data }) =>
    event === 'step.done' && JSON.stringify(data.step).includes(`"${kind}"`) ? [data.found] : [],
  );

describe('lesson 34: what somebody else did is never undone', () => {
  test('a value that somebody else wrote before this change did is not its own', async () => {
    const bot = site.worker({ differences: [ROTATE] });
    site.rack.onCall = (call) => {
      if (call === 'write worker1') site.rack.lookup.worker1 = '10.20.1.9';
    };
    const change = await bot.run();
    expect(change).toMatchObject({ state: 'succeeded', outcome: { sentence: '1 mapping needed no change' } });
    expect(foundBy(bot, 'write')).toEqual(['already so']);
    expect(writesOf(change)).toEqual([]);
  });

  test('a value that this change may have written in an earlier attempt is its own', async () => {
    const bot = site.worker({ differences: [ROTATE] });
    // It crashes when the key is written, before the journal says so.
    bot.onAppend = async (event) => {
      if (event === 'step.done') bot.loseLease();
    };
    await bot.run();
    bot.onAppend = async () => undefined;
    const change = await bot.run();
    expect(foundBy(bot, 'write')).toEqual(['written']);
    expect(writesOf(change)).toMatchObject([{ difference: ROTATE }]);
  });

  test('so is one whose answer was lost', async () => {
    const bot = site.worker({ differences: [ROTATE] });
    const { write } = site.rack;
    site.rack.write = async (...args) => {
      await write(...args);
      site.rack.write = write;
      return { kind: 'unknown', why: 'the connection broke' };
    };
    expect(writesOf(await bot.run())).toHaveLength(1);
    expect(foundBy(bot, 'write')).toEqual(['written']);
  });
});

test('a pod that is none of the target any more when it is looked at is not touched', async () => {
  const bot = site.worker(RESTART);
  // Somebody took its label away: its controller makes another one, and the pod itself runs on.
  site.rack.onCall = (call) => {
    if (call === 'plan')
      site.rack.pods.splice(0, 1, { ...aPod('tmm-9', 'worker1'), createdAtMs: site.clock.now() });
  };
  await bot.run();
  expect(site.rack.calls.filter((call) => call.startsWith('evict'))).toEqual([]);
  expect(foundBy(bot, 'evict')).toEqual(['gone already']);
});

test('a pod that somebody else took between the last look and the eviction is not told as evicted', async () => {
  const bot = site.worker(RESTART);
  site.rack.onCall = (call) => {
    if (call === 'evict tmm-1') site.rack.pods.shift();
  };
  await bot.run();
  expect(foundBy(bot, 'evict')).toEqual(['gone already']);
});

test.each([
  ['other TMM pods', { ...TARGET, tmm: { ...TARGET.tmm, selector: 'app=f5-tmm-blue' } }],
  ['another namespace of TMM pods', { ...TARGET, tmm: { ...TARGET.tmm, namespace: 'spk-blue' } }],
  ['another namespace of lookups', { ...TARGET, namespace: 'spk-blue' }],
  ['another lookup', { ...TARGET, bgp: { ...TARGET.bgp, neighbors: TARGET.bgp.neighbors.slice(1) } }],
])('a change is not gone on with where its target means %s by now', async (_, target) => {
  const bot = site.worker({ differences: [ROTATE], ...RESTART });
  bot.edit({ state: 'running' });
  bot.target = target;
  expect(await bot.run()).toMatchObject({ state: 'halted', outcome: { reasonCode: 'target_gone' } });
  expect(site.rack.calls).toEqual([]);
});
