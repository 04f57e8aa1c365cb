import type { ExpectedPeers } from '../../src/domain/bgp/inspection.ts';
import { isActive, type Node, type TmmPod, type Workload } from '../../src/domain/bgp/snapshot.ts';
import type { EvictOutcome, PodReference } from '../../src/ports/cluster.ts';
import type { FakeClock } from './fake-clock.ts';
import {
  type Budget,
  blockedByBudget,
  type ControlledPod,
  memoryController,
  type WorkloadSpec,
} from './memory-controller.ts';

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

/** The nodes of a cluster and the TMM pods on them, kept up by a controller. */
export interface MemoryTmms {
  /** The controller of the pods, as Kubernetes tells its state. */
  workloads(): readonly Workload[];
  nodes(): readonly Node[];
  pods(): readonly TmmPod[];
  /** Adds a node or changes it. */
  setNode(name: string, changes?: Partial<Omit<Node, 'name'>>): void;
  /** The node is gone, and its pods with it. */
  removeNode(name: string): void;
  evict(pod: PodReference): EvictOutcome;
  /** Somebody changes how many pods there are (not of a DaemonSet), or what they are made from. */
  scale(replicas: number): void;
  rollOut(): void;
  /** The pod ends as Failed and stays there, as after an eviction by its kubelet; its controller makes another one. */
  fail(podName: string): void;
  /** So many of the next pods are rejected by their kubelet: they end as Failed at once, and stay there. */
  rejections: number;
  remove(pod: PodReference): EvictOutcome;
  /** So many TMM pods have to stay Ready when one is evicted. */
  budget: Budget | undefined;
  /** While set, pods that start do not become Ready, and say why. */
  startTrouble: string | undefined;
  /** The controller looks at once and creates what is missing. */
  reconcile(): void;
  /** How many pods its controller has made so far. */
  made(): number;
  /** The number of a pod among those that its controller made, counted from 1. */
  numberOf(pod: { readonly uid: string }): number;
  /** The next thing happens to this pod now: it runs, becomes Ready, or ends. */
  moveOn(podName: string): void;
  /** These nodes are there at once, with a Ready pod on each as its controller has it, and have been so for this long already. */
  begin(nodes: readonly string[], ageMs: number): void;
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
  readonly revision: number;
  started?: Started;
  /** What comes next, and how to call it off. */
  next?: { readonly happens: () => void; readonly cancel: () => void };
}

