import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { bullmqJobs, startWorkers } from '../adapters/bullmq/queues.ts';
import { loadKubeConfigs } from '../adapters/kubernetes/kube-config.ts';
import { type OpenCluster, openCluster } from '../adapters/kubernetes/open-cluster.ts';
import { openPictures } from '../adapters/pictures/render-png.ts';
import { systemClock } from '../adapters/process.ts';
import { checkRedis } from '../adapters/redis/check-redis.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { redisKeys } from '../adapters/redis/keys.ts';
import { redisLeases } from '../adapters/redis/leases.ts';
import { describeOutage, redisProbe } from '../adapters/redis/outage.ts';
import { redisRefusals, redisRequestLimiter } from '../adapters/redis/request-limiter.ts';
import {
  redisCardLocations,
  redisDeduplicator,
  redisDriftStore,
  redisPendingQueries,
  redisTeam,
} from '../adapters/redis/shared-state.ts';
import type { SlackLog } from '../adapters/slack/clients.ts';
import { openDialogs } from '../adapters/slack/inbound/dialogs.ts';
import { openFormDialogs } from '../adapters/slack/inbound/forms.ts';
import { listen } from '../adapters/slack/inbound/listeners.ts';
import { openSlack } from '../adapters/slack/inbound/open-slack.ts';
import { slackPeople } from '../adapters/slack/people.ts';
import { postEverywhere } from '../adapters/slack/publishing/alerts.ts';
import { openLinks } from '../adapters/slack/publishing/card-context.ts';
import { channelRateLimiter } from '../adapters/slack/publishing/channel-rate-limiter.ts';
import { openSendReply, slackReplies } from '../adapters/slack/publishing/send-reply.ts';
import { openImpactReader } from '../commands/inspection/read-impact.ts';
import type { CommandRegistry } from '../commands/registry.ts';
import { describeOverlaps, describeUnknownValues } from '../config/describe-settings.ts';
import type { Environment } from '../config/environment.ts';
import { describeFaults } from '../config/faults-of.ts';
import type { EventName } from '../domain/audit/record.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { AppendOutcome } from '../ports/store.ts';
import type { Dependencies } from '../workflow/dependencies.ts';
import { jobHandlers } from '../workflow/execution/job-handlers.ts';
import { openLedger } from '../workflow/ledger.ts';
import { openForms } from '../workflow/requests/forms.ts';
import { openUseCases } from '../workflow/requests/use-cases.ts';
import { openCleanupStack } from './cleanup-stack.ts';
import { naming, wordsOf } from './error-message.ts';
import { followRecords } from './follow-records.ts';
import { guardTrail } from './guard-trail.ts';
import type { HealthBook } from './health.ts';
import { startOpsServer } from './ops-server.ts';
import { readNewestAnchors } from './read-all-anchors.ts';
import { startBackgroundJobs } from './start-background-jobs.ts';
import { untilAborted, waitForTeamId } from './wait-for-team-id.ts';

export interface Setting {
  readonly environment: Environment;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly registry: CommandRegistry;
  readonly log: Logger;
  readonly version: string;
  readonly health: HealthBook;
  /** Aborts when the bot is stopped while it starts. */
  readonly stopping: AbortSignal;
}

