import { KubeConfig, type V1ConfigMap, type V1Pod, Watch } from '@kubernetes/client-node';

/** Sees everything that happens in the cluster, and remembers it. */
export interface ClusterWitness {
  readyPods(): number;
  /** Every value that the node's mapping ever had, in order. */
  values(): readonly string[];
  /** How many pods that had been Ready were ever taken away. */
  taken(): number;
  /** The fewest Ready pods at any moment after all were there. */
  fewestReady(): number;
  stop(): void;
}

export async function witnessCluster(kubeconfig: string, node: string): Promise<ClusterWitness> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const values: string[] = [];
  const ready = new Set<string>();
  const taken = new Set<string>();
  let fewest = Number.POSITIVE_INFINITY;
  let wereAll = false;

  const seePod = (type: string, { metadata, status }: V1Pod): void => {
    const uid = metadata?.uid ?? '';
    const going = type === 'DELETED' || metadata?.deletionTimestamp !== undefined;
    const isReady = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
    if (going) {
      if (ready.delete(uid)) taken.add(uid);
    } else if (isReady) ready.add(uid);
    else ready.delete(uid);
    wereAll ||= ready.size === 3;
    if (wereAll) fewest = Math.min(fewest, ready.size);
  };
  const seeLookup = (_: string, { data }: V1ConfigMap): void => {
    const value = data?.[node];
    if (value !== undefined && value !== values.at(-1)) values.push(value);
  };
  const path = '/api/v1/namespaces/spk-ingress';
  const ended = (): void => undefined;
  const watches = await Promise.all([
    new Watch(config).watch(
      `${path}/pods`,
      { labelSelector: 'app=f5-tmm', allowWatchBookmarks: true },
      seePod,
      ended,
    ),
    new Watch(config).watch(
      `${path}/configmaps`,
      { fieldSelector: 'metadata.name=spk-tor-bgp', allowWatchBookmarks: true },
      (type: string, object: V1ConfigMap) => (type === 'BOOKMARK' ? undefined : seeLookup(type, object)),
      ended,
    ),
  ]);
  return {
    readyPods: () => ready.size,
    values: () => values,
    taken: () => taken.size,
    fewestReady: () => fewest,
    stop() {
      for (const watch of watches) watch.abort();
    },
  };
}
