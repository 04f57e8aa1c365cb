import { type Inspection, routingOf } from '../../domain/bgp/inspection.ts';
import { answersShow, isActive, type Snapshot, type TmmPod } from '../../domain/bgp/snapshot.ts';
import { type Staleness, stalenessOf } from '../../domain/bgp/staleness.ts';
import type { Target } from '../../domain/bgp/target.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { openInspection, readPages } from './inspect.ts';

/** A TMM pod and how its running-config stands to what it should run. */
export interface JudgedPod {
  readonly pod: TmmPod;
  readonly staleness: Staleness;
}

/** Judges every TMM pod by its running-config, read now. Pods that are starting will read what is there, and are left out. */
export async function judgeStaleness(
  cluster: Pick<Cluster, 'imish'>,
  target: Target,
  snapshot: Snapshot,
): Promise<readonly JudgedPod[]> {
  const pods = snapshot.pods.filter((pod) => isActive(pod) && pod.phase !== 'Pending' && pod.routing);
  const state = { lookups: snapshot.lookups, pods };
  const requests = pods.filter(answersShow).map((pod) => ({ pod, pages: ['config' as const] }));
  const inspection = await readPages(cluster, openInspection(target, state), requests);
  return pods.map((pod) => ({ pod, staleness: judge(inspection, pod) }));
}

function judge(inspection: Inspection, pod: TmmPod): Staleness {
  if (answersShow(pod)) return stalenessOf(inspection, pod);
  const { config } = routingOf(inspection, pod);
  return {
    kind: 'unknown',
    why: config.readable ? pod.phase : `it cannot be asked: ${pod.trouble ?? pod.phase}`,
  };
}
