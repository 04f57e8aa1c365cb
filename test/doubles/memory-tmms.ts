import type { ExpectedPeers } from '../../src/domain/bgp/inspection.ts';
import {
  isActive,
  type Node,
  type TmmPod,
  type Workload as WorkloadState,
} from '../../src/domain/bgp/snapshot.ts';
import type { EvictOutcome, PodReference } from '../../src/ports/cluster.ts';
import type { FakeClock } from './fake-clock.ts';

/** Milliseconds until each thing happens by itself; `Number.POSITIVE_INFINITY`: only when a test says so. */
export interface Timings {
  /** From a missing pod to a new one. */
  readonly createdAfterMs: number;
  /** From a node for the pod to its containers, which read the mapping then. */
  readonly runsAfterMs: number;
  readonly readyAfterMs: number;
  /** From the eviction to the end of the pod. */
  readonly endsAfterMs: number;
}

export interface Workload {
  /** A ReplicaSet replaces at once, on any node that has no TMM; a DaemonSet on the same node, once the old pod is gone. */
  readonly kind: 'ReplicaSet' | 'DaemonSet';
  /** Of a ReplicaSet. */
  replicas: number;
}

/** The nodes of a cluster and the TMM pods on them, kept up by a controller. */
export interface MemoryTmms {
  readonly workload: Workload;
  nodes(): readonly Node[];
  pods(): readonly TmmPod[];
  /** The controller of the pods, which always has settled its own version. */
  workloads(): readonly WorkloadState[];
  /** Adds a node or changes it. */
  setNode(name: string, changes?: Partial<Omit<Node, 'name'>>): void;
  /** The node is gone, and its pods with it. */
  removeNode(name: string): void;
  evict(pod: PodReference): EvictOutcome;
  remove(pod: PodReference): EvictOutcome;
  /** So many TMM pods have to stay Ready when one is evicted. */
  budget: { readonly name: string; readonly minAvailable: number } | undefined;
  /** While set, pods that start do not become Ready, and say why. */
  startTrouble: string | undefined;
  /** The controller looks at once and creates what is missing. */
  reconcile(): void;
  /** The next thing happens to this pod now: it runs, becomes Ready, or ends. */
  moveOn(podName: string): void;
  /** Everything that is there has been so for this long already. */
  age(ms: number): void;
  /** The peers that a pod read when it started, and when; undefined while it does not run. */
  started(podName: string): Started | undefined;
}

export interface Started {
  readonly expected: ExpectedPeers;
  readonly sinceMs: number;
}

interface Held {
  pod: TmmPod;
  started?: Started;
  /** What comes next, and how to call it off. */
  next?: { readonly happens: () => void; readonly cancel: () => void };
}

