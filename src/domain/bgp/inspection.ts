import type { HintFacts } from '../zebos/hint.ts';
import { established, exchangesNothing, judgeSession, type SessionVerdict } from '../zebos/judge-session.ts';
import type { Session } from '../zebos/printed-values.ts';
import type { BfdReading } from '../zebos/read-bfd.ts';
import type { NeighborsReading } from '../zebos/read-neighbors.ts';
import type { RunningConfigReading } from '../zebos/read-running-config.ts';
import type { SummaryReading } from '../zebos/read-summary.ts';
import { canonicalAddress, familyOf } from './address.ts';
import { readMapping } from './mapping.ts';
import type { Lookup, TmmPod, TmmState } from './snapshot.ts';
import { type LookupReference, lookupsOf, type Target } from './target.ts';

/** What was read of a target at one moment: its lookups, its TMM pods, and the show outputs of the pods that were queried. */
export interface Inspection extends TmmState {
  readonly target: Target;
  /** By uid of the pod; an absent output was not requested. */
  readonly pages: ReadonlyMap<string, PodPages>;
}

/** The parsed outputs of one pod's ZebOS. */
export interface PodPages {
  readonly config?: RunningConfigReading;
  readonly summary?: SummaryReading;
  readonly ipv6Summary?: SummaryReading;
  readonly neighbors?: NeighborsReading;
  /** Read only where BFD is configured. */
  readonly bfd?: BfdReading;
}

export const PAGES = [
  'config',
  'summary',
  'ipv6Summary',
  'neighbors',
  'bfd',
] as const satisfies (keyof PodPages)[];
export type Page = (typeof PAGES)[number];

/** How many prefixes are announced, by canonical address of the peer. */
export type AnnouncedPrefixes = Readonly<Record<string, number>>;

/** The outputs of a pod's ZebOS, with a reason in place of each one that was not read. */
export interface Routing {
  readonly config: RunningConfigReading;
  /** Both families merged, where both were read. */
  readonly summary: SummaryReading;
  readonly neighbors: NeighborsReading;
}

export function pagesOf(inspection: Inspection, pod: TmmPod): PodPages {
  return inspection.pages.get(pod.uid) ?? {};
}

export function routingOf(inspection: Inspection, pod: TmmPod): Routing {
  const { config, summary, ipv6Summary, neighbors } = pagesOf(inspection, pod);
  return {
    config: config ?? unread('show running-config'),
    summary: mergeSummaries(summary, ipv6Summary) ?? unread('show bgp summary'),
    neighbors: neighbors ?? unread('show bgp neighbors'),
  };
}

/** The peers that a pod should have where it runs. */
export function expectedPeersOf(
  { target, lookups }: { readonly target: Target; readonly lookups: ReadonlyMap<string, Lookup> },
  { node }: Pick<TmmPod, 'node'>,
): ExpectedPeers {
  return expectedPeers(target, lookups, node ?? '');
}

/** Whether the lookups or the Helm values give this pod an IPv6 peer, so that its IPv6 summary has to be read. */
export function expectsIpv6(inspection: Inspection, pod: TmmPod): boolean {
  return expectedPeersOf(inspection, pod).peers.some(({ address }) => familyOf(address) === 'IPv6');
}

/** Every peer that is mapped, configured or listed, by canonical address. */
export function sessionsOf(inspection: Inspection, pod: TmmPod): ReadonlyMap<string, SessionVerdict> {
  const routing = routingOf(inspection, pod);
  const configured = routing.config.readable ? [...routing.config.members.keys()] : [];
  const listed = routing.summary.readable ? [...routing.summary.sessions.keys()] : [];
  const expected = expectedPeersOf(inspection, pod).peers.map(({ address }) => address);
  const peers = new Set([...expected, ...configured, ...listed]);
  return new Map([...peers].map((peer) => [peer, sessionWith(peer, routing)]));
}

/** Peers with an Established session that may carry traffic. */
export function carryingPeersOf(inspection: Inspection, pod: TmmPod): readonly string[] {
  const routing = routingOf(inspection, pod);
  return [...sessionsOf(inspection, pod)].flatMap(([peer, verdict]) =>
    carriesTraffic(peer, verdict, routing) ? [peer] : [],
  );
}

/**
 * An announced prefix draws traffic: true for an Established session unless an output says that nothing is announced to the peer.
 */
export function carriesTraffic(peer: string, verdict: SessionVerdict, routing: Routing): boolean {
  return verdict.kind === 'established' && !exchangesNothing(verdict) && announcedTo(peer, routing) !== 0;
}

/** The session with one peer; where the summary does not decide, the neighbor's own output may. */
export function sessionWith(peer: string, routing: Routing): SessionVerdict {
  const verdict = judgeSession(peer, routing.summary, routing.config);
  const neighbor = routing.neighbors.readable ? routing.neighbors.neighbors.get(peer) : undefined;
  if (neighbor?.state === undefined) return verdict;
  if (verdict.kind === 'established' && verdict.forMs === undefined && neighbor.state === 'Established')
    return established(verdict.prefixes, neighbor.printedUptime ?? '', verdict.detail);
  const detail = bracketed(neighbor.detail);
  if (verdict.kind === 'down' && verdict.detail === undefined && verdict.state === neighbor.state)
    return { ...verdict, ...detail };
  if (verdict.kind !== 'unknown') return verdict;
  if (neighbor.state === 'Established')
    return established(neighbor.acceptedPrefixes ?? 0, neighbor.printedUptime ?? '');
  return { kind: 'down', state: neighbor.state, ...detail };
}

