import {
  type AnnouncedPrefixes,
  announcedBy,
  expectedPeersOf,
  familyOf,
  type Inspection,
  routingOf,
} from '../bgp/inspection.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import type { Baseline } from '../change/change.ts';
import { type Judgement, PASS, unread, wait, whereabouts } from './check.ts';

/**
 * The pod announces at least as many prefixes to a peer as the evicted one did, by family of the peer. When that could
 * not be read before the eviction there is nothing to compare with, and the sessions have to do.
 */
export function prefixesAsBefore(
  inspection: Inspection,
  pod: TmmPod,
  { announced: before }: Baseline,
): Judgement {
  if (before === null) return PASS;
  const missing = unread(inspection, pod, ['neighbors']);
  if (missing !== undefined) return missing;
  const now = announcedBy(routingOf(inspection, pod));
  if (now === undefined) {
    return wait(`prefixes ${pod.uid}`, {
      reasonCode: 'prefixes_missing',
      sentence: `What ${whereabouts(pod)} announces to its peers cannot be read`,
      traffic: 'Whether its virtual servers can be reached is unknown.',
      next: 'Look with imish in its routing container: show bgp neighbors',
    });
  }
  const families = new Set(expectedPeersOf(inspection, pod).peers.map(({ address }) => familyOf(address)));
  const fewer = FAMILIES.filter((family) => families.has(family) && now[family] < before[family]);
  if (fewer.length === 0) return PASS;
  const counts = fewer.map((family) => `${now[family]} of ${before[family]} prefixes to ${family} peers`);
  return wait(`prefixes ${pod.uid} ${counts.join()}`, {
    reasonCode: 'prefixes_missing',
    sentence: `${whereabouts(pod)} announces ${counts.join(', ')}`,
    traffic: 'Traffic to the prefixes that are missing does not come to this TMM.',
    hint: 'Look at the virtual servers, and at acceptsIPv4 and acceptsIPv6 in the Helm values.',
  });
}

const FAMILIES: readonly (keyof AnnouncedPrefixes)[] = ['IPv4', 'IPv6'];
