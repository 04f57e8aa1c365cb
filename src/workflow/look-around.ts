import { foreignWrites, type Observation, observeMapping, pictureOf } from '../domain/observations.ts';
import type { RecordDraft } from '../domain/record.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { answersShow } from '../domain/snapshot.ts';
import type { Target } from '../domain/target.ts';
import { weigh } from '../domain/watch-notes.ts';
import { describeSession } from '../inspection/describe-session.ts';
import { inspectPod } from '../inspection/inspect-pod.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Fence } from '../ports/store.ts';
import type { WatchBook } from '../ports/watch-book.ts';
import type { Bot } from './bot.ts';

/** How many of the last changes are asked whether a write was ours. */
const LAST_CHANGES = 50;

export interface Watcher extends Pick<Bot, 'policy' | 'clusters' | 'store' | 'leases' | 'now'> {
  readonly watchBook: WatchBook;
}

/** One look at a target between changes. What is new and steady is a record, once; so is its end. */
export async function lookAround(target: Target, fence: Fence, watcher: Watcher): Promise<void> {
  const cluster = watcher.clusters.get(target.name);
  const snapshot = cluster?.watched();
  if (cluster === undefined || snapshot === undefined) return;
  const changes = await watcher.store.recentChanges(LAST_CHANGES);
  const page = await watcher.watchBook.read(target.name);
  const mapping = pictureOf(target, snapshot);
  const note = (draft: Pick<RecordDraft, 'event' | 'data'>): Promise<unknown> =>
    watcher.store.append({
      record: { ...draft, atMs: watcher.now(), actor: 'bot', target: target.name },
      fence,
    });

  for (const write of page === undefined ? [] : foreignWrites(page.mapping, mapping, changes)) {
    await note({ event: 'watch.mapping_changed', data: { ...write } });
  }
  // While a change runs its pods and sessions come and go, and its own gates look at them.
  const busy = changes.some(({ state, plan }) => state === 'running' && plan.target === target.name);
  const notes = page?.notes ?? {};
  if (busy) return watcher.watchBook.write(target.name, { mapping, notes });
  const weighed = weigh(notes, [
    ...observeMapping(target, snapshot),
    ...(await observeSessions(target, snapshot, cluster)),
  ]);
  for (const { key, sentence, next } of weighed.begun)
    await note({ event: 'watch.noticed', data: { key, sentence, next } });
  for (const { key, sentence } of weighed.over) await note({ event: 'watch.over', data: { key, sentence } });
  await watcher.watchBook.write(target.name, { mapping, notes: weighed.notes });
}

/** Sessions that are down. One that cannot be seen is not down, and not told. */
async function observeSessions(
  target: Target,
  snapshot: Snapshot,
  cluster: Cluster,
): Promise<readonly Observation[]> {
  const pods = snapshot.pods.filter((pod) => pod.ready && answersShow(pod));
  const inspections = await Promise.all(
    pods.map((pod) => inspectPod(cluster, target, snapshot.lookups, pod)),
  );
  return inspections.flatMap(({ pod, sessions }) =>
    [...sessions].flatMap(([peer, verdict]) => {
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
