import type { MemoryCluster } from '../doubles/memory-cluster.ts';

export type AddressFamily = 'IPv4' | 'IPv6';

/** For how long a TMM pod has had a session that carries each family; a family that it does not carry is not there. */
export function carriedBy(
  { tmms, routers }: MemoryCluster,
  podName: string,
): ReadonlyMap<AddressFamily, number> {
  const carried = new Map<AddressFamily, number>();
  const started = tmms.started(podName);
  for (const { address } of started?.expected.peers ?? []) {
    const session = routers.session(address, started?.sinceMs ?? 0);
    if (session.state !== 'Established') continue;
    const family = address.includes(':') ? 'IPv6' : 'IPv4';
    carried.set(family, Math.max(carried.get(family) ?? 0, session.forMs ?? 0));
  }
  return carried;
}

/** The pods whose traffic would not go with the next moment: they run and are not ending. */
export function livePods({ tmms }: MemoryCluster) {
  return tmms.pods().filter(({ phase, terminating }) => phase === 'Running' && !terminating);
}

/** The peers with which a pod has had sessions for so long, whatever it has beside them. */
export function upFor({ tmms, routers }: MemoryCluster, podName: string, forMs: number): ReadonlySet<string> {
  const started = tmms.started(podName);
  const up = (started?.expected.peers ?? []).filter(({ address }) => {
    const session = routers.session(address, started?.sinceMs ?? 0);
    return session.state === 'Established' && (session.forMs ?? 0) >= forMs;
  });
  return new Set(up.map(({ address }) => address));
}

/** Whether nobody but the bot takes TMM pods away: their controller has seen its newest template and made all pods from it. */
export function isSettled({ tmms }: MemoryCluster): boolean {
  return tmms
    .workloads()
    .every(
      ({ generation, observedGeneration, desired, current, updated }) =>
        generation === observedGeneration && updated === current && current <= desired,
    );
}

/** Data of each lookup, by its name, at one moment. */
export type LookupsNow = ReadonlyMap<string, Readonly<Record<string, string>>>;

export function lookupsOf(cluster: MemoryCluster): LookupsNow {
  return new Map(cluster.lookupNames().map((name) => [name, cluster.lookup(name)?.data ?? {}]));
}
