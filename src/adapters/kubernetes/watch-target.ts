import type { Lookup, Node, Snapshot, TmmPod } from '../../domain/bgp/snapshot.ts';
import { lookupsOf } from '../../domain/bgp/target.ts';
import {
  changeIndex,
  EMPTY_INDEX,
  type IndexChanges,
  podKey,
  replacing,
  snapshotOver,
} from '../../domain/bgp/target-index.ts';
import { type Reflector, reflect } from './list-watch.ts';
import { configMapSchema, lookupFrom } from './lookup-from.ts';
import { nodeFrom, nodeSchema } from './node-from.ts';
import { podFrom, podSchema } from './pod-from.ts';
import {
  type HeldTarget,
  listLookup,
  listNodes,
  listPods,
  namespaced,
  readClusterUid,
} from './read-target.ts';
import type { TargetApi } from './target-api.ts';

export interface TargetWatch {
  /** Undefined until everything was read once, and while the API server has been silent for too long. */
  snapshot(): Snapshot | undefined;
  /** The content of the snapshot; undefined when there is none. */
  held(): HeldTarget | undefined;
  /** Milliseconds since the last message of the API server, by watched kind. */
  ages(): Readonly<Record<string, number>>;
  /** Resolves when a pod or a node changes, or after `timeoutMs`. */
  nextChange(timeoutMs: number): Promise<void>;
  stop(): void;
}

const TOO_OLD_MS = 60_000;

/** Watches the lookups, the TMM pods and the nodes of one target. */
export function watchTarget(api: TargetApi, onError: (error: unknown) => void): TargetWatch {
  const { target, kubeConfig } = api;
  const waiting = new Set<() => void>();
  const moved = (): void => {
    for (const resolve of [...waiting]) resolve();
  };
  const clusterUid = clusterUidOf(api);
  const quiet = { kubeConfig, clusterUid, onChange: () => undefined, onError };
  const loud = { kubeConfig, clusterUid, onChange: moved, onError };

  let index = EMPTY_INDEX;
  let shown: Snapshot | undefined;
  const change = (changes: IndexChanges): void => {
    const next = changeIndex(index, changes);
    if (next === index) return;
    index = next;
    shown = undefined;
  };

  const lookups = lookupsOf(target).map(({ name }) => ({
    name,
    reflector: reflect<Lookup>(
      {
        path: namespaced(target.namespace, 'configmaps'),
        query: { fieldSelector: `metadata.name=${name}` },
        list: (continuation) => listLookup(api, name, continuation),
        read: (object) => lookupFrom(configMapSchema.parse(object)),
        store: {
          replace([lookup]) {
            change({ lookups: [[name, lookup]] });
            // Built here, so that the first plan need not wait for it.
            index.lookupIndexes.get(name)?.();
          },
          put: (lookup) => change({ lookups: [[name, lookup]] }),
          remove: () => change({ lookups: [[name, undefined]] }),
        },
      },
      quiet,
    ),
  }));
  const pods = reflect<TmmPod>(
    {
      path: namespaced(target.tmm.namespace, 'pods'),
      query: { labelSelector: target.tmm.selector },
      list: (continuation) => listPods(api, { continuation }),
      read: (object) => podFrom(podSchema.parse(object), target.tmm.container),
      store: {
        replace: (all) =>
          change({ pods: replacing(index.pods.keys(), new Map(all.map((pod) => [podKey(pod), pod]))) }),
        put: (pod) => change({ pods: [[podKey(pod), pod]] }),
        remove: (pod) => change({ pods: [[podKey(pod), undefined]] }),
      },
    },
    loud,
  );
  const nodes = reflect<Node>(
    {
      path: '/api/v1/nodes',
      query: {},
      list: (continuation) => listNodes(api, { continuation }),
      read: (object) => nodeFrom(nodeSchema.parse(object)),
      store: {
        replace: (all) =>
          change({ nodes: replacing(index.nodes.keys(), new Map(all.map((node) => [node.name, node]))) }),
        put: (node) => change({ nodes: [[node.name, node]] }),
        remove: ({ name }) => change({ nodes: [[name, undefined]] }),
      },
    },
    loud,
  );
  const reflectors: readonly Reflector[] = [...lookups.map(({ reflector }) => reflector), pods, nodes];
  /** The cluster that all objects are from; undefined while something is not in sync. */
  const shownCluster = (): string | undefined => {
    const [first, ...others] = reflectors.map((reflector) =>
      reflector.ageMs() <= TOO_OLD_MS ? reflector.clusterUid() : undefined,
    );
    return others.every((other) => other === first) ? first : undefined;
  };

  return {
    snapshot() {
      const clusterUid = shownCluster();
      if (clusterUid === undefined) return undefined;
      if (shown?.clusterUid !== clusterUid) shown = snapshotOver({ target: target.name, clusterUid }, index);
      return shown;
    },
    held() {
      const clusterUid = shownCluster();
      return clusterUid === undefined ? undefined : { clusterUid, index };
    },
    ages: () => ({
      ...Object.fromEntries(lookups.map(({ name, reflector }) => [`configmap ${name}`, reflector.ageMs()])),
      pods: pods.ageMs(),
      nodes: nodes.ageMs(),
    }),
    nextChange(timeoutMs) {
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        waiting.add(done);
      });
    },
    stop() {
      for (const reflector of reflectors) reflector.stop();
      moved();
    },
  };
}

/** Reads which cluster answers; concurrent callers share one request. */
function clusterUidOf(api: TargetApi): () => Promise<string> {
  let asking: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    try {
      const uid = await readClusterUid(api);
      if (typeof uid !== 'string') throw new Error(uid.sentence);
      return uid;
    } finally {
      asking = undefined;
    }
  };
  return () => {
    asking ??= ask();
    return asking;
  };
}
