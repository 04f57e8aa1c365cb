import type { KubeConfig } from '@kubernetes/client-node';
import type { Target } from '../../domain/bgp/target.ts';
import { podKey } from '../../domain/bgp/target-index.ts';
import type { Cluster, PodReference } from '../../ports/cluster.ts';
import { apiErrorOf, describeApiError } from './api-error.ts';
import { bounded, endedEffect, endedImish, endedRead } from './bounded.ts';
import { evictPod, removePod } from './evict-pod.ts';
import { readNode, readTarget, readTmmState } from './read-target.ts';
import { runImish } from './run-imish.ts';
import { targetApi } from './target-api.ts';
import { watchTarget } from './watch-target.ts';
import { writeKey } from './write-key.ts';

/** A cluster that watches from the moment it is opened. */
export interface OpenCluster extends Cluster {
  /** Milliseconds since the last sign of life, by what is watched. */
  watchAges(): Readonly<Record<string, number>>;
  close(): void;
}

/** How long each operation may take as a whole. A snapshot of ten thousand nodes is read in a hundred pages. */
const TIMEOUTS_MS = { snapshot: 20_000, tmmState: 15_000, effect: 20_000, imish: 10_000 };

/** Opens one target. `onTrouble` hears, in words, why a watch had to begin again. */
export function openCluster(
  target: Target,
  kubeConfig: KubeConfig,
  onError: (why: string) => void,
  timeoutsMs = TIMEOUTS_MS,
): OpenCluster {
  const api = targetApi(target, kubeConfig);
  const watch = watchTarget(api, (error) => onError(describeApiError(apiErrorOf(error))));
  const uidOf = (pod: PodReference): string | undefined => watch.held()?.index.pods.get(podKey(pod))?.uid;
  return {
    snapshot: (of) =>
      bounded(
        api,
        timeoutsMs.snapshot,
        (call) => {
          const held = of === undefined ? undefined : watch.held();
          return of === undefined || held === undefined ? readTarget(call) : readNode(call, of.node, held);
        },
        endedRead,
      ),
    cachedSnapshot: () => watch.snapshot(),
    tmmState: () => bounded(api, timeoutsMs.tmmState, readTmmState, endedRead),
    write: (difference, anchor, stop) =>
      bounded(api, timeoutsMs.effect, (call) => writeKey(call, difference, anchor), endedEffect, stop),
    evict: (pod, stop) => bounded(api, timeoutsMs.effect, (call) => evictPod(call, pod), endedEffect, stop),
    remove: (pod, stop) => bounded(api, timeoutsMs.effect, (call) => removePod(call, pod), endedEffect, stop),
    imish: (pod, command) =>
      bounded(api, timeoutsMs.imish, (call) => runImish(call, pod, command, uidOf(pod)), endedImish),
    nextMove: (timeoutMs) => watch.nextMove(timeoutMs),
    watchAges: () => watch.ages(),
    close: () => watch.stop(),
  };
}
