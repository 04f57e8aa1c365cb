import { signerMemory, systemClock } from '../adapters/process.ts';
import type { RedisConnections } from '../adapters/redis/connect.ts';
import type { Keys } from '../adapters/redis/keys.ts';
import { redisStore } from '../adapters/redis/store.ts';
import { redisTrailEnd } from '../adapters/redis/trail-end.ts';
import type { Environment } from '../config/environment.ts';
import type { Anchor, AnchorSource } from '../domain/audit/anchor.ts';
import { describeLost, type LostRecords } from '../domain/audit/lost-records.ts';
import type { AuditRecord, EventName } from '../domain/audit/record.ts';
import { type AppendOutcome, RecordsLost, type Store } from '../ports/store.ts';
import { startComparing } from '../workflow/audit/compare-with-anchors.ts';
import { openSigner } from '../workflow/audit/sign-heads.ts';
import { readSignedHead } from './read-all-anchors.ts';

export interface GuardedTrail {
  readonly store: Store;
  /** The newest record; undefined in an empty trail. */
  newest(): Promise<Anchor | undefined>;
  /**
   * Compares the trail with the anchors outside Redis, alerts every channel of a loss from then on, and appends the start of the
   * bot, unless records are lost and no operator has accepted that. Resolves once the places that answer were read.
   */
  begin(outside: Outside): Promise<Begun>;
}

export interface Outside {
  readAnchors(): Promise<readonly AnchorSource[]>;
  /** Channels that are alerted of a loss. */
  readonly channels: readonly string[];
  post(text: string, channel: string): Promise<void>;
  /** Logs the text of the alert. */
  alarm(text: string): void;
  warn(error: unknown, what: string): void;
  /** Appends the start or the stop of the bot. */
  record(event: EventName): Promise<AppendOutcome>;
}

export interface Begun {
  /** Signs heads; undefined without a key. */
  readonly sign: ((record: AuditRecord) => Promise<void>) | undefined;
  stop(): Promise<void>;
}

/** How long a start waits for the anchors to be read. */
const COMPARED_WITHIN_MS = 10_000;

/** The store of changes and trail, which accepts no append once it is known to have been rolled back. */
export function guardTrail(
  redis: RedisConnections['prompt'],
  keys: Keys,
  environment: Pick<Environment, 'auditSigningKey' | 'auditSignedHeadFile' | 'audit'>,
  onUnreadable: Parameters<typeof redisStore>[3],
): GuardedTrail {
  let onLost: (lost: LostRecords) => void = () => undefined;
  const end = redisTrailEnd(redis, keys, (lost) => onLost(lost));
  const store = redisStore(redis, keys, end, onUnreadable);
  return {
    store,
    async newest() {
      for await (const { seq, hash } of store.latestRecords()) return { seq, hash };
      return undefined;
    },
    async begin(outside) {
      const { readAnchors: readOthers, warn, record } = outside;
      const stopping = new AbortController();
      const tellEverywhere = (text: string): void => {
        outside.alarm(text);
        for (const channel of new Set(outside.channels))
          void postUntilDone(
            () => outside.post(text, channel),
            stopping.signal,
            (error) => warn(error, 'alarms'),
          );
      };
      const { auditSigningKey: key, auditSignedHeadFile, audit } = environment;
      const memory = signerMemory(auditSignedHeadFile);
      const readAnchors = async (): Promise<readonly AnchorSource[]> =>
        (await Promise.all([readSignedHead(memory), readOthers()])).flat();
      const onUnread = (why: string): void => warn(why, 'comparing the trail with its anchors');
      const comparing = await startComparing(
        { end, clock: systemClock, readAnchors, onUnread },
        COMPARED_WITHIN_MS,
      );
      redis.on('ready', () => void comparing.again());
      onLost = (lost) => tellEverywhere(describeAlarm(lost));
      const before = await end.lost();
      if (before !== undefined) onLost(before);
      const started = await record('bot.started').catch((error: unknown) => {
        // It starts nevertheless: requests that need no append are answered, and everything continues once an operator accepted
        // the loss.
        if (error instanceof RecordsLost) return undefined;
        throw error;
      });
      const sign =
        key &&
        openSigner({
          key,
          sinceSeq: started?.kind === 'appended' ? started.record.seq : 1,
          store,
          clock: systemClock,
          memory,
          retention: audit.retention,
          readAnchors: async () => (await readOthers()).flatMap(({ anchors }) => anchors),
          onGap: (sentence) =>
            tellEverywhere(
              `🔏 ${sentence} Compare the trail with its anchors: \`tor-bgp-bot audit anchors\``,
            ),
        });
      return {
        sign,
        stop() {
          stopping.abort();
          return comparing.stop();
        },
      };
    },
  };
}

const POSTED_AGAIN_MS = 5_000;
const POSTED_AGAIN_LAST_MS = 60_000;

/** Retries, since Slack may be unavailable when records are lost. Never rejects. */
async function postUntilDone(
  post: () => Promise<void>,
  stopped: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  for (let pauseMs = POSTED_AGAIN_MS; !stopped.aborted; pauseMs *= 2) {
    try {
      return await post();
    } catch (error) {
      onError(error);
      await systemClock.sleep(Math.min(pauseMs, POSTED_AGAIN_LAST_MS), stopped);
    }
  }
}

function describeAlarm(lost: LostRecords): string {
  return `🛑 ${describeLost(lost)} The bot carries out nothing more, because approved changes may have been carried out already. Check in the audit channel which records are missing, then accept the loss: \`tor-bgp-bot audit accept-restore --reason …\``;
}
