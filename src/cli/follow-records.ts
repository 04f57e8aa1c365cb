import { recordStream, systemClock } from '../adapters/process.ts';
import type { RedisConnections } from '../adapters/redis/connect.ts';
import type { Keys } from '../adapters/redis/keys.ts';
import { redisRecordStream } from '../adapters/redis/record-stream.ts';
import { redisCardLocations, redisDriftStore, redisHomeViewers } from '../adapters/redis/shared-state.ts';
import type { SlackApp } from '../adapters/slack/inbound/open-slack.ts';
import { openAlerts } from '../adapters/slack/publishing/alerts.ts';
import { openCardContext, openLinks } from '../adapters/slack/publishing/card-context.ts';
import { type Cards, openCards } from '../adapters/slack/publishing/cards.ts';
import type { ChannelRateLimiter } from '../adapters/slack/publishing/channel-rate-limiter.ts';
import { type HomeTab, openHomeTab } from '../adapters/slack/publishing/home-tab.ts';
import { mentionsOf } from '../adapters/slack/publishing/mentions.ts';
import { openNotices } from '../adapters/slack/publishing/notices.ts';
import { openThreads } from '../adapters/slack/publishing/threads.ts';
import { slackChangePictures } from '../adapters/slack/publishing/upload-files.ts';
import type { Anchor } from '../domain/audit/anchor.ts';
import type { AuditRecord } from '../domain/audit/record.ts';
import type { Pictures } from '../ports/chat.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Deduplicator, Subscription } from '../ports/store.ts';
import { openBeforeAndAfter } from '../workflow/before-and-after.ts';
import type { Dependencies } from '../workflow/dependencies.ts';
import { dispatch } from '../workflow/execution/job-handlers.ts';
import { openHomeReader } from '../workflow/requests/read-home.ts';
import { consumeAlone } from '../workflow/single-active-consumer.ts';

interface Following {
  readonly redis: RedisConnections;
  readonly keys: Keys;
  readonly slack: SlackApp;
  readonly bot: Dependencies;
  readonly jobs: Jobs;
  readonly seen: Deduplicator;
  readonly rateLimiter: ChannelRateLimiter;
  readonly pictures: Pictures;
  readonly stream: 'off' | 'stdout';
  readonly sign: ((record: AuditRecord) => Promise<void>) | undefined;
  newest(): Promise<Anchor | undefined>;
  warn(error: unknown, what: string): void;
}

export interface Followed {
  readonly cards: Cards;
  readonly homeTab: HomeTab;
  readonly followings: readonly Subscription[];
  stop(): Promise<unknown>;
}

/** A low deadAfterMs: adding a job is fast, so an idle entry means that its consumer died. */
const DISPATCH = { deadAfterMs: 5_000 };
/** Parallel, because each card waits for its own channel only; slow, because a message may have to wait for many before it. */
const PROJECTION = { atOnce: 200, deadAfterMs: 60_000 };
/** One record at a time; an idle one is soon claimed by another replica. */
const STREAM = { deadAfterMs: 30_000 };

/** Runs all projections of the records: jobs, cards, notices, alerts, lines for a SIEM, signatures. */
export function followRecords(following: Following): Followed {
  const { redis, keys, slack, bot, jobs, seen, rateLimiter, pictures, stream, sign, newest, warn } =
    following;
  const { store, ledger, policy } = bot;
  const { client } = slack;
  const records = redisRecordStream(redis.openPatient, redis.prompt, keys, warn);
  const posting = new AbortController();
  const patience = {
    stopping: posting.signal,
    onError: (error: unknown) => warn(error, 'posting to Slack'),
  };
  const locations = redisCardLocations(redis.prompt, keys);
  const { workspaceUrl } = slack;
  const mentions = mentionsOf(policy);
  const cards = openCards({
    client,
    store,
    locations,
    seen,
    rateLimiter,
    readContext: openCardContext({ store, locations, workspaceUrl, mentions }),
    mentions,
    threads: openThreads(client, rateLimiter, patience),
    stopping: posting.signal,
    onError: (error) => warn(error, 'cards'),
  });
  const notices = openNotices(client, policy.auditChannel, rateLimiter, { ...patience, newest });
  const alert = openAlerts({
    client,
    channels: policy.channels,
    rateLimiter,
    store,
    locations,
    workspaceUrl,
    onError: (error) => warn(error, 'alarms'),
  });
  const homeTab = openHomeTab({
    client,
    viewers: redisHomeViewers(redis.prompt, keys),
    seen,
    read: openHomeReader(bot, redisDriftStore(redis.prompt, keys)),
    linksTo: openLinks({ locations, workspaceUrl }),
    stopping: posting.signal,
    onError: (error) => warn(error, 'Home tab'),
  });
  const beforeAndAfter = openBeforeAndAfter(bot, slackChangePictures(client, locations, pictures), (error) =>
    warn(error, 'pictures'),
  );
  const followings = [
    records.follow('dispatch', (one) => dispatch(one, { jobs, store, ledger, clock: systemClock }), DISPATCH),
    records.follow('cards', (one) => cards.show(one), PROJECTION),
    consumeAlone(
      'notices',
      (one) => notices.post(one),
      { ...PROJECTION, onUnreadable: (seq, why) => notices.postUnreadable(seq, why) },
      { records, leases: bot.leases, clock: systemClock, onError: warn },
    ),
    records.follow('alarms', alert, PROJECTION),
    records.follow('home', (one) => homeTab.show(one), PROJECTION),
    records.follow('pictures', beforeAndAfter, PROJECTION),
    ...(stream === 'stdout' ? [records.follow('stdout', recordStream(process.stdout), STREAM)] : []),
    ...(sign === undefined ? [] : [records.follow('heads', sign)]),
  ];
  return {
    cards,
    homeTab,
    followings,
    stop() {
      posting.abort();
      return Promise.all(followings.map((one) => one.stop()));
    },
  };
}
