import { systemClock } from '../adapters/process.ts';
import { redisAuditRetention } from '../adapters/redis/audit-retention.ts';
import type { RedisConnections } from '../adapters/redis/connect.ts';
import type { Keys } from '../adapters/redis/keys.ts';
import { redisDriftStore } from '../adapters/redis/shared-state.ts';
import type { Retention } from '../domain/audit/retention.ts';
import type { Jobs } from '../ports/jobs.ts';
import { startRetention } from '../workflow/audit/retention.ts';
import type { Dependencies } from '../workflow/dependencies.ts';
import { startDriftMonitor } from '../workflow/drift/drift-monitor.ts';
import { startSweeper } from '../workflow/execution/sweeper.ts';
import { startRefusalSums } from '../workflow/record-refusal.ts';
import type { CleanupStack } from './cleanup-stack.ts';

interface Rounds {
  readonly redis: RedisConnections['prompt'];
  readonly keys: Keys;
  readonly bot: Dependencies;
  readonly jobs: Jobs;
  readonly retention: Retention;
  readonly refusals: Parameters<typeof startRefusalSums>[0]['refusals'];
  /** Consumer groups of the records. */
  readonly groups: readonly string[];
  readonly closing: CleanupStack;
  warn(error: unknown, what: string): void;
}

/**
 * Starts the periodic jobs that one replica at a time runs: drift detection, the sweep of orphaned changes, removal of old
 * records, and sums of refusals.
 */
export function startBackgroundJobs({
  redis,
  keys,
  bot,
  jobs,
  refusals,
  retention,
  groups,
  closing,
  warn,
}: Rounds): void {
  const driftStore = redisDriftStore(redis, keys);
  const trail = redisAuditRetention(redis, keys, groups);
  const rounds = [
    startDriftMonitor({ ...bot, driftStore, clock: systemClock }, warn),
    startRetention(retention, { ...bot, trail, clock: systemClock }, warn),
    startSweeper({ ...bot, jobs, clock: systemClock }, warn),
    startRefusalSums({ refusals, store: bot.store, clock: systemClock }, warn),
  ];
  for (const round of rounds) closing.addBounded(() => round.stop());
}