export function memoryTmms(options: {
  readonly clock: FakeClock;
  readonly namespace: string;
  readonly workload: Workload;
  readonly timings: () => Timings;
  /** What a pod that starts on this node reads. */
  readonly readMapping: (node: string) => ExpectedPeers;
  readonly onMove: () => void;
}): MemoryTmms {
  const { clock, namespace, workload, timings, readMapping, onMove } = options;
  const nodes = new Map<string, Node>();
  const held = new Map<string, Held>();
  let named = 0;
  let creating: (() => void) | undefined;

  const later = (one: Held, ms: number, happens: () => void): void => {
    one.next?.cancel();
    const now = (): void => {
      delete one.next;
      happens();
      changed();
    };
    one.next = { happens: now, cancel: clock.after(ms, now) };
  };
  const update = (one: Held, changes: Partial<TmmPod>): void => {
    one.pod = { ...one.pod, ...changes };
  };

  const takes = ({ ready, cordoned }: Node): boolean => ready && !cordoned;
  const occupied = (): ReadonlySet<string | undefined> =>
    new Set([...held.values()].map(({ pod }) => pod.node));
  const freeNodes = (): readonly string[] => {
    const taken = occupied();
    const free = [...nodes.values()].filter((node) => takes(node) && !taken.has(node.name));
    return free.map(({ name }) => name).sort();
  };
  const missing = (): readonly (string | undefined)[] => {
    if (workload.kind === 'DaemonSet') return freeNodes();
    const active = [...held.values()].filter(({ pod }) => !pod.terminating).length;
    return Array.from({ length: Math.max(0, workload.replicas - active) }, () => undefined);
  };

  const create = (): void => {
    creating?.();
    creating = undefined;
    for (const node of missing()) {
      named += 1;
      const pod: TmmPod = {
        name: `f5-tmm-${named}`,
        uid: `uid-${named}`,
        namespace,
        phase: 'Pending',
        ready: false,
        terminating: false,
        routing: true,
        owner: { kind: workload.kind, name: 'f5-tmm', uid: 'uid-of-f5-tmm' },
        // Kubernetes tells the start of a pod in whole seconds.
        createdAtMs: Math.floor(clock.now() / 1000) * 1000,
      };
      const one: Held = { pod };
      held.set(pod.name, one);
      if (node !== undefined) schedule(one, node);
    }
    changed();
  };
  const schedule = (one: Held, node: string): void => {
    const { trouble: _, ...pod } = one.pod;
    one.pod = { ...pod, node };
    later(one, timings().runsAfterMs, () => run(one, node));
  };
  const run = (one: Held, node: string): void => {
    one.started = { expected: readMapping(node), sinceMs: clock.monotonicMs() };
    const { startTrouble } = tmms;
    update(one, { phase: 'Running', ...(startTrouble === undefined ? {} : { trouble: startTrouble }) });
    if (startTrouble === undefined) later(one, timings().readyAfterMs, () => update(one, { ready: true }));
  };
  const end = (one: Held): EvictOutcome => {
    if (!one.pod.terminating) {
      update(one, { terminating: true });
      later(one, timings().endsAfterMs, () => void held.delete(one.pod.name));
      changed();
    }
    return { kind: 'accepted' };
  };
  /** Somebody notices each move: scheduler, controller, and whoever watches. */
  const changed = (): void => {
    for (const one of held.values()) {
      if (one.pod.node !== undefined || one.pod.terminating) continue;
      const [node] = freeNodes();
      if (node !== undefined) schedule(one, node);
      else update(one, { trouble: `Unschedulable: 0/${nodes.size} nodes are available` });
    }
    if (missing().length > 0) creating ??= clock.after(timings().createdAfterMs, create);
    onMove();
  };

  const find = ({ name, uid }: PodReference): Held | undefined => {
    const found = held.get(name);
    return found?.pod.uid === uid ? found : undefined;
  };
  const blockedBy = (pod: TmmPod): string | undefined => {
    const { budget } = tmms;
    if (budget === undefined || pod.phase === 'Pending' || pod.terminating) return undefined;
    const healthy = [...held.values()].filter((one) => one.pod.ready && !one.pod.terminating).length;
    const left = pod.ready ? healthy - 1 : healthy;
    if (left >= budget.minAvailable) return undefined;
    return `The disruption budget ${budget.name} needs ${budget.minAvailable} healthy pods and has ${healthy} currently`;
  };

  const tmms: MemoryTmms = {
    workload,
    budget: undefined,
    startTrouble: undefined,
    nodes: () => [...nodes.values()],
    pods: () => [...held.values()].map(({ pod }) => pod),
    workloads() {
      const current = [...held.values()].filter(({ pod }) => isActive(pod));
      const desired =
        workload.kind === 'DaemonSet' ? [...nodes.values()].filter(takes).length : workload.replicas;
      return [
        {
          kind: workload.kind,
          name: 'f5-tmm',
          uid: 'uid-of-f5-tmm',
          ownerUids: ['uid-of-f5-tmm'],
          generation: 1,
          observedGeneration: 1,
          desired,
          current: current.length,
          updated: current.length,
          available: current.filter(({ pod }) => pod.ready).length,
        },
      ];
    },
    setNode(name, changes = {}) {
      nodes.set(name, { ready: true, cordoned: false, ...nodes.get(name), ...changes, name });
      changed();
    },
    removeNode(name) {
      nodes.delete(name);
      for (const [key, { pod, next }] of held) {
        if (pod.node !== name) continue;
        next?.cancel();
        held.delete(key);
      }
      changed();
    },
    evict(reference) {
      const found = find(reference);
      if (found === undefined) return { kind: 'gone' };
      const why = blockedBy(found.pod);
      return why === undefined ? end(found) : { kind: 'blocked', why };
    },
    remove(reference) {
      const found = find(reference);
      return found === undefined ? { kind: 'gone' } : end(found);
    },
    reconcile: create,
    moveOn(name) {
      const { next } = held.get(name) ?? {};
      next?.cancel();
      next?.happens();
    },
    age(ms) {
      for (const one of held.values()) {
        update(one, { createdAtMs: one.pod.createdAtMs - ms });
        if (one.started !== undefined) one.started = { ...one.started, sinceMs: one.started.sinceMs - ms };
      }
    },
    started: (name) => held.get(name)?.started,
  };
  return tmms;
}
