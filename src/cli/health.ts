import type { Subscription } from '../ports/store.ts';

/** The open parts of the bot, each with its state. */
export interface Parts {
  readonly slack?: { silenceMs(): number; refusals(): readonly { token: string; code: string }[] };
  readonly redis?: {
    /** Why nothing can be written; undefined when it can. */
    refusesWrites(): Promise<string | undefined>;
  };
  readonly followings?: readonly Subscription[];
  readonly workers?: { areRunning(): boolean };
  readonly clusters?: ReadonlyMap<string, WatchedTarget>;
  /** Number of stored changes and records that this process could not read. */
  readonly unreadable?: { count(): number };
}

interface WatchedTarget {
  /** Milliseconds since the last event or answer of each watch. */
  watchAges(): Readonly<Record<string, number>>;
  cachedSnapshot(): unknown;
}

/** `ready`: whether this replica can accept and do work; the rest says why, with the state of each target. */
export interface Health {
  readonly ready: boolean;
  /** Shown to a probe from anywhere. */
  readonly word: 'ready' | Stage | 'unready';
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly slack: {
    readonly silenceMs: number;
    readonly refusals: readonly { token: string; code: string }[];
  };
  readonly redisWritable: boolean;
  readonly consumers: readonly { readonly name: string; readonly stalledForMs: number }[];
  readonly workersRunning: boolean;
  /** Number of changes and records that this release cannot read and has skipped since it started. */
  readonly unreadable: number;
  /** A target that does not answer does not make a replica unready: the others still work. */
  readonly targets: Readonly<Record<string, { readonly inSync: boolean; readonly watchAgeMs: number }>>;
}

type Stage = 'starting' | 'running' | 'stopping' | 'failing';

export interface HealthBook {
  /** Registers an opened part. */
  opened(part: Parts): void;
  /** Sets the stage; only `running` is ready. */
  enter(stage: Stage): void;
  read(): Promise<Health>;
}

const SLACK_SILENT_AFTER_MS = 30_000;
const WATCH_OLD_AFTER_MS = 60_000;
const STALLED_AFTER_MS = 10_000;
/** Only this consumer makes a replica unready: without it no job is enqueued. The others catch up. */
const DISPATCHER = 'dispatch';
/** More frequent callers get the same answer, so that a flood of probes does not reach Redis. */
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
      // `failing` is final.
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
