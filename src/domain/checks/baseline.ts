import { type AnnouncedPrefixes, announcedBy, type Inspection, routingOf } from '../bgp/inspection.ts';
import { answersShow, type TmmPod } from '../bgp/snapshot.ts';
import type { Baseline } from '../change/change.ts';
import { type Unread, unread } from './check.ts';

/** What there is before these pods are evicted: all TMM pods, and what these announce; or what has to be read to know. */
export function baselineOf(inspection: Inspection, uids: readonly string[]): Baseline | Unread {
  const concerned = inspection.pods.filter((pod) => uids.includes(pod.uid) && answersShow(pod));
  for (const pod of concerned) {
    const missing = unread(inspection, pod, ['neighbors']);
    if (missing !== undefined) return missing;
  }
  const announced = concerned.map((pod) => announcedBy(routingOf(inspection, pod)));
  return { announced: most(announced), pods: inspection.pods.map(({ uid }) => uid) };
}

/** The TMM pods that were not there before, those that are ending left out. */
export function replacementsIn({ pods }: Inspection, before: Baseline): readonly TmmPod[] {
  return pods.filter(({ uid, terminating }) => !before.pods.includes(uid) && !terminating);
}

/** The most of each family over several pods; `null` when one of them could not be read, or there is none. */
function most(counts: readonly (AnnouncedPrefixes | undefined)[]): AnnouncedPrefixes | null {
  const known = counts.filter((count) => count !== undefined);
  if (known.length === 0 || known.length < counts.length) return null;
  return {
    IPv4: Math.max(...known.map(({ IPv4 }) => IPv4)),
    IPv6: Math.max(...known.map(({ IPv6 }) => IPv6)),
  };
}
