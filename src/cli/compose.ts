import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { bullmqJobs } from '../adapters/bullmq/jobs.ts';
import { startWorkers } from '../adapters/bullmq/worker.ts';
import { loadKubeConfigs } from '../adapters/kubernetes/kube-config.ts';
import { type OpenCluster, openCluster } from '../adapters/kubernetes/open-cluster.ts';
import { recordStream, systemClock } from '../adapters/process.ts';
import { redisAuditRetention } from '../adapters/redis/audit-retention.ts';
import { checkRedis } from '../adapters/redis/check-redis.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { redisKeys } from '../adapters/redis/keys.ts';
import { redisLeases } from '../adapters/redis/leases.ts';
import {
  redisCardLocations,
  redisDeduplicator,
  redisDriftStore,
  redisPendingQueries,
} from '../adapters/redis/memory.ts';
import { redisRecordStream } from '../adapters/redis/record-stream.ts';
import { redisStore } from '../adapters/redis/store.ts';
import { redisTrailEnd } from '../adapters/redis/trail-end.ts';
import { signerMemory } from '../adapters/signer-memory.ts';
import type { SlackLog } from '../adapters/slack/clients.ts';
import { openDialogs } from '../adapters/slack/inbound/dialogs.ts';
import { listen } from '../adapters/slack/inbound/listeners.ts';
import { openSlack } from '../adapters/slack/inbound/open-slack.ts';
import { slackPeople } from '../adapters/slack/people.ts';
import { openCards } from '../adapters/slack/publishing/cards.ts';
import { channelRateLimiter } from '../adapters/slack/publishing/channel-rate-limiter.ts';
import { openBreakGlassAlerts, openNotices, postEverywhere } from '../adapters/slack/publishing/notices.ts';
import { openSendReply, slackReplies } from '../adapters/slack/publishing/send-reply.ts';
import { openThreads } from '../adapters/slack/publishing/threads.ts';
import { openImpactReader } from '../commands/inspection/read-impact.ts';
import type { CommandRegistry } from '../commands/registry.ts';
import { describeOverlaps } from '../config/describe-overlaps.ts';
import type { Environment } from '../config/environment.ts';
import { describeFaults } from '../config/faults-of.ts';
import type { Anchor } from '../domain/audit/anchor.ts';
import { describeLost, type LostRecords } from '../domain/audit/lost-records.ts';
import type { EventName } from '../domain/audit/record.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { type AppendOutcome, RecordsLost, type Store } from '../ports/store.ts';
import { isNew, startComparing } from '../workflow/audit/compare-with-anchors.ts';
import { startRetention } from '../workflow/audit/retention.ts';
import { openSigner } from '../workflow/audit/sign-heads.ts';
import type { Dependencies } from '../workflow/dependencies.ts';
import { startDriftMonitor } from '../workflow/drift/drift-monitor.ts';
import { dispatch, jobHandlers } from '../workflow/execution/job-handlers.ts';
import { startSweeper } from '../workflow/execution/sweeper.ts';
import { followAlone } from '../workflow/follow-alone.ts';
import { openLedger } from '../workflow/ledger.ts';
import { openUseCases } from '../workflow/requests/use-cases.ts';
import { readHealth, startOpsServer } from './ops-server.ts';
import { readNewestAnchors } from './read-all-anchors.ts';

export interface Setting {
  readonly environment: Environment;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly registry: CommandRegistry;
  readonly log: Logger;
  readonly version: string;
}

export type Composed =
  | { readonly kind: 'faulty'; readonly report: string }
  | { readonly kind: 'running'; readonly opsPort: number; stop(withinMs: number): Promise<void> };

/** Jobs are added in no time, so that a record in a dead bot's hand is soon another's. */
const DISPATCH = { deadAfterMs: 5_000 };
/** Each change's card waits for its own channel only; one message may have to wait for many before it. */
const PROJECTION = { atOnce: 200, deadAfterMs: 60_000 };
/** One after the other; what one replica cannot hand over is soon another's. */
const STREAM = { deadAfterMs: 30_000 };

