import type { Subscription } from '../ports/store.ts';

/** What the bot is made of, as far as it is open yet; each says how it does. */
export interface Parts {
  readonly slack?: { silenceMs(): number; refusals(): readonly { token: string; code: string }[] };
  readonly redis?: {
    /** Why nothing can be written; undefined when it can. */ refusesWrites(): Promise<string | undefined>;
  };
  readonly followings?: readonly Subscription[];
  readonly workers?: { areRunning(): boolean };
  readonly clusters?: ReadonlyMap<string, WatchedTarget>;
  /** How many stored changes and records this process met that it cannot read. */
  readonly unreadable?: { count(): number };
}

interface WatchedTarget {
  /** Milliseconds since the last event or answer of each watch. */
  watchAges(): Readonly<Record<string, number>>;
  cachedSnapshot(): unknown;
}

/** `ready` is whether this replica can take and do work; the rest says why, and how each target does. */
export interface Health {
  readonly ready: boolean;
  /** What a probe may be told anywhere. */
  readonly word: 'ready' | Stage | 'unready';
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly slack: {
    readonly silenceMs: number;
    readonly refusals: readonly { token: string; code: string }[];
  };
  readonly redisWritable: boolean;
  readonly consumers: readonly { readonly name: string; readonly stalledForMs: number }[];
  readonly workersRunning: boolean;
  /** Changes and records that this release cannot read, and has left out since it started. */
  readonly unreadable: number;
  /** One that does not answer makes no replica unready: the others go on. */
  readonly targets: Readonly<Record<string, { readonly inSync: boolean; readonly watchAgeMs: number }>>;
}

type Stage = 'starting' | 'running' | 'stopping' | 'failing';

export interface HealthBook {
  /** One more part is open. */
  opened(part: Parts): void;
  /** Ready is only who is running. */
  enter(stage: Stage): void;
  read(): Promise<Health>;
}

const SLACK_SILENT_AFTER_MS = 30_000;
const WATCH_OLD_AFTER_MS = 60_000;
const STALLED_AFTER_MS = 10_000;
/** Without it no job of anybody runs; what the others do not tell now, they tell later. */
const DISPATCHER = 'dispatch';
/** Whoever asks more often gets the same answer, so that no flood of probes reaches Redis. */
const FRESH_FOR_MS = 500;

export function openHealth(now: () => number = Date.now): HealthBook {
  let parts: Parts = {};
  let stage: Stage = 'starting';
  let last: { readonly atMs: number; readonly health: Promise<Health> } | undefined;
  return {
    opened(part) {
      parts = { ...parts, ...part };
      last = undefined;
    },
    enter(next) {
      // Nothing leads back from a failure.
      if (stage !== 'failing') stage = next;
      last = undefined;
    },
    read() {
      if (last === undefined || now() - last.atMs > FRESH_FOR_MS)
        last = { atMs: now(), health: readHealth(parts, stage) };
      return last.health;
    },
  };
}

async function readHealth(parts: Parts, stage: Stage): Promise<Health> {
  const slack = {
    silenceMs: parts.slack?.silenceMs() ?? Number.POSITIVE_INFINITY,
    refusals: parts.slack?.refusals() ?? [],
  };
  const refusesWrites = parts.redis === undefined ? 'not connected yet' : await parts.redis.refusesWrites();
  const consumers = (parts.followings ?? []).map((one) => ({
    name: one.group,
    stalledForMs: one.stalledForMs(),
  }));
  const dispatcher = consumers.find(({ name }) => name === DISPATCHER);
  const dispatches = dispatcher !== undefined && dispatcher.stalledForMs < STALLED_AFTER_MS;
  const workersRunning = parts.workers?.areRunning() ?? false;
  const slackReaches = slack.silenceMs < SLACK_SILENT_AFTER_MS && slack.refusals.length === 0;
  const ready =
    stage === 'running' && slackReaches && refusesWrites === undefined && dispatches && workersRunning;
  return {
    ready,
    word: ready ? 'ready' : stage === 'running' ? 'unready' : stage,
    details: {
      pid: process.pid,
      stage,
      slack: slackReaches,
      ...Object.fromEntries(slack.refusals.map(({ token, code }) => [token, `refused by Slack: ${code}`])),
      redis: refusesWrites ?? true,
      workers: workersRunning,
      ...Object.fromEntries(
        consumers.map(({ name, stalledForMs }) => [
          name,
          stalledForMs < STALLED_AFTER_MS ? true : `stalled for ${Math.round(stalledForMs / 1_000)} s`,
        ]),
      ),
    },
    slack,
    redisWritable: refusesWrites === undefined,
    consumers,
    workersRunning,
    unreadable: parts.unreadable?.count() ?? 0,
    targets: Object.fromEntries([...(parts.clusters ?? [])].map(([name, one]) => [name, targetHealth(one)])),
  };
}

function targetHealth(target: WatchedTarget): { readonly inSync: boolean; readonly watchAgeMs: number } {
  const watchAgeMs = Math.max(0, ...Object.values(target.watchAges()));
  return { inSync: target.cachedSnapshot() !== undefined && watchAgeMs < WATCH_OLD_AFTER_MS, watchAgeMs };
}
