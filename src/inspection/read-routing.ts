import { readNeighbors } from '../domain/zebos/read-neighbors.ts';
import { readRunningConfig } from '../domain/zebos/read-running-config.ts';
import { readSummary, type SummaryReading } from '../domain/zebos/read-summary.ts';
import type { Cluster, ImishCommand, PodReference } from '../ports/cluster.ts';
import type { Routing } from './routing.ts';

/** Asks one pod's ZebOS for configuration, sessions and neighbors. What cannot be asked is unreadable, with the reason. */
export async function readRouting(
  cluster: Pick<Cluster, 'imish'>,
  pod: PodReference,
  askIpv6: boolean,
): Promise<Routing> {
  const ask = async <Reading>(
    command: ImishCommand,
    read: (text: string) => Reading,
  ): Promise<Reading | Unreadable> => {
    const outcome = await cluster.imish(pod, command);
    return outcome.ok ? read(outcome.text) : { readable: false, why: outcome.why };
  };
  const [config, summary, ipv6, neighbors] = await Promise.all([
    ask('show running-config', readRunningConfig),
    ask('show bgp summary', readSummary),
    askIpv6 ? ask('show bgp ipv6 summary', readSummary) : undefined,
    ask('show bgp neighbors', readNeighbors),
  ]);
  return { config, summary: ipv6 === undefined ? summary : merge(summary, ipv6), neighbors };
}

interface Unreadable {
  readonly readable: false;
  readonly why: string;
}

/** A peer that the first view does not list, or lists as down, may stand better in the second. */
function merge(first: SummaryReading, second: SummaryReading): SummaryReading {
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
