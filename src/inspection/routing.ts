import type { Announced } from '../domain/change/change.ts';
import { judgeSession, type SessionVerdict } from '../domain/zebos/judge-session.ts';
import type { NeighborsReading } from '../domain/zebos/read-neighbors.ts';
import type { RunningConfigReading } from '../domain/zebos/read-running-config.ts';
import type { SummaryReading } from '../domain/zebos/read-summary.ts';

/** What one pod's ZebOS answered, read. */
export interface Routing {
  readonly config: RunningConfigReading;
  readonly summary: SummaryReading;
  readonly neighbors: NeighborsReading;
}

/** The session with one peer; where the summary leaves it open, the neighbor's own page may tell. */
export function judgePeer(peer: string, routing: Routing): SessionVerdict {
  const verdict = judgeSession(peer, routing.summary, routing.config);
  if (verdict.kind !== 'unknown' || !routing.neighbors.readable) return verdict;
  const neighbor = routing.neighbors.neighbors.get(peer);
  if (neighbor?.state === undefined) return verdict;
  if (neighbor.state === 'Established')
    return { kind: 'established', prefixes: neighbor.acceptedPrefixes ?? 0 };
  return { kind: 'down', state: neighbor.state };
}

/** The most prefixes announced to one Established peer of each family; undefined when the pages do not tell. */
export function announcedTo(routing: Routing): Announced | undefined {
  if (!routing.neighbors.readable) return undefined;
  const most = { IPv4: 0, IPv6: 0 };
  for (const [address, neighbor] of routing.neighbors.neighbors) {
    if (neighbor.state !== 'Established') continue;
    if (neighbor.announcedPrefixes === undefined) return undefined;
    const family = address.includes(':') ? 'IPv6' : 'IPv4';
    most[family] = Math.max(most[family], neighbor.announcedPrefixes);
  }
  return most;
}