function bracketed(detail: string | undefined): { readonly detail?: string } {
  if (detail === undefined) return {};
  return { detail: detail.startsWith('(') ? detail : `(${detail})` };
}

/** Why the session last ended, in the router's words, where no notification says so: hints quote the notification. */
export function lastResetOf(peer: string, { neighbors }: Routing): string | undefined {
  const neighbor = neighbors.readable ? neighbors.neighbors.get(peer) : undefined;
  return neighbor?.notification === undefined ? neighbor?.lastReset?.reason?.replace(/\.$/, '') : undefined;
}

/** The facts for a hint about the session with this peer. */
export function hintFacts(peer: string, routing: Routing): HintFacts {
  const { config, neighbors } = routing;
  const neighbor = neighbors.readable ? neighbors.neighbors.get(peer) : undefined;
  const member = config.readable ? config.members.get(peer) : undefined;
  return {
    announcedPrefixes: announcedTo(peer, routing),
    notification: neighbor === undefined ? undefined : (neighbor.notification ?? null),
    passwordSet: member?.passwordSet,
  };
}

/**
 * Number of prefixes announced to each Established peer; undefined when the outputs do not show it. FRR shows it in its summary
 * alone.
 */
export function announcedBy(routing: Routing): AnnouncedPrefixes | undefined {
  const { neighbors } = routing;
  if (!neighbors.readable) return undefined;
  const announced: Record<string, number> = {};
  for (const [peer, neighbor] of neighbors.neighbors) {
    if (neighbor.state !== 'Established') continue;
    const count = announcedTo(peer, routing);
    if (count === undefined) return undefined;
    announced[peer] = count;
  }
  return announced;
}

/** Number of prefixes announced to one peer, from its own output, else from the summary. */
export function announcedTo(peer: string, { neighbors, summary }: Routing): number | undefined {
  const neighbor = neighbors.readable ? neighbors.neighbors.get(peer) : undefined;
  const session = summary.readable ? summary.sessions.get(peer) : undefined;
  return neighbor?.announcedPrefixes ?? session?.prefixesSent;
}

/** A peer that the first summary does not list, or lists as down, may be Established in the second. */
function mergeSummaries(
  first: SummaryReading | undefined,
  second: SummaryReading | undefined,
): SummaryReading | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  if (!first.readable) return second.readable ? { ...second, complete: false } : first;
  if (!second.readable) return first;
  const sessions = new Map(first.sessions);
  for (const [peer, session] of second.sessions) {
    const held = sessions.get(peer);
    if (held?.state !== 'Established') sessions.set(peer, session);
    else if (session.state === 'Established') sessions.set(peer, moreOf(held, session));
  }
  const unreadable = [...first.unreadable, ...second.unreadable].filter((peer) => !sessions.has(peer));
  return { ...first, sessions, unreadable: new Set(unreadable), complete: first.complete && second.complete };
}

/** Merges two readings of one session: FRR's first summary covers all families, each of ZebOS's covers its own. */
function moreOf(first: Session, second: Session): Session {
  const { detail: _, ...both } = { ...first, ...second };
  const sent = Math.max(first.prefixesSent ?? -1, second.prefixesSent ?? -1);
  const detail = first.detail === undefined ? undefined : second.detail;
  return {
    ...both,
    prefixesReceived: Math.max(first.prefixesReceived ?? 0, second.prefixesReceived ?? 0),
    ...(sent >= 0 && { prefixesSent: sent }),
    ...(detail !== undefined && { detail }),
  };
}

function unread(command: string): { readonly readable: false; readonly why: string } {
  return { readable: false, why: `${command} was not asked for` };
}

/** The peers that a TMM pod on this node should have, from the lookups and from the static peers of the Helm values. */
export interface ExpectedPeers {
  readonly peers: readonly ExpectedPeer[];
  /** Lookups that map the node. */
  readonly mappedBy: readonly string[];
  /** Values that could not be read, in words. */
  readonly unreadable: readonly string[];
}

export interface ExpectedPeer {
  readonly address: string;
  readonly asn: number;
  /** Absent for a static peer. */
  readonly lookup?: string;
  readonly neighbor: LookupReference['neighbor'];
}

export function expectedPeers(
  target: Target,
  lookups: ReadonlyMap<string, Pick<Lookup, 'data' | 'binaryKeys'>>,
  node: string,
): ExpectedPeers {
  const peers: ExpectedPeer[] = [];
  const mappedBy: string[] = [];
  const unreadable: string[] = [];
  for (const { name, asn, neighbor } of lookupsOf(target)) {
    const lookup = lookups.get(name);
    const value = lookup?.data[node];
    const isBinary = lookup?.binaryKeys?.includes(node) === true;
    if (value === undefined && !isBinary) continue;
    mappedBy.push(name);
    if (isBinary) unreadable.push(`${name}: the key is in binaryData`);
    if (value === undefined) continue;
    const mapping = readMapping(value);
    if ('unreadable' in mapping) unreadable.push(`${name}: ${mapping.unreadable}`);
    else
      for (const address of new Set(mapping.addresses)) peers.push({ address, asn, lookup: name, neighbor });
  }
  for (const neighbor of target.bgp.neighbors) {
    const address = neighbor.ip === undefined ? undefined : canonicalAddress(neighbor.ip);
    if (address !== undefined) peers.push({ address, asn: neighbor.asn, neighbor });
  }
  return { peers, mappedBy, unreadable };
}