/** Opens every connection, gives each room what it needs, and starts to listen and to work. Closes in reverse. */
export async function compose(setting: Setting): Promise<Composed> {
  const { environment, policy, policyHash, registry, log, version } = setting;
  const kubeConfigs = loadKubeConfigs(policy.targets, environment);
  if (!(kubeConfigs instanceof Map))
    return { kind: 'faulty', report: describeFaults('environment', kubeConfigs) };
  const warn = (error: unknown, what: string): void => log.warn({ what }, wordsOf(error));
  const closing: ((withinMs: number) => unknown)[] = [];
  const stop = async (withinMs: number): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close(withinMs);
  };
  try {
    const redis = await connectRedis(environment.redisUrl, (error) => warn(error, 'redis')).catch(
      naming('Redis'),
    );
    closing.push(() => redis.close());
    const check = await checkRedis(redis.prompt);
    if (check.refusals.length > 0) {
      await stop(0);
      return { kind: 'faulty', report: check.refusals.join('\n') };
    }
    for (const warning of [...check.warnings, ...describeOverlaps(policy.targets)]) log.warn(warning);
    const keys = redisKeys(environment.redisKeyPrefix);
    const tellLost: ((lost: LostRecords) => void)[] = [];
    const end = redisTrailEnd(redis.prompt, keys, (lost) => {
      for (const tell of tellLost) tell(lost);
    });
    const store = redisStore(redis.prompt, keys, end, (what, why, count) =>
      log.error(
        { what, unreadable: count },
        `${what} cannot be read by this release and is left out: ${why}`,
      ),
    );
    const seen = redisDeduplicator(redis.prompt, keys);

    const clusters = new Map<string, OpenCluster>();
    for (const target of policy.targets) {
      const kubeConfig = kubeConfigs.get(target.name);
      if (kubeConfig === undefined) throw new Error(`opening ${target.name}: it has no kubeconfig`);
      clusters.set(
        target.name,
        openCluster(target, kubeConfig, (why) => warn(why, `watch of ${target.name}`)),
      );
    }
    closing.push(() => {
      for (const cluster of clusters.values()) cluster.close();
    });

    const slackLog: SlackLog = (level, words) => log[level]({ what: 'slack' }, words);
    const slack = await openSlack({ ...environment.slack }, slackLog).catch(naming('Slack'));
    const rateLimiter = channelRateLimiter();
    const sendReply = openSendReply(slack.client, environment.slack.apiUrl, rateLimiter);
    const ledger = openLedger(store, systemClock);
    const bot: Dependencies = {
      ledger,
      policy,
      registry,
      clusters,
      people: slackPeople(slack.client, (words) => warn(words, 'people')),
      store,
      leases: redisLeases(redis.prompt, keys),
      pendingQueries: redisPendingQueries(redis.prompt, keys),
      clock: systemClock,
      readImpact: openImpactReader(systemClock),
      newId: randomUUID,
      teamId: slack.teamId,
    };

    const jobs = bullmqJobs(redis.prompt, keys.prefix, (error) => warn(error, 'jobs'));
    closing.push(() => jobs.close());
    const record = (event: EventName): Promise<AppendOutcome> =>
      store.append({
        record: { atMs: Date.now(), event, actor: 'bot', data: { version, policy: policyHash } },
      });
    const everywhere = (text: string): void => {
      log.error({ what: 'audit trail' }, text);
      const channels = [policy.auditChannel, ...policy.channels];
      const onError = (error: unknown): void => warn(error, 'alarms');
      postEverywhere({ text }, channels, { client: slack.client, rateLimiter, onError }).catch(onError);
    };
    const readAnchors = () => readNewestAnchors(environment, policy, kubeConfigs);
    const comparing = await startComparing(
      {
        end,
        clock: systemClock,
        readAnchors,
        onUnread: (why) => warn(why, 'comparing the trail with its anchors'),
      },
      COMPARED_WITHIN_MS,
    );
    closing.push((withinMs) => bounded(comparing.stop(), withinMs));
    redis.prompt.on('ready', () => void comparing.again());
    // What an empty store lost before it was used stands in its first record.
    tellLost.push((lost) => everywhere(lostAlarm(lost)));
    const before = await end.lost();
    if (before !== undefined && !isNew(before)) everywhere(lostAlarm(before));
    const started = await record('bot.started').catch((error: unknown) => {
      // It starts all the same: what needs no append is answered, and goes on once an operator accepted the loss.
      if (error instanceof RecordsLost) return undefined;
      throw error;
    });

    const records = redisRecordStream(redis.openPatient, redis.prompt, keys, warn);
    const stopping = new AbortController();
    const patience = {
      stopping: stopping.signal,
      onError: (error: unknown) => warn(error, 'posting to Slack'),
    };
    const cards = openCards({
      client: slack.client,
      store,
      locations: redisCardLocations(redis.prompt, keys),
      seen,
      rateLimiter,
      workspaceUrl: slack.workspaceUrl,
      threads: openThreads(slack.client, rateLimiter, patience),
      stopping: stopping.signal,
      onError: (error) => warn(error, 'cards'),
    });
    const notices = openNotices(slack.client, policy.auditChannel, rateLimiter, {
      ...patience,
      newest: () => newestAnchor(store),
    });
    const alertBreakGlass = openBreakGlassAlerts({
      client: slack.client,
      channels: policy.channels,
      rateLimiter,
      store,
      onError: (error) => warn(error, 'alarms'),
    });
    const { auditSigningKey: key } = environment;
    const sinceSeq = started?.kind === 'appended' ? started.record.seq : 1;
    const sign =
      key &&
      openSigner({
        key,
        sinceSeq,
        store,
        clock: systemClock,
        memory: signerMemory(environment.auditSignedHeadFile),
        retention: environment.audit.retention,
        readAnchors: async () => (await readAnchors()).flatMap(({ anchors }) => anchors),
        onGap: (sentence) => everywhere(`🔏 ${sentence} Compare the trail: \`tor-bgp-bot audit anchors\`.`),
      });
    const followings = [
      records.follow(
        'dispatch',
        (one) => dispatch(one, { jobs, store, ledger, clock: systemClock }),
        DISPATCH,
      ),
      records.follow('cards', (one) => cards.show(one), PROJECTION),
      followAlone(
        'notices',
        (one) => notices.post(one),
        { ...PROJECTION, onUnreadable: (seq, why) => notices.postUnreadable(seq, why) },
        { records, leases: bot.leases, clock: systemClock, onError: warn },
      ),
      records.follow('alarms', alertBreakGlass, PROJECTION),
      ...(environment.audit.stream === 'stdout'
        ? [records.follow('stdout', recordStream(process.stdout), STREAM)]
        : []),
      ...(sign === undefined ? [] : [records.follow('heads', sign)]),
    ];
    closing.push(async (withinMs) => {
      stopping.abort();
      await bounded(Promise.all(followings.map((following) => following.stop())), withinMs);
    });

    const driftStore = redisDriftStore(redis.prompt, keys);
    const driftMonitor = startDriftMonitor({ ...bot, driftStore, clock: systemClock }, warn);
    closing.push((withinMs) => bounded(driftMonitor.stop(), withinMs));

    const groups = followings.map(({ group }) => group);
    const trail = redisAuditRetention(redis.prompt, keys, groups);
    const retention = startRetention(
      environment.audit.retention,
      { ...bot, trail, clock: systemClock },
      warn,
    );
    closing.push((withinMs) => bounded(retention.stop(), withinMs));

    const handlers = jobHandlers({ ...bot, replies: slackReplies(sendReply) });
    const workers = startWorkers(redis.openPatient(), keys.prefix, handlers, warn);
    closing.push((withinMs) => workers.close(withinMs));

    const sweeper = startSweeper({ ...bot, jobs }, warn);
    closing.push((withinMs) => bounded(sweeper.stop(), withinMs));

    listen(slack, {
      useCases: openUseCases(bot),
      seen,
      sendReply,
      openDialog: openDialogs(slack.client, (error) => warn(error, 'dialog')),
      command: policy.command,
      onFailure: (id, what, error) => log.error({ id, what }, wordsOf(error)),
    });
    closing.push(() => record('bot.stopped').catch((error: unknown) => warn(error, 'recording the stop')));
    await slack.start();
    closing.push((withinMs) => slack.stop(withinMs));

    const ops = await startOpsServer(environment.opsPort, () =>
      readHealth(slack.silenceMs(), clusters, redis.prompt),
    );
    closing.push(() => ops.close());
    cards.redrawRecent().catch((error: unknown) => warn(error, 'drawing recent cards'));
    return { kind: 'running', opsPort: ops.port, stop };
  } catch (error) {
    await stop(0);
    throw error;
  }
}

async function newestAnchor(store: Pick<Store, 'latestRecords'>): Promise<Anchor | undefined> {
  for await (const { seq, hash } of store.latestRecords()) return { seq, hash };
  return undefined;
}

const COMPARED_WITHIN_MS = 10_000;

function lostAlarm(lost: LostRecords): string {
  return `🛑 ${describeLost(lost)} Nothing is done any more, as what was approved may have been done already. Look at what is missing in the audit channel, then have the bot go on: \`tor-bgp-bot audit accept-restore --reason …\``;
}

/** Puts the name of who failed before what it said. */
function naming(who: string): (error: unknown) => never {
  return (error) => {
    throw new Error(`${who}: ${wordsOf(error)}`);
  };
}

async function bounded(work: Promise<unknown>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** What an error says, and what was at the bottom of it. */
function wordsOf(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  const words = (one: unknown): string => (one instanceof Error ? one.message : String(one));
  return deepest === error ? words(error) : `${words(error)}: ${words(deepest)}`;
}
