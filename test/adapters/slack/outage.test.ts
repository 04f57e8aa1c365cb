import { describe, expect, test } from '@jest/globals';
import { batcher } from '../../../src/adapters/slack/publishing/batcher.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import { openNotices } from '../../../src/adapters/slack/publishing/notices.ts';
import type { EventName } from '../../../src/domain/audit/record.ts';
import type { Leases } from '../../../src/ports/store.ts';
import { consumeAlone } from '../../../src/workflow/single-active-consumer.ts';
import { type FakeClock, fakeClock } from '../../doubles/fake-clock.ts';
import { memoryLeases } from '../../doubles/memory-leases.ts';
import { memoryRecordStream } from '../../doubles/memory-record-stream.ts';
import { memoryStore } from '../../doubles/memory-store.ts';

const MINUTE_MS = 60_000;
const OUT_FOR_MS = 10 * MINUTE_MS;
/** So long a call takes that nobody answers. */
const NO_ANSWER_MS = 10_000;
const ANCHOR = / · #(\d+) [0-9a-f]{20}$/;
/** What has a line of its own, and what has none. */
const TOLD = 'freeze.declared';
const UNTOLD = 'change.progress';

describe('lesson 60: Slack is out for ten minutes', () => {
  test.each([
    ['every five seconds', 5_000, [TOLD, UNTOLD]],
    ['every second', 1_000, [TOLD, UNTOLD, UNTOLD]],
    ['every second, and each has a line', 1_000, [TOLD]],
    ['every five seconds, and none has a line', 5_000, [UNTOLD]],
  ] as const)(
    'a record is appended %s: none is lost, their order is kept, and the newest is anchored within 60 s of Slack being back',
    async (_, everyMs, events) => {
      const bot = replicas();
      bot.start();
      const append = appendInTurn(bot, events);
      await bot.pass(MINUTE_MS, everyMs, append);
      expect(anchored(bot.lines())).toBeGreaterThan(0);
      bot.slack.isOut = true;
      await bot.pass(OUT_FOR_MS, everyMs, append);
      const newest = bot.store.trail.at(-1)?.seq ?? 0;
      expect(newest).toBeGreaterThan(OUT_FOR_MS / everyMs);
      bot.slack.isOut = false;
      await bot.pass(MINUTE_MS, everyMs, append);
      expect(anchored(bot.lines())).toBeGreaterThanOrEqual(newest);
      await bot.pass(10 * MINUTE_MS, 1_000);

      expect(bot.toldInOrder()).toEqual(bot.appended(TOLD));
      expect(anchored(bot.lines())).toBe(bot.store.trail.at(-1)?.seq);
      await bot.stop();
    },
  );

  test('lesson 54: what waits for a channel is posted in its order, once', async () => {
    const clock = fakeClock();
    const posted: number[] = [];
    let isOut = true;
    const items = batcher<number>({
      rateLimiter: channelRateLimiter(1_000, clock),
      channel: 'C01CHANGES',
      urgency: 'thread',
      clock,
      length: () => 100,
      async post(batch) {
        await clock.sleep(isOut ? NO_ANSWER_MS : 100);
        if (isOut) throw new Error('no answer');
        posted.push(...batch);
      },
    });
    const adding: Promise<void>[] = [];
    for (let at = 0; at < 100; at += 1) {
      adding.push(items.add(at));
      await clock.advance(OUT_FOR_MS / 100);
    }
    isOut = false;
    await clock.advance(MINUTE_MS);
    await Promise.all(adding);
    expect(posted).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });
});

describe('lesson 60: a record without a line of its own is anchored within 60 s', () => {
  test.each([0, 5_000, 15_000, 25_000, 29_000])(
    'also when the replica that has it dies %i ms later',
    async (afterMs) => {
      const bot = replicas();
      bot.start();
      bot.start();
      await bot.pass(2_000, 1_000);
      await bot.append(TOLD);
      await bot.pass(5_000, 1_000);
      await bot.append(UNTOLD);
      const seq = bot.store.trail.at(-1)?.seq ?? 0;
      await bot.pass(afterMs, 500);
      bot.killFollower();
      await bot.pass(MINUTE_MS - afterMs, 500);
      expect(anchored(bot.lines())).toBe(seq);
      await bot.stop();
    },
  );

  test('also when replicas die one after the other', async () => {
    const bot = replicas();
    for (let started = 0; started < 4; started += 1) bot.start();
    await bot.pass(2_000, 1_000);
    await bot.append(UNTOLD);
    for (let killed = 0; killed < 3; killed += 1) {
      await bot.pass(8_000, 500);
      bot.killFollower();
    }
    await bot.pass(MINUTE_MS - 3 * 8_000, 500);
    expect(anchored(bot.lines())).toBe(1);
    await bot.stop();
  });

  test('also while others are told all the time', async () => {
    const bot = replicas();
    bot.start();
    const appendedAtMs = new Map<number, number>();
    let latestMs = 0;
    for (let second = 0; second < 300; second += 1) {
      await bot.append(second % 3 === 0 ? TOLD : UNTOLD);
      appendedAtMs.set(bot.store.trail.length, bot.clock.now());
      await bot.pass(1_000, 1_000);
      for (const [seq, atMs] of appendedAtMs) {
        if (seq <= anchored(bot.lines())) appendedAtMs.delete(seq);
        else latestMs = Math.max(latestMs, bot.clock.now() - atMs);
      }
    }
    expect(latestMs).toBeLessThan(MINUTE_MS);
    await bot.stop();
  });
});

