import { type AnnouncedPrefixes, announcedBy, type Inspection, routingOf } from '../bgp/inspection.ts';
import { answersShow, isActive, owns } from '../bgp/snapshot.ts';
import type { Baseline } from '../change/change.ts';
import type { EvictedPod, Unread } from './check.ts';
import { unreadAnnounced } from './prefixes-as-before.ts';

/**
 * The state before these pods are evicted: the other TMM pods, and what the evicted ones announce; or what has to be read first.
 */
export function baselineOf(inspection: Inspection, evicted: readonly EvictedPod[]): Baseline | Unread {
  const announced: Record<string, AnnouncedPrefixes | null> = {};
  for (const { uid, node } of evicted) {
    const pod = inspection.pods.find((one) => one.uid === uid);
    if (pod === undefined || !answersShow(pod)) {
      announced[node] = null;
      continue;
    }
    const missing = unreadAnnounced(inspection, pod);
    if (missing !== undefined) return missing;
    const here = announcedBy(routingOf(inspection, pod));
    const held = announced[node];
    announced[node] = here === undefined || held === null ? null : most(held, here);
  }
  const controllers = controllersOf(inspection, evicted);
  return {
    announced,
    pods: podsBefore(inspection, evicted),
    ...(controllers.length > 0 && { controllers }),
  };
}

function controllersOf(
  { pods, workloads = [] }: Inspection,
  evicted: readonly EvictedPod[],
): readonly string[] {
  const own = pods.filter((pod) => evicted.some(({ uid }) => uid === pod.uid));
  const uids = own.map((pod) => workloads.find((workload) => owns(workload, pod))?.uid ?? pod.owner?.uid);
  return [...new Set(uids)].filter((uid) => uid !== undefined);
}

/**
 * Pods that cannot be replacements. One without a node may become one. Where the evicted pod is gone already, ended or
 * terminating, so may any pod on its node.
 */
function podsBefore({ pods }: Inspection, evicted: readonly EvictedPod[]): readonly string[] {
  const active = new Set(pods.filter(isActive).map(({ uid }) => uid));
  const left = new Set(evicted.filter(({ uid }) => !active.has(uid)).map(({ node }) => node));
  return pods.flatMap(({ uid, node }) => (node === undefined || left.has(node) ? [] : [uid]));
}

/** For each peer the larger count, where a node has two pods. */
function most(one: AnnouncedPrefixes | undefined, other: AnnouncedPrefixes): AnnouncedPrefixes {
  const peers = [...new Set([...Object.keys(one ?? {}), ...Object.keys(other)])];
  return Object.fromEntries(peers.map((peer) => [peer, Math.max(one?.[peer] ?? 0, other[peer] ?? 0)]));
}
