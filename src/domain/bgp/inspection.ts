import type { HintFacts } from '../zebos/hint.ts';
import { established, exchangesNothing, judgeSession, type SessionVerdict } from '../zebos/judge-session.ts';
import type { Session } from '../zebos/printed-values.ts';
import type { BfdReading } from '../zebos/read-bfd.ts';
import type { NeighborsReading } from '../zebos/read-neighbors.ts';
import type { RunningConfigReading } from '../zebos/read-running-config.ts';
import type { SummaryReading } from '../zebos/read-summary.ts';
import { canonicalAddress } from './address.ts';
import { readMapping } from './mapping.ts';
import type { Lookup, TmmPod, TmmState } from './snapshot.ts';
import { type LookupReference, lookupsOf, type Target } from './target.ts';

/** What was read of a target at one moment: its lookups, its TMM pods, and the pages of those pods that were asked. */
export interface Inspection extends TmmState {
  readonly target: Target;
  /** By uid of the pod; a page that is not there was not asked for. */
  readonly pages: ReadonlyMap<string, PodPages>;
}

/** What one pod's ZebOS answered, read. */
export interface PodPages {
  readonly config?: RunningConfigReading;
  readonly summary?: SummaryReading;
  readonly ipv6Summary?: SummaryReading;
  readonly neighbors?: NeighborsReading;
  /** Asked for only where BFD is configured. */
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

/** What a pod's ZebOS says, with a reason in place of each page that was not asked for. */
export interface Routing {
  readonly config: RunningConfigReading;
  /** Of both families, where both were asked. */
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

/** Whether the lookups or the Helm values give this pod an IPv6 peer, so that its IPv6 summary tells something. */
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

/** Peers with an Established session over which traffic may come. */
export function carryingPeersOf(inspection: Inspection, pod: TmmPod): readonly string[] {
  const routing = routingOf(inspection, pod);
  return [...sessionsOf(inspection, pod)].flatMap(([peer, verdict]) =>
    carriesTraffic(peer, verdict, routing) ? [peer] : [],
  );
}

/** What is announced draws traffic: the session is Established, and no page says that nothing is announced to the peer. */
export function carriesTraffic(peer: string, verdict: SessionVerdict, routing: Routing): boolean {
  return verdict.kind === 'established' && !exchangesNothing(verdict) && announcedTo(peer, routing) !== 0;
}

/** The session with one peer; where the summary leaves it open, the neighbor's own page may tell. */
export function sessionWith(peer: string, routing: Routing): SessionVerdict {
  const verdict = judgeSession(peer, routing.summary, routing.config);
  const neighbor = routing.neighbors.readable ? routing.neighbors.neighbors.get(peer) : undefined;
  if (neighbor?.state === undefined) return verdict;
  if (verdict.kind === 'established' && verdict.forMs === undefined && neighbor.state === 'Established')
    return established(verdict.prefixes, neighbor.upFor ?? '', verdict.detail);
  const detail = bracketed(neighbor.detail);
  if (verdict.kind === 'down' && verdict.detail === undefined && verdict.state === neighbor.state)
    return { ...verdict, ...detail };
  if (verdict.kind !== 'unknown') return verdict;
  if (neighbor.state === 'Established')
    return established(neighbor.acceptedPrefixes ?? 0, neighbor.upFor ?? '');
  return { kind: 'down', state: neighbor.state, ...detail };
}

function bracketed(detail: string | undefined): { readonly detail?: string } {
  if (detail === undefined) return {};
  return { detail: detail.startsWith('(') ? detail : `(${detail})` };
}

/** Why the session ended last, in the router's words, where no notification tells it: hints repeat the notification's. */
export function lastResetOf(peer: string, { neighbors }: Routing): string | undefined {
  const neighbor = neighbors.readable ? neighbors.neighbors.get(peer) : undefined;
  return neighbor?.notification === undefined ? neighbor?.lastReset?.reason?.replace(/\.$/, '') : undefined;
}

/** What a hint for the session with this peer can build on. */
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
 * How many prefixes are announced to each Established peer; undefined when the pages do not tell. FRR tells it in its
 * summary alone.
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

/** How many prefixes are announced to one peer, by its own page, else by the summary. */
export function announcedTo(peer: string, { neighbors, summary }: Routing): number | undefined {
  const neighbor = neighbors.readable ? neighbors.neighbors.get(peer) : undefined;
  const session = summary.readable ? summary.sessions.get(peer) : undefined;
  return neighbor?.announcedPrefixes ?? session?.prefixesSent;
}

export type Family = 'IPv4' | 'IPv6';

export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/** A peer that the first summary does not list, or lists as down, may stand better in the second. */
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

/** Of two views of one session: FRR's first one sums up all families, ZebOS's each show their own. */
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

/** What a TMM pod on this node should peer with, by the lookups and by the static peers of the Helm values. */
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
