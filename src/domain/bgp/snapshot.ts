import type { LookupIndex } from './lookup-index.ts';
import type { PersistentMap } from './persistent-map.ts';

/** What TMM pods peer by: the lookups and the pods of a target, read at one moment. */
export interface TmmState {
  /** The ConfigMaps of the target that exist, by name. */
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly pods: readonly TmmPod[];
}

/**
 * What a plan is made from: one target's lookups, nodes and TMM pods, read at one moment. It never changes. What is asked
 * for by name is found by name; `nodes` and `pods` are lists of everything, made when first asked for.
 * `snapshotOf` makes one.
 */
export interface Snapshot extends TmmState {
  readonly target: string;
  readonly nodes: readonly Node[];
  node(name: string): Node | undefined;
  /** Names of all nodes of the cluster, sorted. */
  nodeNames(): readonly string[];
  /** Names of the nodes of the cluster with this first label. */
  nodesLabelled(label: string): readonly string[];
  /** TMM pods on a node, or those that are not scheduled, in the order of their names. */
  podsOn(node: string | undefined): readonly TmmPod[];
  /** Names of the nodes on which there are TMM pods, in whatever state, sorted. */
  podNodes(): readonly string[];
  readonly podCounts: PodCounts;
  /** What the values of a lookup say; nothing where there is no such lookup. */
  lookupIndex(lookup: string): LookupIndex;
  /** What is wrong, by the name of the node. Nodes that are as they should be are not here. */
  readonly faults: PersistentMap<readonly NodeFault[]>;
}

export interface PodCounts {
  readonly notTerminating: number;
  readonly active: number;
}

export type NodeFault =
  /** TMM pods run there, and no lookup maps it. */
  | 'unmapped'
  /** It is mapped, or TMM pods are bound to it, and the cluster has no such node. */
  | 'absent'
  | 'not_ready'
  | 'cordoned';

/** One ConfigMap: node name → peers of that node. */
export interface Lookup {
  readonly name: string;
  readonly uid: string;
  readonly immutable: boolean;
  readonly data: Readonly<Record<string, string>>;
  /** Bytes of all keys and values; Kubernetes refuses more than 1 MiB. */
  readonly bytes: number;
  /** Who wrote each key last, as Kubernetes knows it; keys of unknown writers are not here. */
  readonly writers: Readonly<Record<string, KeyWriter>>;
  /** Who else writes this ConfigMap, and would undo a change. */
  readonly owner?: LookupOwner;
}

/** The field manager of a key, such as `kubectl-edit`, and when it wrote last. */
export interface KeyWriter {
  readonly manager: string;
  readonly at: string;
}

export interface LookupOwner {
  readonly tool: 'Argo CD' | 'Flux' | 'Helm';
  readonly name: string;
}

export interface Node {
  readonly name: string;
  readonly ready: boolean;
  readonly cordoned: boolean;
}

export interface TmmPod {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  /** Absent while the pod is not scheduled. */
  readonly node?: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  /** Whether the pod has the routing container; routing is optional. */
  readonly routing: boolean;
  /** Why it is not Ready, in the words of Kubernetes, such as `CrashLoopBackOff` or `Unschedulable: 0/5 nodes …`. */
  readonly trouble?: string;
  readonly owner?: PodOwner;
  readonly createdAtMs: number;
}

export interface PodOwner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** A pod that can be asked for its sessions. */
export function answersShow(pod: TmmPod): boolean {
  return pod.phase === 'Running' && !pod.terminating && pod.routing;
}

/** A pod that neither ended nor is ending. */
export function isActive({ terminating, phase }: TmmPod): boolean {
  return !terminating && phase !== 'Succeeded' && phase !== 'Failed';
}