export type Composed =
  | { readonly kind: 'faulty'; readonly report: string }
  /** It was stopped before it had started. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'running'; readonly opsPort: number; stop(withinMs: number): Promise<void> };

/** Opens every connection, wires all parts, and starts to listen and to work. Closes in reverse order. */
export async function compose(setting: Setting): Promise<Composed> {
  const { environment, policy, policyHash, registry, log, version, health, stopping } = setting;
  const kubeConfigs = loadKubeConfigs(policy.targets, environment);
  if (!(kubeConfigs instanceof Map))
    return { kind: 'faulty', report: describeFaults('environment', kubeConfigs) };
  const warn = (error: unknown, what: string): void => log.warn({ what }, wordsOf(error));
  const closing = openCleanupStack();
  const stop = closing.all;
  try {
    // Opened first and closed last, so that probes are answered while the rest opens and closes.
    const ops = await startOpsServer({
      port: environment.opsPort,
      token: environment.opsToken,
      health: health.read,
      onError: (error) => warn(error, 'probes'),
    });
    closing.add(() => ops.close());
    const redis = await connectRedis(environment.redisUrl, (error) => warn(error, 'redis')).catch(
      naming('Redis'),
    );
    closing.add(() => redis.close());
    const check = await checkRedis(redis.prompt);
    if (check.refusals.length > 0) {
      await stop(0);
      return { kind: 'faulty', report: check.refusals.join('\n') };
    }
    const { targets } = policy;
    const warnings = [...check.warnings, ...describeOverlaps(targets), ...describeUnknownValues(targets)];
    for (const warning of warnings) log.warn(warning);
    const keys = redisKeys(environment.redisKeyPrefix);
    let unreadable = 0;
    const guarded = guardTrail(redis.prompt, keys, environment, (what, why, count) => {
      unreadable = count;
      log.error({ what, unreadable }, `${what} cannot be read by this release and is left out: ${why}`);
    });
    health.opened({ unreadable: { count: () => unreadable } });
    const { store } = guarded;
    const seen = redisDeduplicator(redis.prompt, keys);
    health.opened({ redis: redisProbe(redis.prompt, keys) });

    const clusters = new Map<string, OpenCluster>();
    for (const target of policy.targets) {
      const kubeConfig = kubeConfigs.get(target.name);
      if (kubeConfig === undefined) throw new Error(`opening ${target.name}: it has no kubeconfig`);
      clusters.set(
        target.name,
        openCluster(target, kubeConfig, (why) => warn(why, `watch of ${target.name}`)),
      );
    }
    health.opened({ clusters });
    closing.add(() => {
      for (const cluster of clusters.values()) cluster.close();
    });

    const slackLog: SlackLog = (level, words) => log[level]({ what: 'slack' }, words);
    const slack = await openSlack({ ...environment.slack }, slackLog).catch(naming('Slack'));
    health.opened({ slack });
    closing.add((withinMs) => slack.stop(withinMs));
    const teamId = await waitForTeamId(slack, redisTeam(redis.prompt, keys), stopping);
    if (teamId === undefined) {
      await stop(0);
      return { kind: 'stopped' };
    }
    const rateLimiter = channelRateLimiter();
    const pictures = openPictures();
    const sendReply = openSendReply(slack.client, environment.slack.apiUrl, rateLimiter);
    const ledger = openLedger(store, systemClock);
    const refusals = redisRefusals(redis.prompt, keys, environment.requestsPerMinute);
    const bot: Dependencies = {
      ledger,
      policy,
      registry,
      clusters,
      people: slackPeople(slack.client, (words) => warn(words, 'people')),
      store,
      leases: redisLeases(redis.prompt, keys),
      pendingQueries: redisPendingQueries(redis.prompt, keys),
      refusals,
      clock: systemClock,
      readImpact: openImpactReader(systemClock),
      newId: randomUUID,
      teamId,
    };

    const jobs = bullmqJobs(redis.prompt, keys.prefix, (error) => warn(error, 'jobs'));
    closing.add(() => jobs.close());
    const record = (event: EventName): Promise<AppendOutcome> =>
      store.append({
        record: { atMs: Date.now(), event, actor: 'bot', data: { version, policy: policyHash } },
      });
    const { sign, ...comparing } = await guarded
      .begin({
        readAnchors: () => readNewestAnchors(environment, policy, kubeConfigs),
        channels: [policy.auditChannel, ...policy.channels],
        post: (text, channel) => {
          const onError = (error: unknown): void => warn(error, 'alarms');
          return postEverywhere({ text }, [channel], { client: slack.client, rateLimiter, onError });
        },
        alarm: (text) => log.error({ what: 'audit trail' }, text),
        warn,
        record,
      })
      .catch(naming('Redis'));
    closing.addBounded(() => comparing.stop());

    const { cards, homeTab, followings, ...following } = followRecords({
      redis,
      keys,
      slack,
      bot,
      jobs,
      seen,
      rateLimiter,
      pictures,
      stream: environment.audit.stream,
      sign,
      newest: () => guarded.newest(),
      warn,
    });
    health.opened({ followings });
    closing.addBounded(() => following.stop());

    startBackgroundJobs({
      redis: redis.prompt,
      keys,
      bot,
      jobs,
      refusals,
      retention: environment.audit.retention,
      groups: followings.map(({ group }) => group),
      closing,
      warn,
    });

    const handlers = jobHandlers({ ...bot, replies: slackReplies(sendReply, pictures) });
    const workers = startWorkers(redis.openPatient(), keys.prefix, handlers, warn);
    health.opened({ workers });
    closing.add((withinMs) => workers.close(withinMs));

    listen(slack, {
      useCases: openUseCases(bot, redisRequestLimiter(redis.prompt, keys, environment.requestsPerMinute)),
      seen,
      sendReply,
      linksTo: openLinks({
        locations: redisCardLocations(redis.prompt, keys),
        workspaceUrl: slack.workspaceUrl,
      }),
      openDialog: openDialogs(slack.client, (error) => warn(error, 'dialog')),
      forms: openFormDialogs(slack.client, openForms(bot, redisDriftStore(redis.prompt, keys)), warn),
      homeTab,
      command: policy.command,
      homeChannel: policy.channels[0] ?? '',
      onFailure: (id, what, error) => log.error({ id, what }, wordsOf(error)),
      describeOutage,
    });
    closing.add(() => record('bot.stopped').catch((error: unknown) => warn(error, 'recording the stop')));
    await Promise.race([slack.start(), untilAborted(stopping)]);
    // Registered a second time, so that it is also closed before everything else.
    closing.add((withinMs) => slack.stop(withinMs));
    cards.redrawRecent().catch((error: unknown) => warn(error, 'drawing recent cards'));
    return { kind: 'running', opsPort: ops.port, stop };
  } catch (error) {
    await stop(0);
    throw error;
  }
}
