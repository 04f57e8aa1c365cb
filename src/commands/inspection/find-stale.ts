import { answersShow, isActive, type TmmPod, type TmmState } from '../../domain/bgp/snapshot.ts';
import { type Staleness, stalenessOf } from '../../domain/bgp/staleness.ts';
import type { Target } from '../../domain/bgp/target.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { openInspection, readPages } from './inspect.ts';

/** A TMM pod, with the comparison of what it runs and what it should run. */
export interface JudgedPod {
  readonly pod: TmmPod;
  readonly staleness: Staleness;
}

/**
 * Judges every TMM pod by a live read of its running-config and by its template. Starting pods are left out: they will read the
 * present configuration.
 */
export async function judgeStaleness(
  cluster: Pick<Cluster, 'imish'>,
  target: Target,
  state: TmmState,
): Promise<readonly JudgedPod[]> {
  const pods = state.pods.filter((pod) => isActive(pod) && pod.phase !== 'Pending' && pod.routing);
  const opened = openInspection(target, state, pods);
  const requests = pods.filter(answersShow).map((pod) => ({ pod, pages: ['config' as const] }));
  const inspection = await readPages(cluster, opened, requests);
  return pods.map((pod) => ({ pod, staleness: stalenessOf(inspection, pod) }));
}
