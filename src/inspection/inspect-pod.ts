import { type ExpectedPeers, expectedPeers } from '../domain/bgp/expected-peers.ts';
import { compareConfig, type Finding } from '../domain/bgp/findings.ts';
import type { Lookup, TmmPod } from '../domain/bgp/snapshot.ts';
import type { Target } from '../domain/bgp/target.ts';
import type { Announced } from '../domain/change/change.ts';
import type { SessionVerdict } from '../domain/zebos/judge-session.ts';
import type { Cluster } from '../ports/cluster.ts';
import { readRouting } from './read-routing.ts';
import { announcedTo, judgePeer, type Routing } from './routing.ts';

/** What one TMM pod says of its peers, beside what its node's mapping asks for. */
export interface PodInspection {
  readonly pod: TmmPod;
  readonly expected: ExpectedPeers;
  readonly routing: Routing;
  /** By canonical address: every peer that is mapped or configured. */
  readonly sessions: ReadonlyMap<string, SessionVerdict>;
  /** Undefined when the running-config could not be read. */
  readonly findings: readonly Finding[] | undefined;
  /** The most prefixes announced to one peer of each family; undefined when that could not be read. */
  readonly announced: Announced | undefined;
  /** Whether a session is Established, so that this pod carries traffic. */
  readonly carriesTraffic: 'yes' | 'no' | 'unknown';
}

export async function inspectPod(
  cluster: Pick<Cluster, 'imish'>,
  target: Target,
  lookups: ReadonlyMap<string, Lookup>,
  pod: TmmPod,
): Promise<PodInspection> {
  const expected = expectedPeers(target, lookups, pod.node ?? '');
  const routing = await readRouting(
    cluster,
    pod,
    expected.peers.some(({ address }) => address.includes(':')),
  );
  const configured = routing.config.readable ? [...routing.config.members.keys()] : [];
  const listed = routing.summary.readable ? [...routing.summary.sessions.keys()] : [];
  const peers = new Set([...expected.peers.map(({ address }) => address), ...configured, ...listed]);
  const sessions = new Map([...peers].map((peer) => [peer, judgePeer(peer, routing)]));
  const verdicts = [...sessions.values()];
  return {
    pod,
    expected,
    routing,
    sessions,
    findings: routing.config.readable ? compareConfig(target, expected, routing.config) : undefined,
    announced: announcedTo(routing),
    carriesTraffic: carriesTrafficBy(verdicts, routing),
  };
}

function carriesTrafficBy(
  verdicts: readonly SessionVerdict[],
  routing: Routing,
): PodInspection['carriesTraffic'] {
  if (verdicts.some(({ kind }) => kind === 'established')) return 'yes';
  const known = routing.summary.readable && verdicts.every(({ kind }) => kind !== 'unknown');
  return known ? 'no' : 'unknown';
}
