import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import { livePods, peersUp } from './ground-truth.ts';
import type { RecordNow } from './invariants.ts';

/** Why a change that is said to be done is not; undefined when it is, or was while it was looked at. */
export function notDone(
  { change: { now }, caller }: RecordNow,
  cluster: MemoryCluster | undefined,
): string | undefined {
  const { differences, restarts } = now.plan;
  if (cluster === undefined) return 'its cluster is not there';
  const looks = [
    ...(caller?.seen.lookups ?? []),
    new Map(differences.map(({ lookup }) => [lookup, cluster.lookup(lookup)?.data ?? {}])),
  ];
  const moved = differences.find(
    ({ lookup, node, after }) => !looks.some((look) => (look.get(lookup)?.[node] ?? null) === after),
  );
  if (moved !== undefined)
    return `${moved.node} in ${moved.lookup} is ${cluster.lookup(moved.lookup)?.data[moved.node] ?? 'not there'}`;
  for (const { node } of restarts) {
    const wanted = peersOf(cluster, node);
    const here = livePods(cluster).filter((pod) => pod.node === node);
    const up = here.some(({ name }) => peersUp(cluster, name) === wanted);
    const wasUp = [...(caller?.seen.peers ?? [])].some(
      ([where, peers]) => where.startsWith(`${node} `) && peers === wanted,
    );
    if (up || wasUp) continue;
    if (here.length > 0) return `the TMM of ${node} has no session with all of ${wanted}`;
    if (!now.plan.warnings.some(({ sentence }) => sentence.includes(node)) && now.plan.verb !== 'restart')
      return `${node} has no TMM`;
  }
  return undefined;
}

/** What the lookups say of a node, as a pod's sessions are listed. */
function peersOf(cluster: MemoryCluster, node: string): string {
  const values = cluster.lookupNames().map((name) => cluster.lookup(name)?.data[node] ?? '');
  return values
    .flatMap((value) => value.split(','))
    .filter((one) => one !== '')
    .sort()
    .join(',');
}
