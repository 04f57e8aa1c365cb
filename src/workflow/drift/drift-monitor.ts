import { inspect, openInspection } from '../../commands/inspection/inspect.ts';
import type { EventName } from '../../domain/audit/record.ts';
import type { Inspection } from '../../domain/bgp/inspection.ts';
import { lastSeenSessions } from '../../domain/bgp/live-sessions.ts';
import { answersShow, type Snapshot, type TmmPod } from '../../domain/bgp/snapshot.ts';
import type { Target } from '../../domain/bgp/target.ts';
import { debounce } from '../../domain/drift/debounce.ts';
import { type ExternalEdit, externalEdits, mappingSnapshotOf } from '../../domain/drift/detect.ts';
import { NOTHING_REMEMBERED, observe, remember } from '../../domain/drift/observers.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { DriftStore, Fence, Lease, Store } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';

export interface DriftMonitor {
  /** Resolves when the running checks are done. */
  stop(): Promise<void>;
}

/** Checks every target each `driftCheckEveryMs`, in one replica at a time. `onError` receives the error of a failed check. */
export function startDriftMonitor(
  bot: DriftDependencies,
  onError: (error: unknown, what: string) => void,
): DriftMonitor {
  const stopping = new AbortController();
  const monitors = bot.policy.targets.map((target) =>
    monitor(target, bot, stopping.signal, (error) => onError(error, `drift check of ${target.name}`)),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all(monitors);
    },
  };
}

async function monitor(
  target: Target,
  bot: DriftDependencies,
  stopped: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let lease: Lease | undefined;
  for (;;) {
    await bot.clock.sleep(target.driftCheckEveryMs, stopped);
    if (stopped.aborted) break;
    try {
      if (lease?.lost.aborted) lease = undefined;
      lease ??= await bot.leases.acquire(`drift of ${target.name}`, 'drift monitor');
      if (lease !== undefined) await detectDrift(target, lease.fence, bot);
    } catch (error) {
      onError(error);
    }
  }
  await lease?.release();
}

/** How many of the newest changes are searched for the writer of a key. */
const RECENT_CHANGES = 50;

export interface DriftDependencies extends Pick<Dependencies, 'clusters' | 'leases'> {
  readonly policy: Pick<Policy, 'targets'>;
  readonly store: Pick<Store, 'recentChanges' | 'append'>;
  readonly driftStore: DriftStore;
  readonly clock: Clock;
}

/**
 * One drift check of a target: records edits by others, each once, and deviations that two consecutive checks found, once at
 * their beginning and once at their end.
 */
async function detectDrift(target: Target, fence: Fence, bot: DriftDependencies): Promise<void> {
  const { store, driftStore, clock } = bot;
  const cluster = bot.clusters.get(target.name);
  const snapshot = cluster?.cachedSnapshot();
  if (cluster === undefined || snapshot === undefined) return;
  const atMs = clock.now();
  const changes = await store.recentChanges(RECENT_CHANGES);
  const earlier = await driftStore.read(target.name);
  const record = (event: DriftEvent, data: Readonly<Record<string, unknown>>): Promise<unknown> =>
    store.append({ record: { atMs, event, actor: 'bot', target: target.name, data }, fence });

  for (const edit of earlier === undefined ? [] : externalEdits(earlier, target, snapshot, changes))
    await record('drift.external_edit', dataOf(edit));
  const mapping = mappingSnapshotOf(target, snapshot);
  const findings = earlier?.findings ?? {};
  // A running change replaces pods and takes sessions down on purpose, and checks them itself.
  const running = changes.some(({ state, plan }) => state === 'running' && plan.target === target.name);
  if (running) {
    const remembered = earlier?.remembered;
    return driftStore.write(target.name, { mapping, atMs, findings, remembered });
  }
  const pods = snapshot.pods.filter((pod) => pod.ready && answersShow(pod));
  const inspection = await askPods(target, snapshot, cluster, pods);
  const look = { target, snapshot, inspection, pods, remembered: earlier?.remembered ?? NOTHING_REMEMBERED };
  const debounced = debounce(findings, observe(look));
  for (const { key, sentence, next } of debounced.detected)
    await record('drift.detected', { key, sentence, next });
  for (const { key, sentence } of debounced.resolved) await record('drift.resolved', { key, sentence });
  await driftStore.write(target.name, {
    mapping,
    atMs,
    findings: debounced.findings,
    remembered: remember(look),
    sessions: lastSeenSessions(look),
  });
}

type DriftEvent = Extract<EventName, `drift.${string}`>;

/** Data of the record: the key, both values, and the writer (`manager`, `written_at`) where Kubernetes names one. */
function dataOf({ writer, ...edit }: ExternalEdit): Readonly<Record<string, unknown>> {
  return writer === undefined ? edit : { ...edit, manager: writer.manager, written_at: writer.at };
}

const PODS_AT_ONCE = 20;

/** Reads the outputs of the TMM pods, a limited number in parallel. */
async function askPods(
  target: Target,
  snapshot: Snapshot,
  cluster: Cluster,
  pods: readonly TmmPod[],
): Promise<Inspection> {
  let inspection = openInspection(target, snapshot);
  for (let at = 0; at < pods.length; at += PODS_AT_ONCE)
    inspection = await inspect(cluster, inspection, pods.slice(at, at + PODS_AT_ONCE), 'everything');
  return inspection;
}
