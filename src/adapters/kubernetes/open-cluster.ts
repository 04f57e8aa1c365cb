import type { KubeConfig } from '@kubernetes/client-node';
import type { Target } from '../../domain/bgp/target.ts';
import { podKey } from '../../domain/bgp/target-index.ts';
import type { Cluster, PodReference } from '../../ports/cluster.ts';
import { apiErrorOf, describeApiError } from './api-error.ts';
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

/** Opens one target. `onTrouble` hears, in words, why a watch had to begin again. */
export function openCluster(
  target: Target,
  kubeConfig: KubeConfig,
  onError: (why: string) => void,
): OpenCluster {
  const api = targetApi(target, kubeConfig);
  const watch = watchTarget(api, (error) => onError(describeApiError(apiErrorOf(error))));
  const uidOf = (pod: PodReference): string | undefined => watch.held()?.index.pods.get(podKey(pod))?.uid;
  return {
    snapshot(of) {
      const held = of === undefined ? undefined : watch.held();
      return of === undefined || held === undefined ? readTarget(api) : readNode(api, of.node, held);
    },
    cachedSnapshot: () => watch.snapshot(),
    tmmState: () => readTmmState(api),
    write: (difference, anchor) => writeKey(api, difference, anchor),
    evict: (pod) => evictPod(api, pod),
    remove: (pod) => removePod(api, pod),
    imish: (pod, command) => runImish(api, pod, command, uidOf(pod)),
    nextMove: (timeoutMs) => watch.nextMove(timeoutMs),
    watchAges: () => watch.ages(),
    close: () => watch.stop(),
  };
}
