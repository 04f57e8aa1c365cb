import { inspect } from '../../commands/inspection/inspect.ts';
import type { RecordDraft } from '../../domain/audit/record.ts';
import { sessionsOf } from '../../domain/bgp/inspection.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import { answersShow } from '../../domain/bgp/snapshot.ts';
import type { Target } from '../../domain/bgp/target.ts';
import { debounce } from '../../domain/drift/debounce.ts';
import {
  externalEdits,
  mappingSnapshotOf,
  type Observation,
  observeMapping,
} from '../../domain/drift/detect.ts';
import { describeSession } from '../../domain/zebos/judge-session.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { DriftStore } from '../../ports/drift-store.ts';
import type { Fence } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';

/** How many of the last changes are asked whether a write was ours. */
const LAST_CHANGES = 50;

export interface DriftMonitorDependencies
  extends Pick<Dependencies, 'policy' | 'clusters' | 'store' | 'leases' | 'now'> {
  readonly driftStore: DriftStore;
}

/** One look at a target between changes. What is new and steady is a record, once; so is its end. */
export async function detectDrift(
  target: Target,
  fence: Fence,
  watcher: DriftMonitorDependencies,
): Promise<void> {
  const cluster = watcher.clusters.get(target.name);
  const snapshot = cluster?.cachedSnapshot();
  if (cluster === undefined || snapshot === undefined) return;
  const changes = await watcher.store.recentChanges(LAST_CHANGES);
  const page = await watcher.driftStore.read(target.name);
  const mapping = mappingSnapshotOf(target, snapshot);
  const note = (draft: Pick<RecordDraft, 'event' | 'data'>): Promise<unknown> =>
    watcher.store.append({
      record: { ...draft, atMs: watcher.now(), actor: 'bot', target: target.name },
      fence,
    });

  for (const write of page === undefined ? [] : externalEdits(page.mapping, mapping, changes)) {
    await note({ event: 'drift.external_edit', data: { ...write } });
  }
  // While a change runs its pods and sessions come and go, and its own gates look at them.
  const busy = changes.some(({ state, plan }) => state === 'running' && plan.target === target.name);
  const notes = page?.notes ?? {};
  if (busy) return watcher.driftStore.write(target.name, { mapping, notes });
  const debounced = debounce(notes, [
    ...observeMapping(target, snapshot),
    ...(await observeSessions(target, snapshot, cluster)),
  ]);
  for (const { key, sentence, next } of debounced.begun)
    await note({ event: 'drift.detected', data: { key, sentence, next } });
  for (const { key, sentence } of debounced.over)
    await note({ event: 'drift.resolved', data: { key, sentence } });
  await watcher.driftStore.write(target.name, { mapping, notes: debounced.notes });
}

/** Sessions that are down. One that cannot be seen is not down, and not told. */
async function observeSessions(
  target: Target,
  snapshot: Snapshot,
  cluster: Cluster,
): Promise<readonly Observation[]> {
  const pods = snapshot.pods.filter((pod) => pod.ready && answersShow(pod));
  const inspection = await inspect(cluster, target, snapshot, pods, 'sessions');
  return pods.flatMap((pod) =>
    [...sessionsOf(inspection, pod)].flatMap(([peer, verdict]) => {
      const node = pod.node ?? pod.name;
      if (verdict.kind !== 'down') return [];
      return [
        {
          key: `session ${node} ${peer}`,
          sentence: `${node}: the session with ${peer} is down (${describeSession(verdict)}).`,
          next: `Look at it: show ${node}`,
        },
      ];
    }),
  );
}
