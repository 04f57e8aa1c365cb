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
import { isNew, startComparing } from '../workflow/audit/compare-with-anchors.ts';
import { openSigner } from '../workflow/audit/sign-heads.ts';

export interface GuardedTrail {
  readonly store: Store;
  /** The newest record; undefined in an empty trail. */
  newest(): Promise<Anchor | undefined>;
  /**
   * Compares the trail with what stands outside Redis, tells every channel of a loss from now on, and appends that the bot
   * started; not where records are lost, until an operator accepts that. Resolves once the places that answer were read.
   */
  begin(outside: Outside): Promise<Begun>;
}

export interface Outside {
  readAnchors(): Promise<readonly AnchorSource[]>;
  /** Posts a text to every channel. */
  tellEverywhere(text: string): void;
  warn(error: unknown, what: string): void;
  /** Appends that the bot started or stopped. */
  record(event: EventName): Promise<AppendOutcome>;
}

export interface Begun {
  /** Signs heads; undefined without a key. */
  readonly sign: ((record: AuditRecord) => Promise<void>) | undefined;
  stop(): Promise<void>;
}

/** How long a start waits for the anchors. */
const COMPARED_WITHIN_MS = 10_000;

/** The store of changes and trail, which takes nothing more once it is known to have gone back in time. */
export function guardTrail(
  redis: RedisConnections['prompt'],
  keys: Keys,
  environment: Environment,
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
    async begin({ readAnchors, tellEverywhere, warn, record }) {
      const onUnread = (why: string): void => warn(why, 'comparing the trail with its anchors');
      const comparing = await startComparing(
        { end, clock: systemClock, readAnchors, onUnread },
        COMPARED_WITHIN_MS,
      );
      redis.on('ready', () => void comparing.again());
      // What an empty store lost before it was used stands in its first record.
      onLost = (lost) => tellEverywhere(describeAlarm(lost));
      const before = await end.lost();
      if (before !== undefined && !isNew(before)) onLost(before);
      const started = await record('bot.started').catch((error: unknown) => {
        // It starts all the same: what needs no append is answered, and all goes on once an operator accepted the loss.
        if (error instanceof RecordsLost) return undefined;
        throw error;
      });
      const { auditSigningKey: key, auditSignedHeadFile, audit } = environment;
      const sign =
        key &&
        openSigner({
          key,
          sinceSeq: started?.kind === 'appended' ? started.record.seq : 1,
          store,
          clock: systemClock,
          memory: signerMemory(auditSignedHeadFile),
          retention: audit.retention,
          readAnchors: async () => (await readAnchors()).flatMap(({ anchors }) => anchors),
          onGap: (sentence) =>
            tellEverywhere(
              `🔏 ${sentence} Compare the trail with its anchors: \`tor-bgp-bot audit anchors\``,
            ),
        });
      return { sign, stop: () => comparing.stop() };
    },
  };
}

function describeAlarm(lost: LostRecords): string {
  return `🛑 ${describeLost(lost)} Nothing is done any more, as what was approved may have been done already. Look in the audit channel at what is missing, then have the bot go on: \`tor-bgp-bot audit accept-restore --reason …\``;
}
