import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Deduplicator } from '../../../src/ports/store.ts';
import { CHANGES, clientOf, openSlack, until } from '../../sandbox/slack/slack-under-test.ts';
import { aChange, write } from './a-change.ts';
import { openMemory } from './bot-under-test.ts';
import { cardsIn, mentionsOf, openReplica } from './cards-under-test.ts';
import { unreliable } from './unreliable-slack.ts';

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(() => {
  jest.restoreAllMocks();
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

test('a crash between posting and remembering posts no second card', async () => {
  const { slack, memory, cards } = await open(forgetful);
  const change = aChange(await memory.store.newChangeId(), { createdAtMs: Date.now() - 30_000 });
  const record = await write(memory.store, change, 'change.proposed');
  const dying = {
    ...memory,
    locations: { ...memory.locations, keep: () => Promise.reject(new Error('dead')) },
  };
  await expect(openReplica(slack.apiUrl, dying).show(record)).rejects.toThrow('dead');
  await again(() => cards.show(record));
  expect(cardsIn(slack)).toHaveLength(1);
  expect(await memory.locations.find(change.id)).toEqual({ channel: CHANGES, ts: cardsIn(slack)[0]?.ts });
});

test('a card whose posting was done and whose answer got lost is not posted again', async () => {
  const { slack, memory } = await open();
  const way = await unreliable(slack);
  const cards = openReplica(way.apiUrl, memory);
  way.loseAnswers('chat.postMessage', 1);
  const change = aChange(await memory.store.newChangeId());
  const record = await write(memory.store, change, 'change.proposed');
  await again(() => cards.show(record));
  expect(cardsIn(slack)).toHaveLength(1);
  expect(await memory.locations.find(change.id)).toEqual({ channel: CHANGES, ts: cardsIn(slack)[0]?.ts });
});

test('a drawing that fails while the change moves on brings nobody down', async () => {
  const { slack, memory } = await open();
  const way = await unreliable(slack);
  const cards = openReplica(way.apiUrl, memory);
  const proposed = aChange(await memory.store.newChangeId());
  await cards.show(await write(memory.store, proposed, 'change.proposed'));
  const record = await write(memory.store, { ...proposed, version: 2, state: 'approved' }, 'change.approved');
  const held = way.hold('chat.update');
  const shown = cards.show(record);
  await held.made;
  await write(memory.store, { ...proposed, version: 3, state: 'running' }, 'change.started');
  // This drawing is done; nobody waits for the next one, which fails, and is drawn again by itself.
  slack.control.fault({ method: 'chat.update', times: 1, delayMs: 1 });
  slack.control.fault({ method: 'chat.update', times: 1, error: 'fatal_error' });
  held.release();
  await shown;
  await until(() => mentionsOf(slack, 'chat.update') === 2);
  expect(mentionsOf(slack, 'chat.update', false)).toBe(1);
});

test('a card that somebody deleted is posted anew', async () => {
  const { slack, memory, cards } = await open(forgetful);
  const proposed = aChange(await memory.store.newChangeId());
  await cards.show(await write(memory.store, proposed, 'change.proposed'));
  await clientOf(slack).chat.delete({ channel: CHANGES, ts: cardsIn(slack)[0]?.ts ?? '' });
  const record = await write(memory.store, { ...proposed, version: 2, state: 'approved' }, 'change.approved');
  await again(() => cards.show(record));
  expect(cardsIn(slack)).toMatchObject([{ text: expect.stringContaining(proposed.id) }]);
});

test('a channel with a long queue gets no card twice when another replica posts the same one meanwhile', async () => {
  const { slack, memory } = await open();
  const way = await unreliable(slack);
  const claims = new Map<string, number>();
  const shared = {
    ...memory,
    seen: {
      async first(key: string, ttlMs: number) {
        if ((claims.get(key) ?? 0) > Date.now()) return false;
        claims.set(key, Date.now() + ttlMs);
        return true;
      },
    },
  };
  const change = aChange(await memory.store.newChangeId());
  slack.control.fault({ method: 'chat.postMessage', times: 1, status: 429, retryAfterSec: 1 });
  const waiting = openReplica(slack.apiUrl, shared);
  const proposed = await write(memory.store, change, 'change.proposed');
  const shown = waiting.show(proposed);
  const gaveWay = expect(shown).rejects.toThrow('is being posted elsewhere');
  await until(() => mentionsOf(slack, 'chat.postMessage', false) === 1);
  // The claim of the first replica runs out while it waits for its turn, and another one claims.
  const now = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + 20_000);
  const held = way.hold('chat.postMessage');
  const expired = { ...change, version: 2, state: 'expired' as const };
  const record = await write(memory.store, expired, 'change.expired');
  const other = openReplica(way.apiUrl, shared).show(record);
  await held.made;
  await gaveWay;
  expect(cardsIn(slack)).toEqual([]);
  held.release();
  await other;
  // The record before it comes again first.
  await Promise.all([again(() => waiting.show(proposed)), waiting.show(record)]);
  expect(cardsIn(slack)).toHaveLength(1);
});

/** As the record stream does it: the same record until it is shown. */
async function again(show: () => Promise<void>): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    try {
      await show();
      return;
    } catch (error) {
      if (tried > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

/** Who posts a card has 1 s to keep its place, not 15. */
function forgetful({ first }: Deduplicator): Deduplicator {
  return { first: (key, ttlMs) => first(key, ttlMs / 15) };
}

async function open(seenThrough: (seen: Deduplicator) => Deduplicator = (seen) => seen) {
  const slack = await openSlack();
  const kept = await openMemory();
  const memory = { ...kept, seen: seenThrough(kept.seen) };
  return { slack, memory, cards: openReplica(slack.apiUrl, memory) };
}
