import { familyOf } from '../bgp/address.ts';
import {
  type AnnouncedPrefixes,
  announcedBy,
  expectedPeersOf,
  hintFacts,
  type Inspection,
  routingOf,
  sessionWith,
} from '../bgp/inspection.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import type { Baseline } from '../change/change.ts';
import { asClause } from '../phrasing.ts';
import { hintFor } from '../zebos/hint.ts';
import { describeSession, exchangesNothing } from '../zebos/judge-session.ts';
import { type Judgement, PASS, type Unread, unread, wait, whereabouts } from './check.ts';

/**
 * The pod announces to each unchanged peer at least as many prefixes as the evicted one did, and to each changed one as many as
 * to the peer that it replaces. Without a baseline, or after a resume where something was announced before, requires only that
 * routes are exchanged.
 */
export function prefixesAsBefore(
  inspection: Inspection,
  pod: TmmPod,
  { announced, beforeResume = false }: Baseline,
): Judgement {
  const peers = expectedPeersOf(inspection, pod).peers.map(({ address }) => address);
  // Whether it should have one is up to another check.
  if (peers.length === 0) return PASS;
  const before = announced[pod.node ?? ''] ?? onlyOf(announced);
  if (before === null || beforeResume) return sessionsExchange(inspection, pod, before);
  const missing = unreadAnnounced(inspection, pod);
  if (missing !== undefined) return missing;
  const now = announcedBy(routingOf(inspection, pod));
  if (now === undefined) {
    const { neighbors } = routingOf(inspection, pod);
    const why = neighbors.readable ? '' : ` (${asClause(neighbors.why)})`;
    return wait(`prefixes ${pod.uid}`, {
      reasonCode: 'prefixes_missing',
      sentence: `What ${whereabouts(pod)} announces to its peers cannot be read${why}`,
      traffic: 'Whether its virtual servers can be reached is unknown.',
      next: 'Look with imish in its routing container: show bgp neighbors',
    });
  }
  const fewer = [...leastFor(peers, before)].filter(([peer, least]) => (now[peer] ?? 0) < least);
  if (fewer.length === 0) return PASS;
  const counts = fewer.map(([peer, least]) => `${now[peer] ?? 0} of ${least} prefixes to ${peer}`);
  return wait(`prefixes ${pod.uid} ${counts.join()}`, {
    reasonCode: 'prefixes_missing',
    sentence: `${whereabouts(pod)} announces ${counts.join(', ')}`,
    traffic: 'Traffic to the missing prefixes does not reach this TMM.',
    hint: 'Look at the virtual servers, and at acceptsIPv4 and acceptsIPv6 in the Helm values.',
  });
}

/** FRR's Established without a policy does not count as restored, unless it is known that nothing was announced before. */
function sessionsExchange(inspection: Inspection, pod: TmmPod, before: AnnouncedPrefixes | null): Judgement {
  const missing = unread(inspection, pod, ['summary']);
  if (missing !== undefined) return missing;
  const routing = routingOf(inspection, pod);
  const peers = expectedPeersOf(inspection, pod).peers.map(({ address }) => address);
  const least = before === null ? undefined : leastFor(peers, before);
  const idle = peers.flatMap((address) => {
    const verdict = sessionWith(address, routing);
    return exchangesNothing(verdict) && least?.get(address) !== 0 ? [{ address, verdict }] : [];
  });
  const [first] = idle;
  if (first === undefined) return PASS;
  return wait(`prefixes ${pod.uid} ${idle.map(({ address }) => address).join()}`, {
    reasonCode: 'prefixes_missing',
    sentence: `${whereabouts(pod)} exchanges no routes with ${idle.map(({ address, verdict }) => `${address} (${describeSession(verdict)})`).join(', ')}, ${before === null ? 'and whether it did before could not be read' : 'and did before'}`,
    traffic: 'No traffic comes over these sessions.',
    hint: hintFor(first.verdict, hintFacts(first.address, routing)),
  });
}

/** The outputs that show what a pod announces: each neighbor's own, and the summary where these do not show it, as in FRR. */
export function unreadAnnounced(inspection: Inspection, pod: TmmPod): Unread | undefined {
  const missing = unread(inspection, pod, ['neighbors']);
  if (missing !== undefined) return missing;
  const routing = routingOf(inspection, pod);
  const isOpen = routing.neighbors.readable && announcedBy(routing) === undefined;
  return isOpen ? unread(inspection, pod, ['summary']) : undefined;
}

/** A replacement on another node is compared with the evicted pod, if that was the only one. */
function onlyOf(announced: Baseline['announced']): AnnouncedPrefixes | null {
  const [first = null, ...more] = Object.values(announced);
  return more.length === 0 ? first : null;
}

/**
 * Minimum number of prefixes to announce to each peer. Added peers take the place of removed ones, family by family, in the order
 * of the mapping; an additional one needs the smallest number that a peer of its family had.
 */
function leastFor(peers: readonly string[], before: AnnouncedPrefixes): ReadonlyMap<string, number> {
  const least = new Map<string, number>();
  const kept = new Set(peers);
  for (const family of ['IPv4', 'IPv6'] as const) {
    const earlier = Object.keys(before).filter((peer) => familyOf(peer) === family);
    const went = earlier.filter((peer) => !kept.has(peer)).map((peer) => before[peer] ?? 0);
    const [fewest = 0] = earlier.map((peer) => before[peer] ?? 0).toSorted((one, other) => one - other);
    for (const peer of peers.filter((one) => familyOf(one) === family))
      least.set(peer, before[peer] ?? went.shift() ?? fewest);
  }
  return least;
}
