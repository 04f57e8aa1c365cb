import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Deduplicator } from '../../../src/ports/store.ts';
import { CHANGES, clientOf, openSlack } from '../../sandbox/slack/slack-under-test.ts';
import { aChange, write } from './a-change.ts';
import { openMemory } from './bot-under-test.ts';
import { callsOf, cardsIn, openReplica } from './cards-under-test.ts';
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
  const { slack, memory, cards } = await open();
  const proposed = aChange(await memory.store.newChangeId());
  await cards.show(await write(memory.store, proposed, 'change.proposed'));
  slack.control.fault({ method: 'chat.update', times: 1, delayMs: 700 });
  const record = await write(memory.store, { ...proposed, version: 2, state: 'approved' }, 'change.approved');
  const shown = cards.show(record);
  await new Promise((resolve) => setTimeout(resolve, 300));
  slack.control.fault({ method: 'chat.update', times: 1, error: 'fatal_error' });
  await write(memory.store, { ...proposed, version: 3, state: 'running' }, 'change.started');
  await shown;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(callsOf(slack, 'chat.update', false)).toBe(1);
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

test('a channel with a long queue gets no card twice when another replica looks at the same change', async () => {
  // Whoever claims to post has 1 s in Redis, and by the clock of the adapter 15 s pass in it.
  const now = Date.now;
  const beganAtMs = now();
  jest.spyOn(Date, 'now').mockImplementation(() => beganAtMs + 15 * (now() - beganAtMs));
  const { slack, memory, cards } = await open(forgetful);
  slack.control.fault({ method: 'chat.postMessage', times: 1, status: 429, retryAfterSec: 2 });
  const change = aChange(await memory.store.newChangeId());
  const slow = cards.show(await write(memory.store, change, 'change.proposed'));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const other = openReplica(slack.apiUrl, memory);
  const expired = { ...change, version: 2, state: 'expired' as const };
  const record = await write(memory.store, expired, 'change.expired');
  await Promise.all([slow, again(() => other.show(record))]);
  expect(cardsIn(slack)).toHaveLength(1);
});

/** As the feed does it: the same record until it is shown. */
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
