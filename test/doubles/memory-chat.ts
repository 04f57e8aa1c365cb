import type { Answer } from '../../src/domain/answer.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import type { CardLocation, CardLocations, HomeViewers, Replies } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Deduplicator, PendingQueries, PendingQuery } from '../../src/ports/store.ts';

/** What was answered, to whom, in order. */
export interface MemoryReplies extends Replies {
  readonly sent: readonly { readonly query: PendingQuery; readonly answer: Answer | Refusal }[];
  /** While set, the chat takes no answer. */
  unreachable: boolean;
}

export function memoryReplies(): MemoryReplies {
  const sent: MemoryReplies['sent'][number][] = [];
  return {
    sent,
    unreachable: false,
    async reply(query, answer) {
      if (this.unreachable) throw new Error('replying: the chat did not answer');
      sent.push({ query, answer });
    },
  };
}

export function memoryDeduplicator(clock: Clock): Deduplicator {
  const seenUntilMs = new Map<string, number>();
  return {
    async first(key, ttlMs) {
      if ((seenUntilMs.get(key) ?? Number.NEGATIVE_INFINITY) > clock.monotonicMs()) return false;
      seenUntilMs.set(key, clock.monotonicMs() + ttlMs);
      return true;
    },
  };
}

const QUERY_KEPT_MS = 30 * 60_000;

export function memoryPendingQueries(clock: Clock): PendingQueries {
  const kept = new Map<string, { readonly query: PendingQuery; readonly untilMs: number }>();
  return {
    async keep(query) {
      kept.set(query.id, { query: structuredClone(query), untilMs: clock.monotonicMs() + QUERY_KEPT_MS });
    },
    async find(id) {
      const found = kept.get(id);
      return found === undefined || found.untilMs <= clock.monotonicMs()
        ? undefined
        : structuredClone(found.query);
    },
    async forget(id) {
      kept.delete(id);
    },
  };
}

export function memoryCardLocations(): CardLocations {
  const places = new Map<string, CardLocation>();
  return {
    find: async (change) => places.get(change),
    async keep(change, { channel, ts }) {
      places.set(change, { channel, ts });
    },
  };
}

export function memoryHomeViewers(): HomeViewers {
  let viewers: { readonly person: Person; readonly atMs: number }[] = [];
  return {
    async add(person, atMs, forgetAfterMs) {
      const others = viewers.filter(({ person: { userId } }) => userId !== person.userId);
      viewers = [{ person, atMs }, ...others.filter((other) => other.atMs > atMs - forgetAfterMs)];
    },
    since: async (atMs) => viewers.filter((viewer) => viewer.atMs >= atMs).map(({ person }) => person),
  };
}
