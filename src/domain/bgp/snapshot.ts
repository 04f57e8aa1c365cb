import type { LookupIndex } from './lookup-index.ts';
import type { PersistentMap } from './persistent-map.ts';

/** What TMM pods peer by: the lookups and the pods of a target, read at one moment. */
export interface TmmState {
  /** The ConfigMaps of the target that exist, by name. */
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly pods: readonly TmmPod[];
  /** The controllers of the TMM pods that were read; absent where none was, as in the watches' copy. */
  readonly workloads?: readonly Workload[];
}

/** What keeps TMM pods there: a Deployment (never one of its ReplicaSets), DaemonSet, StatefulSet or lone ReplicaSet. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  /** Uids that its pods name as their controller: its own, or those of a Deployment's ReplicaSets. */
  readonly ownerUids: readonly string[];
  readonly generation: number;
  /** The generation that its controller has seen. */
  readonly observedGeneration: number;
  /** How many pods it should have, has, has of its newest version, and has available. */
  readonly desired: number;
  readonly current: number;
  readonly updated: number;
  readonly available: number;
  /**
   * Versions of its pods that are known to be older than its template: uids of a Deployment's ReplicaSets, else revisions.
   * Absent means that none is known.
   */
  readonly olderVersions?: readonly string[];
  /** What its pods wait for before they get its newest template. Absent means its rollout. */
  readonly updates?: 'paused' | 'on delete';
}

/**
 * What a plan is made from: one target's lookups, nodes and TMM pods, read at one moment. It never changes. What is asked
 * for by name is found by name; `nodes` and `pods` are lists of everything, made when first asked for.
 * `snapshotOf` makes one.
 */
export interface Snapshot extends TmmState {
  readonly target: string;
  /** Uid of the namespace kube-system: which cluster this is. */
  readonly clusterUid: string;
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
  readonly active: number;
  /** Those that are left over. */
  readonly ended: number;
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
  /** Keys that stand in `binaryData`, where nobody reads them as text. Absent means none. */
  readonly binaryKeys?: readonly string[];
  /** Bytes of all keys and values; Kubernetes refuses more than 1 MiB. */
  readonly bytes: number;
  /** Who wrote each key last, as Kubernetes knows it; keys of unknown writers are not here. */
  readonly writers: Readonly<Record<string, KeyWriter>>;
  /** `SEQ:HASH` of the audit record that the bot noted here with its last write. Absent where it never wrote. */
  readonly anchor?: string;
  /** Who else writes this ConfigMap, and would undo a change. */
  readonly owner?: LookupOwner;
}

/** The field manager of a key, such as `kubectl-edit`, and when it wrote last. */
export interface KeyWriter {
  readonly manager: string;
  readonly at: string;
}

export interface LookupOwner {
  /** Such as `Argo CD`, or the kind of an owner reference. */
  readonly tool: string;
  /** Under which the tool knows it. */
  readonly name: string;
}

export interface Node {
  readonly name: string;
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** Absent means none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Those that keep pods away: NoSchedule and NoExecute. Absent means none. */
  readonly taints?: readonly Taint[];
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
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
  /** From which version of its controller's template it was made, as far as its labels tell. */
  readonly template?: PodTemplate;
  readonly createdAtMs: number;
  /** What decides on which nodes it may run. */
  readonly placement?: PodPlacement;
}

/** What a DaemonSet or StatefulSet notes on its pods. */
export interface PodTemplate {
  /** Label `controller-revision-hash`. */
  readonly revision?: string;
  /** Label `pod-template-generation`, of DaemonSets only: it counts the changes of the template. */
  readonly generation?: string;
}

/** As the pod's spec has it, only what is required. */
export interface PodPlacement {
  readonly tolerations: readonly Toleration[];
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** One of these terms has to match; empty means any node. */
  readonly nodeAffinity: readonly NodeTerm[];
}

export interface Toleration {
  /** Absent with `Exists` means every taint. */
  readonly key?: string;
  readonly operator: 'Exists' | 'Equal';
  readonly value?: string;
  /** Absent means every effect. */
  readonly effect?: string;
}

/** All of its expressions have to match; `metadata.name` stands for the node's name. */
export type NodeTerm = readonly NodeExpression[];

export interface NodeExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
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
export function isActive(pod: Pick<TmmPod, 'terminating' | 'phase'>): boolean {
  return !pod.terminating && !isEnded(pod);
}

/** A pod that ended and is left over, as after a node shutdown or a device that was refused: no TMM any more. */
export function isEnded({ phase }: Pick<TmmPod, 'phase'>): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}
