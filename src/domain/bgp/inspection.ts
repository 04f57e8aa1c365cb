import type { HintFacts } from '../zebos/hint.ts';
import { established, judgeSession, type SessionVerdict } from '../zebos/judge-session.ts';
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
}

export type Page = keyof PodPages;

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
  { node }: TmmPod,
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

/** The session with one peer; where the summary leaves it open, the neighbor's own page may tell. */
export function sessionWith(peer: string, routing: Routing): SessionVerdict {
  const verdict = judgeSession(peer, routing.summary, routing.config);
  const neighbor = routing.neighbors.readable ? routing.neighbors.neighbors.get(peer) : undefined;
  if (neighbor?.state === undefined) return verdict;
  if (verdict.kind === 'established' && verdict.forMs === undefined && neighbor.state === 'Established')
    return established(verdict.prefixes, neighbor.upFor ?? '');
  if (verdict.kind !== 'unknown') return verdict;
  if (neighbor.state === 'Established')
    return established(neighbor.acceptedPrefixes ?? 0, neighbor.upFor ?? '');
  return { kind: 'down', state: neighbor.state };
}

/** What a hint for the session with this peer can build on. */
export function hintFacts(peer: string, { config, neighbors }: Routing): HintFacts {
  const neighbor = neighbors.readable ? neighbors.neighbors.get(peer) : undefined;
  const member = config.readable ? config.members.get(peer) : undefined;
  return {
    announcedPrefixes: neighbor?.announcedPrefixes,
    notification: neighbor === undefined ? undefined : (neighbor.notification ?? null),
    passwordSet: member?.passwordSet,
  };
}

/** How many prefixes are announced to each Established peer; undefined when the pages do not tell. */
export function announcedBy({ neighbors }: Routing): AnnouncedPrefixes | undefined {
  if (!neighbors.readable) return undefined;
  const announced: Record<string, number> = {};
  for (const [peer, neighbor] of neighbors.neighbors) {
    if (neighbor.state !== 'Established') continue;
    if (neighbor.announcedPrefixes === undefined) return undefined;
    announced[peer] = neighbor.announcedPrefixes;
  }
  return announced;
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
    if (held?.state !== 'Established' || session.state === 'Established') sessions.set(peer, session);
  }
  const unreadable = [...first.unreadable, ...second.unreadable].filter((peer) => !sessions.has(peer));
  return { ...first, sessions, unreadable: new Set(unreadable), complete: first.complete && second.complete };
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
    if (isBinary) unreadable.push(`${name}: the key stands in binaryData`);
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
