import { describe, expect, test } from '@jest/globals';
import type { AnchorSource } from '../../../src/domain/audit/anchor.ts';
import { RecordsLost } from '../../../src/ports/store.ts';
import { startComparing } from '../../../src/workflow/audit/compare-with-anchors.ts';
import { fakeClock } from '../../doubles/fake-clock.ts';
import { memoryLeases } from '../../doubles/memory-leases.ts';
import { memoryStore } from '../../doubles/memory-store.ts';

const A_START = { record: { atMs: 1, event: 'bot.started', actor: 'bot' } } as const;

async function opened(records: number, sources: () => Promise<readonly AnchorSource[]>) {
  const clock = fakeClock();
  const store = memoryStore(memoryLeases(clock));
  for (let one = 0; one < records; one += 1) await store.append(A_START);
  const unread: string[] = [];
  const comparing = await startComparing(
    { end: store.end, clock, readAnchors: sources, onUnread: (why) => unread.push(why) },
    10_000,
  );
  return { clock, store, unread, comparing };
}

function told(seq: number, error?: string): AnchorSource {
  const anchors = [{ anchor: { seq, hash: 'f'.repeat(64) }, where: 'the audit channel' }];
  return { name: 'Slack channel C02AUDIT', anchors, findings: [], ...(error === undefined ? {} : { error }) };
}

test('lesson 56: a new process finds by the anchors that the store went back in time, and appends nothing', async () => {
  const { store } = await opened(3, async () => [told(9), { ...told(2), anchors: [] }]);
  await expect(store.append(A_START)).rejects.toThrow(RecordsLost);
  expect(store.trail).toHaveLength(3);
});

test('lesson 56: an empty store begins above what was told, and says so in its first record', async () => {
  const { store } = await opened(0, async () => [told(9)]);
  expect(store.trail).toMatchObject([
    { seq: 10, event: 'audit.restore_accepted', data: { after: 0, through: 9 } },
  ]);
  expect(await store.append(A_START)).toMatchObject({ record: { seq: 11 } });
  expect(await store.newChangeId()).toBe('BGP-10');
});

test('a place that does not answer is asked again, and named once while it says the same', async () => {
  let asked = 0;
  const { clock, unread, store, comparing } = await opened(3, async () => {
    asked += 1;
    return asked < 3 ? [{ ...told(9, 'no answer in 8 s'), anchors: [] }] : [told(9)];
  });
  expect(unread).toEqual(['Slack channel C02AUDIT: no answer in 8 s']);
  expect(await store.append(A_START)).toMatchObject({ kind: 'appended' });
  await clock.advance(30_000);
  expect(unread).toHaveLength(1);
  await clock.advance(60_000);
  expect(asked).toBe(3);
  await expect(store.append(A_START)).rejects.toThrow(RecordsLost);
  await comparing.stop();
});

test('an empty store whose anchors are read only while it works is left to an operator', async () => {
  let asked = 0;
  const { clock, store, comparing } = await opened(0, async () => {
    asked += 1;
    return asked < 2 ? [{ ...told(9, 'no answer in 8 s'), anchors: [] }] : [told(9)];
  });
  await clock.advance(30_000);
  expect(asked).toBe(2);
  await expect(store.append(A_START)).rejects.toThrow(RecordsLost);
  expect(store.trail).toEqual([]);
  await comparing.stop();
});

test('after a connection that was lost everything is compared again', async () => {
  let newest = 1;
  const { store, clock, comparing } = await opened(0, async () => (newest === 1 ? [] : [told(newest)]));
  await store.append(A_START);
  newest = 20;
  const again = comparing.again();
  await clock.advance(3_000);
  await again;
  await expect(store.append(A_START)).rejects.toThrow(RecordsLost);
});

describe('lesson 56: a backup that is put back while nobody loses a connection', () => {
  const twoReplicas = async (sources: () => Promise<readonly AnchorSource[]> = async () => []) => {
    const clock = fakeClock();
    const store = memoryStore(memoryLeases(clock));
    const start = async () => {
      const replica = store.replica();
      const unread: string[] = [];
      const onUnread = (why: string): void => void unread.push(why);
      const comparison = { end: replica.end, clock, readAnchors: sources, onUnread };
      return { ...replica, unread, comparing: await startComparing(comparison, 10_000) };
    };
    const [one, other] = [await start(), await start()];
    await one.append(A_START);
    await clock.advance(1_000);
    const stop = async () => {
      await Promise.all([one, other].map(({ comparing }) => comparing.stop()));
    };
    return { clock, store, one, other, stop };
  };
  const outcomeOf = (appending: Promise<unknown>): Promise<unknown> =>
    appending.then(
      () => 'appended',
      (error: unknown) => (error instanceof RecordsLost ? 'lost' : error),
    );

  test('the replica that knows nothing of what was lost waits for the one that does', async () => {
    const { clock, store, one, other, stop } = await twoReplicas();
    const restore = store.backUp();
    await clock.advance(60_000);
    // What the other one has not looked at yet, and the channel was not told.
    await one.append(A_START);
    restore();
    const appending = outcomeOf(other.append(A_START));
    await clock.advance(10_000);
    expect(await appending).toBe('lost');
    expect(store.trail).toHaveLength(1);
    expect(await other.end.lost()).toMatchObject({ found: { seq: 1 }, known: { seq: 2 } });
    await stop();
  });

  test('what was told to the channel is lost for every replica, also when the one that wrote it is gone', async () => {
    let newest = 0;
    const { clock, store, one, other, stop } = await twoReplicas(async () =>
      newest === 0 ? [] : [told(newest)],
    );
    newest = 2;
    await one.comparing.stop();
    const restore = store.backUp();
    await one.append(A_START);
    restore();
    const appending = outcomeOf(other.append(A_START));
    await clock.advance(10_000);
    expect(await appending).toBe('lost');
    await stop();
  });

  test('an append that waits goes on where nothing is lost, also when Slack does not answer', async () => {
    let answers = true;
    const { clock, store, one, other } = await twoReplicas(async () => {
      if (!answers) await new Promise(() => undefined);
      return [];
    });
    answers = false;
    const restore = store.backUp();
    restore();
    const appending = [one, other].map(({ append }) => outcomeOf(append(A_START)));
    await clock.advance(9_000);
    expect(store.trail).toHaveLength(1);
    await clock.advance(2_000);
    expect(await Promise.all(appending)).toEqual(['appended', 'appended']);
  });

  test('a store that becomes empty while replicas work is left to an operator', async () => {
    const clock = fakeClock();
    const store = memoryStore(memoryLeases(clock));
    const restore = store.backUp();
    const comparison = { end: store.end, clock, readAnchors: async () => [], onUnread: () => undefined };
    const comparing = await startComparing(comparison, 10_000);
    await store.append(A_START);
    restore();
    await clock.advance(5_000);
    expect(store.trail).toHaveLength(0);
    expect(await store.end.lost()).toMatchObject({ found: { seq: 0 }, known: { seq: 1 } });
    // Another one that starts now does not take it for a new one either, also when it reads what was lost in the channel.
    const readAnchors = async () => [told(1)];
    const starting = startComparing({ ...comparison, end: store.replica().end, readAnchors }, 10_000);
    await clock.advance(10_000);
    const second = await starting;
    expect(store.trail).toHaveLength(0);
    await Promise.all([comparing.stop(), second.stop()]);
  });
});
