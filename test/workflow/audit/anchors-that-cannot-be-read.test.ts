import { expect, test } from '@jest/globals';
import type { AnchorSource } from '../../../src/domain/audit/anchor.ts';
import type { TrailEnd } from '../../../src/ports/store.ts';
import { startComparing } from '../../../src/workflow/audit/compare-with-anchors.ts';
import { fakeClock, settled } from '../../doubles/fake-clock.ts';
import { memoryLeases } from '../../doubles/memory-leases.ts';
import { memoryStore } from '../../doubles/memory-store.ts';

const A_START = { record: { atMs: 1, event: 'bot.started', actor: 'bot' } } as const;
const MINUTE_MS = 60_000;

const source = (seq: number, error?: string): AnchorSource => ({
  name: 'Slack channel C02AUDIT',
  anchors: seq === 0 ? [] : [{ anchor: { seq, hash: 'f'.repeat(64) }, where: 'the audit channel' }],
  findings: [],
  ...(error === undefined ? {} : { error }),
});

/** A replica over a trail of three records, whose end may do otherwise in some things; it has begun to compare. */
async function opened(
  readAnchors: () => Promise<readonly AnchorSource[]>,
  { records = 3, otherwise }: { records?: number; otherwise?: (end: TrailEnd) => Partial<TrailEnd> } = {},
) {
  const clock = fakeClock();
  const store = memoryStore(memoryLeases(clock));
  for (let one = 0; one < records; one += 1) await store.append(A_START);
  const unread: string[] = [];
  const end = { ...store.end, ...otherwise?.(store.end) };
  const onUnread = (why: string): void => void unread.push(why);
  const starting = startComparing({ end, clock, readAnchors, onUnread }, 10_000);
  return { clock, store, unread, starting };
}

test('a place that stays silent is asked again after half a minute, then after twice as long, and once an hour in the end', async () => {
  const { clock, starting } = await opened(async () => {
    asked.push(clock.monotonicMs() / 1_000);
    return [source(0, 'no answer')];
  });
  const asked: number[] = [];
  await clock.advance(0);
  const comparing = await starting;
  await clock.advance(190 * MINUTE_MS);
  await comparing.stop();
  const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
});

test('what could not be read is told when it is something new, and names every place', async () => {
  const said = ['no answer', 'no answer', 'missing_scope', ''];
  const { clock, unread, starting } = await opened(async () => {
    const error = said.shift() ?? '';
    return error === ''
      ? [source(0)]
      : [source(0, error), { ...source(0, 'forbidden'), name: 'ConfigMap x' }];
  });
  await clock.advance(0);
  const comparing = await starting;
  await clock.advance(60 * MINUTE_MS);
  await comparing.stop();
  expect(unread).toEqual([
    'Slack channel C02AUDIT: no answer; ConfigMap x: forbidden',
    'Slack channel C02AUDIT: missing_scope; ConfigMap x: forbidden',
  ]);
  expect(said).toEqual([]);
});

test('a place that throws is told by what it threw, and asked again', async () => {
  const fails: unknown[] = [new Error('Slack is away'), 'no error at all'];
  const { clock, unread, starting } = await opened(async () => {
    if (fails.length > 0) throw fails.shift();
    return [source(0)];
  });
  await clock.advance(0);
  const comparing = await starting;
  await clock.advance(10 * MINUTE_MS);
  await comparing.stop();
  expect(unread).toEqual(['Slack is away', 'the store does not answer']);
});

test('a store that does not answer when it is looked at is told once, and again after it answered', async () => {
  let away = false;
  const { clock, unread, starting } = await opened(async () => [], {
    otherwise: (end) => ({
      look: async () => (away ? Promise.reject(new Error('Redis is away')) : end.look()),
    }),
  });
  await clock.advance(0);
  const comparing = await starting;
  for (away of [true, false, true]) await clock.advance(5_000);
  expect(unread).toEqual(['Redis is away', 'Redis is away']);
  away = false;
  await comparing.stop();
});

test('a store that does not answer at all lets nothing begin', async () => {
  const { starting } = await opened(async () => [], {
    otherwise: () => ({ look: () => Promise.reject(new Error('Redis is away')) }),
  });
  await expect(starting).rejects.toThrow('Redis is away');
});

test('the highest of all anchors is the one that counts', async () => {
  const { clock, store, starting } = await opened(async () => [source(2), source(9), source(4)]);
  await clock.advance(0);
  const comparing = await starting;
  expect(await store.end.lost()).toMatchObject({ found: { seq: 3 }, known: { seq: 9 } });
  await comparing.stop();
});

test('a place that does not answer keeps the first append waiting no longer than it may', async () => {
  const { clock, store, starting } = await opened(() => new Promise(() => undefined));
  let appended = false;
  void starting.then(() => store.append(A_START)).then(() => (appended = true));
  await clock.advance(9_999);
  expect(appended).toBe(false);
  await clock.advance(1);
  await settled();
  expect(appended).toBe(true);
});

test('a trail that lost records is not begun anew when it is not empty', async () => {
  const { clock, store, starting } = await opened(async () => [source(9)]);
  await clock.advance(0);
  const comparing = await starting;
  expect(store.trail.map(({ event }) => event)).toEqual(['bot.started', 'bot.started', 'bot.started']);
  await comparing.stop();
});

test('after its end nothing is looked at or asked for any more', async () => {
  let [looks, asked] = [0, 0];
  const { clock, starting } = await opened(
    async () => {
      asked += 1;
      return [source(0, 'no answer')];
    },
    {
      otherwise: (end) => ({
        look() {
          looks += 1;
          return end.look();
        },
      }),
    },
  );
  await clock.advance(0);
  const comparing = await starting;
  await clock.advance(3_000);
  expect([looks, asked]).toEqual([4, 1]);
  await comparing.stop();
  await clock.advance(10 * MINUTE_MS);
  expect([looks, asked]).toEqual([4, 1]);
});

test('a store that fails with no error when it is looked at is told in words', async () => {
  let fails = false;
  const { clock, unread, starting } = await opened(async () => [source(0)], {
    otherwise: (end) => ({
      async look() {
        if (fails) throw 'no error at all';
        await end.look();
      },
    }),
  });
  await clock.advance(0);
  const comparing = await starting;
  fails = true;
  await clock.advance(10 * MINUTE_MS);
  await comparing.stop();
  expect(unread).toEqual(['the store does not answer']);
});
