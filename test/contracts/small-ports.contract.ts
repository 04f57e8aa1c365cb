import { expect } from '@jest/globals';
import type { CardLocations, HomeViewers } from '../../src/ports/chat.ts';
import type { Deduplicator, DriftStore, PendingQueries } from '../../src/ports/store.ts';
import type { TimeUnderTest } from './time.ts';
import type { Contract } from './under-test.ts';

/** Two replicas, and what they remember together. */
export interface MemoryUnderTest {
  readonly time: TimeUnderTest;
  readonly one: Remembered;
  readonly other: Remembered;
}

export interface Remembered {
  readonly deduplicator: Deduplicator;
  readonly pendingQueries: PendingQueries;
  readonly cardLocations: CardLocations;
  readonly driftStore: DriftStore;
  readonly homeViewers: HomeViewers;
}

const query = {
  id: 'q1',
  parsed: { verb: 'show', args: ['worker1'], flags: { target: 'rack', all: true } },
  target: 'rack',
  person: { userId: 'U01ALICE', teamId: 'T01RACK' },
  channel: 'C01CHANGES',
  responseUrl: 'https://hooks.slack.com/x',
  askedAtMs: 17,
} as const;

export const smallPortsContract: Contract<MemoryUnderTest> = (run, the) => {
  run('the first of many who ask with one key is told so, in any replica', async () => {
    const { one, other } = the();
    const asked = Array.from({ length: 20 }, (_, at) =>
      (at % 2 ? one : other).deduplicator.first('trigger', 60_000),
    );
    expect((await Promise.all(asked)).filter(Boolean).length).toBe(1);
    expect(await other.deduplicator.first('another trigger', 60_000)).toBe(true);
  });

  run('what was seen is forgotten when its time is up', async () => {
    const { time, one, other } = the();
    expect(await one.deduplicator.first('short', 100)).toBe(true);
    await time.until(async () => expect(await other.deduplicator.first('short', 100)).toBe(true));
  });

  run('a query comes back as it was asked, and is gone when it is forgotten', async () => {
    const { one, other } = the();
    await one.pendingQueries.keep(query);
    expect(await other.pendingQueries.find('q1')).toEqual(query);
    await other.pendingQueries.forget('q1');
    expect(await one.pendingQueries.find('q1')).toBeUndefined();
  });

  run(
    'whoever looked at the Home tab is known to every replica, the last one first, and forgotten after a day',
    async () => {
      const { one, other } = the();
      const [alice, bob] = [
        { userId: 'U01ALICE', teamId: 'T01RACK' },
        { userId: 'U02BOB', teamId: 'T01RACK' },
      ];
      await one.homeViewers.add(alice, 1_000, 500);
      await other.homeViewers.add(bob, 1_100, 500);
      expect(await one.homeViewers.since(1_000)).toEqual([bob, alice]);
      expect(await one.homeViewers.since(1_050)).toEqual([bob]);
      await one.homeViewers.add(bob, 1_550, 500);
      expect(await other.homeViewers.since(0)).toEqual([bob]);
    },
  );

  run('where a card stands is known to every replica, and moves with it', async () => {
    const { one, other } = the();
    expect(await one.cardLocations.find('BGP-1')).toBeUndefined();
    await one.cardLocations.keep('BGP-1', { channel: 'C1', ts: '17.000100' });
    expect(await other.cardLocations.find('BGP-1')).toEqual({ channel: 'C1', ts: '17.000100' });
    await other.cardLocations.keep('BGP-1', { channel: 'C2', ts: '18.000100' });
    expect(await one.cardLocations.find('BGP-1')).toEqual({ channel: 'C2', ts: '18.000100' });
  });

  run('what the last drift check of a target found is there for the next one, whoever makes it', async () => {
    const { one, other } = the();
    const observation = { key: 'node worker1', sentence: 'It is gone.', next: 'Look.' };
    const state = {
      mapping: { 'spk-tor-bgp': { worker1: '10.20.1.1' } },
      atMs: 17,
      findings: { 'node worker1': { observation, presentCount: 2, absentCount: 0, announced: true } },
    };
    expect(await one.driftStore.read('rack')).toBeUndefined();
    await one.driftStore.write('rack', state);
    expect(await other.driftStore.read('rack')).toEqual(state);
    expect(await other.driftStore.read('other')).toBeUndefined();
    await other.driftStore.write('rack', { ...state, findings: {} });
    expect(await one.driftStore.read('rack')).toEqual({ ...state, findings: {} });
  });
};
