import { expect, test } from '@jest/globals';
import type { AnchorSource } from '../../../src/domain/audit/anchor.ts';
import { RecordsLost } from '../../../src/ports/store.ts';
import { startComparing } from '../../../src/workflow/audit/compare-with-anchors.ts';
import { fakeClock, settled } from '../../doubles/fake-clock.ts';
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

test('after a connection that was lost everything is compared again', async () => {
  let newest = 1;
  const { store, comparing } = await opened(0, async () => (newest === 1 ? [] : [told(newest)]));
  await store.append(A_START);
  newest = 20;
  await comparing.again();
  await settled();
  await expect(store.append(A_START)).rejects.toThrow(RecordsLost);
});