/** Processes that tell an audit channel of one trail, each with the real notices, on a clock that stands still until a test moves it. */
function replicas() {
  const clock = fakeClock();
  const leases = memoryLeases(clock);
  const store = memoryStore(leases);
  const stream = memoryRecordStream(store, clock);
  const slack = { isOut: false, messages: new Map<string, string>() };
  const started: { readonly process: Process; stop(): Promise<void> }[] = [];
  let follower: Process | undefined;
  const bot = {
    clock,
    store,
    slack,
    start() {
      const process: Process = { isAlive: true };
      const stopping = new AbortController();
      const notices = openNotices(
        slackFor(process, slack, clock),
        'C02AUDIT',
        channelRateLimiter(1_010, clock),
        {
          clock,
          stopping: stopping.signal,
          newest: async () => store.trail.at(-1),
        },
      );
      const following = consumeAlone(
        'notices',
        (record) => {
          follower = process;
          return notices.post(record);
        },
        { atOnce: 200, deadAfterMs: MINUTE_MS },
        { records: stream, leases: leasesOf(process, leases), clock, onError: () => undefined },
      );
      started.push({
        process,
        async stop() {
          stopping.abort();
          await following.stop();
        },
      });
    },
    /** The process that follows is gone without a word: what it sends arrives nowhere. */
    killFollower() {
      const [member] = stream.members();
      if (follower === undefined || member === undefined) throw new Error('nobody follows');
      follower.isAlive = false;
      stream.kill(member);
      leases.stopRenewing('follow notices');
    },
    async append(event: EventName) {
      const change = event === UNTOLD ? { change: 'BGP-1' } : {};
      const data = event === UNTOLD ? {} : { reason: 'a test', untilMs: 0 };
      await store.append({ record: { atMs: clock.now(), event, actor: 'bot', data, ...change } });
    },
    async pass(ms: number, everyMs: number, then: () => Promise<void> = async () => undefined) {
      for (let passedMs = 0; passedMs < ms; passedMs += everyMs) {
        await stream.deliverAll();
        await clock.advance(Math.min(everyMs, ms - passedMs));
        await then();
      }
      await stream.deliverAll();
    },
    lines: (): readonly string[] => [...slack.messages.values()].flatMap((text) => text.split('\n')),
    /** Numbers of the records that have a line, as the channel has them. */
    toldInOrder: () =>
      bot
        .lines()
        .filter((line) => !/^(⏳|⏩)/.test(line))
        .flatMap((line) => ANCHOR.exec(line)?.[1] ?? []),
    appended: (event: EventName) =>
      store.trail.filter((one) => one.event === event).map(({ seq }) => String(seq)),
    async stop() {
      const stopped = Promise.all(started.filter((one) => one.process.isAlive).map((one) => one.stop()));
      await clock.advance(MINUTE_MS);
      await stopped;
    },
  };
  return bot;
}

function appendInTurn(
  bot: { append(event: EventName): Promise<void> },
  events: readonly EventName[],
): () => Promise<void> {
  let at = 0;
  return async () => {
    const event = events[at % events.length];
    at += 1;
    if (event !== undefined) await bot.append(event);
  };
}

/** The highest record whose anchor stands in the channel. */
function anchored(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line) => Number(ANCHOR.exec(line)?.[1] ?? 0)));
}

/** Slack as one process reaches it: it answers in 100 ms, and not at all while it is out. */
function slackFor(
  process: Process,
  slack: { readonly isOut: boolean; readonly messages: Map<string, string> },
  clock: FakeClock,
): Parameters<typeof openNotices>[0] {
  const answered = async (): Promise<void> => {
    await clock.sleep(slack.isOut ? NO_ANSWER_MS : 100);
    if (!process.isAlive) await new Promise(() => undefined);
    if (slack.isOut) throw new Error('no answer in 10 s');
  };
  return {
    chat: {
      async postMessage({ text }) {
        await answered();
        const ts = `${slack.messages.size + 1}.0`;
        slack.messages.set(ts, text);
        return { ts };
      },
      async update({ ts, text }) {
        await answered();
        slack.messages.set(ts, text);
      },
    },
  };
}

interface Process {
  isAlive: boolean;
}

/** A process that is dead does not hear that it lost its lease. */
function leasesOf(process: Process, leases: Leases): Leases {
  return {
    async acquire(scope, holder) {
      const lease = await leases.acquire(scope, holder);
      if (lease === undefined) return undefined;
      const lost = new AbortController();
      lease.lost.addEventListener('abort', () => {
        if (process.isAlive) lost.abort();
      });
      return { ...lease, lost: lost.signal };
    },
  };
}
