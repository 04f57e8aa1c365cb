import type { LookupIndex } from './lookup-index.ts';
import type { PersistentMap } from './persistent-map.ts';

/** What determines the peers of TMM pods: the lookups and the pods of a target, read at one moment. */
export interface TmmState {
  /** The ConfigMaps of the target that exist, by name. */
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly pods: readonly TmmPod[];
  /** The controllers of the TMM pods that were read; absent where none was, as in the watch cache. */
  readonly workloads?: readonly Workload[];
  /** A node by its name; undefined where the cluster has none of this name. Absent where no node was read. */
  node?(name: string): Node | undefined;
}

/** The controller of TMM pods: a Deployment (never one of its ReplicaSets), DaemonSet, StatefulSet or lone ReplicaSet. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  /** Uids that its pods have as their controller: its own, or those of a Deployment's ReplicaSets. */
  readonly ownerUids: readonly string[];
  readonly generation: number;
  /** The generation that its controller has seen. */
  readonly observedGeneration: number;
  /** Number of pods that it should have, has, has of its newest version, and has available. */
  readonly desired: number;
  readonly current: number;
  readonly updated: number;
  readonly available: number;
  /**
   * Versions of its pods that are known to be older than its template: uids of a Deployment's ReplicaSets, else revisions.
   * Absent: none is known.
   */
  readonly olderVersions?: readonly string[];
  /** What its pods wait for before they get its newest template. Absent: its rollout. */
  readonly updates?: 'paused' | 'on delete';
}

/**
 * The input of a plan: one target's lookups, nodes and TMM pods, read at one moment. Immutable. Lookups by name are indexed;
 * `nodes` and `pods` are lists of everything, built on first use. `snapshotOf` makes one.
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
  /** TMM pods on a node, or the unscheduled ones for undefined, in the order of their names. */
  podsOn(node: string | undefined): readonly TmmPod[];
  /** Names of the nodes with TMM pods in any state, sorted. */
  podNodes(): readonly string[];
  readonly podCounts: PodCounts;
  /** The index over the values of a lookup; empty where there is no such lookup. */
  lookupIndex(lookup: string): LookupIndex;
  /** Faults by the name of the node. Nodes without faults are left out. */
  readonly faults: PersistentMap<readonly NodeFault[]>;
}

export interface PodCounts {
  readonly active: number;
  /** Ended pods that are left over. */
  readonly ended: number;
}

export type NodeFault =
  /** It has TMM pods, but no lookup maps it. */
  | 'unmapped'
  /** It is mapped, or TMM pods are bound to it, but the cluster has no such node. */
  | 'absent'
  | 'not_ready'
  | 'cordoned';

/** One ConfigMap: node name → peers of that node. */
export interface Lookup {
  readonly name: string;
  readonly uid: string;
  readonly immutable: boolean;
  readonly data: Readonly<Record<string, string>>;
  /** Keys in `binaryData`, where nothing reads them as text. Absent: none. */
  readonly binaryKeys?: readonly string[];
  /** Bytes of all keys and values; Kubernetes refuses more than 1 MiB. */
  readonly bytes: number;
  /** Who last wrote each key, according to Kubernetes; keys of unknown writers are left out. */
  readonly writers: Readonly<Record<string, KeyWriter>>;
  /** `SEQ:HASH` of the audit record that the bot noted with its last write; absent where it never wrote. */
  readonly anchor?: string;
  /** Another tool that writes this ConfigMap and would undo a change. */
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
  /** The name of the object in that tool. */
  readonly name: string;
}

export interface Node {
  readonly name: string;
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** Absent: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Taints that keep pods away: NoSchedule and NoExecute. Absent: none. */
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
  readonly notReadyReason?: string;
  readonly owner?: PodOwner;
  /** The version of its controller's template that it was made from, as far as its labels show. */
  readonly template?: PodTemplate;
  readonly createdAtMs: number;
  /** What restricts the nodes on which it may run. */
  readonly placement?: PodPlacement;
}

/** What a DaemonSet or StatefulSet writes into the labels of its pods. */
export interface PodTemplate {
  /** Label `controller-revision-hash`. */
  readonly revision?: string;
  /** Label `pod-template-generation`, of DaemonSets only: it counts template changes. */
  readonly generation?: string;
}

/** From the pod's spec; required terms only. */
export interface PodPlacement {
  readonly tolerations: readonly Toleration[];
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** One of these terms has to match; empty: any node. */
  readonly nodeAffinity: readonly NodeTerm[];
}

export interface Toleration {
  /** Absent with `Exists`: every taint. */
  readonly key?: string;
  readonly operator: 'Exists' | 'Equal';
  readonly value?: string;
  /** Absent: every effect. */
  readonly effect?: string;
}

/** All of its expressions have to match; `metadata.name` is the node's name. */
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

/** Whether the pod can answer show commands. */
export function answersShow(pod: TmmPod): boolean {
  return pod.phase === 'Running' && !pod.terminating && pod.routing;
}

/** Why a pod cannot answer show commands, to follow its name, as in `is Pending`. Only for pods that do not `answersShow`. */
export function whySilent({ terminating, routing, notReadyReason, phase }: TmmPod): string {
  if (terminating) return 'is ending';
  return routing ? `is ${notReadyReason ?? phase}` : 'has no routing container';
}

/** Whether the pod has neither ended nor is ending. */
export function isActive(pod: Pick<TmmPod, 'terminating' | 'phase'>): boolean {
  return !pod.terminating && !isEnded(pod);
}

/** Whether a TMM pod runs on the node, or is about to. */
export function hasTmm(snapshot: Pick<Snapshot, 'podsOn'>, node: string): boolean {
  return snapshot.podsOn(node).some(isActive);
}

/** Whether the workload is the controller of the pod, for a Deployment through one of its ReplicaSets. */
export function owns({ ownerUids }: Workload, { owner }: TmmPod): boolean {
  return owner !== undefined && ownerUids.includes(owner.uid);
}

/** Whether the pod ended and is left over, as after a node shutdown or a device that was refused: it is no TMM any more. */
export function isEnded({ phase }: Pick<TmmPod, 'phase'>): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}