export function memoryTmms(options: {
  readonly clock: FakeClock;
  readonly namespace: string;
  readonly uidPrefix: string;
  readonly workload: WorkloadSpec;
  readonly timings: () => Timings;
  /** What a pod that starts on this node reads. */
  readonly readMapping: (node: string) => ExpectedPeers;
  readonly onMove: () => void;
}): MemoryTmms {
  const { clock, namespace, timings, readMapping, onMove } = options;
  const controller = memoryController(options.workload);
  const nodes = new Map<string, Node>();
  const held = new Map<string, Held>();
  let named = 0;
  let creating: (() => void) | undefined;
  let together = false;

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

  const takes = (node: Node): boolean => node.ready && !node.cordoned && (node.taints ?? []).length === 0;
  const occupied = (): ReadonlySet<string | undefined> =>
    new Set([...held.values()].flatMap(({ pod }) => (pod.phase === 'Failed' ? [] : [pod.node])));
  const freeNodes = (): readonly string[] => {
    const taken = occupied();
    const free = [...nodes.values()].filter((node) => takes(node) && !taken.has(node.name));
    return free.map(({ name }) => name).sort();
  };
  const controlled = (): readonly ControlledPod[] =>
    [...held.values()].map(({ pod, revision }) => ({ ...pod, revision, active: isActive(pod) }));
  const missing = () => controller.missing(controlled(), freeNodes());

  const create = (): void => {
    creating?.();
    creating = undefined;
    controller.observe();
    for (const { name } of controller.surplus(controlled())) {
      const one = held.get(name);
      if (one !== undefined) end(one);
    }
    for (const node of missing()) {
      named += 1;
      const pod: TmmPod = {
        name: `f5-tmm-${named}`,
        uid: `${options.uidPrefix}-${named}`,
        namespace,
        phase: 'Pending',
        ready: false,
        terminating: false,
        routing: true,
        owner: controller.owner,
        template: { revision: String(controller.revision) },
        placement: TOLERATES_NOTHING,
        // Kubernetes tells the start of a pod in whole seconds.
        createdAtMs: Math.floor(clock.now() / 1000) * 1000,
      };
      const one: Held = { pod, revision: controller.revision };
      held.set(pod.name, one);
      if (node !== undefined) schedule(one, node);
    }
    changed();
  };
  const schedule = (one: Held, node: string): void => {
    const { notReadyReason: _, ...pod } = one.pod;
    one.pod = { ...pod, node };
    later(one, timings().runsAfterMs, () => run(one, node));
  };
  const run = (one: Held, node: string): void => {
    if (tmms.rejections > 0) {
      tmms.rejections -= 1;
      fail(one, 'UnexpectedAdmissionError: no such device');
      return;
    }
    one.started = { expected: readMapping(node), sinceMs: clock.monotonicMs() };
    const { startTrouble } = tmms;
    update(one, {
      phase: 'Running',
      ...(startTrouble === undefined ? {} : { notReadyReason: startTrouble }),
    });
    if (startTrouble === undefined) later(one, timings().readyAfterMs, () => update(one, { ready: true }));
  };
  const fail = (one: Held, trouble: string): void => {
    one.next?.cancel();
    delete one.next;
    delete one.started;
    update(one, { phase: 'Failed', ready: false, notReadyReason: trouble });
    // A DaemonSet's controller clears up after itself, to make the next one there.
    if (options.workload.kind === 'DaemonSet')
      later(one, timings().createdAfterMs, () => void held.delete(one.pod.name));
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
    if (together) return;
    const free = [...freeNodes()];
    for (const one of held.values()) {
      if (one.pod.node !== undefined || one.pod.terminating) continue;
      const node = free.shift();
      if (node !== undefined) schedule(one, node);
      else update(one, { notReadyReason: `Unschedulable: 0/${nodes.size} nodes are available` });
    }
    if (missing().length > 0 || controller.surplus(controlled()).length > 0 || unobserved())
      creating ??= clock.after(timings().createdAfterMs, create);
    onMove();
  };

  /** Moves that are noticed once all of them are done. */
  const allTogether = (moves: () => void): void => {
    together = true;
    moves();
    together = false;
    changed();
  };

  const status = (): Workload => controller.status(controlled(), [...nodes.values()].filter(takes).length);
  const unobserved = (): boolean => status().observedGeneration < status().generation;
  const find = ({ name, uid }: PodReference): Held | undefined => {
    const found = held.get(name);
    return found?.pod.uid === uid ? found : undefined;
  };
  const tmms: MemoryTmms = {
    workloads: () => [status()],
    rejections: 0,
    budget: undefined,
    startTrouble: undefined,
    nodes: () => [...nodes.values()],
    pods: () => [...held.values()].map(({ pod }) => pod),
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
    scale(replicas) {
      controller.scale(replicas);
      changed();
    },
    rollOut() {
      controller.rollOut();
      changed();
    },
    fail(name) {
      const one = held.get(name);
      if (one === undefined || one.pod.terminating) return;
      fail(one, 'Evicted: the node was low on memory');
      changed();
    },
    evict(reference) {
      const found = find(reference);
      if (found === undefined) return { kind: 'gone' };
      const why = blockedByBudget(tmms.budget, found.pod, controlled());
      return why === undefined ? end(found) : { kind: 'blocked', why };
    },
    remove(reference) {
      const found = find(reference);
      return found === undefined ? { kind: 'gone' } : end(found);
    },
    reconcile: create,
    made: () => named,
    numberOf: ({ uid }) => Number(uid.slice(options.uidPrefix.length + 1)),
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
      onMove();
    },
    begin(names, ageMs) {
      allTogether(() => {
        for (const name of names) tmms.setNode(name);
        create();
      });
      allTogether(() => {
        for (const { name } of tmms.pods()) {
          tmms.moveOn(name);
          tmms.moveOn(name);
        }
      });
      tmms.age(ageMs);
    },
    started: (name) => held.get(name)?.started,
  };
  return tmms;
}

const TOLERATES_NOTHING = { tolerations: [], nodeSelector: {}, nodeAffinity: [] };
