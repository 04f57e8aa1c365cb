/** The TMM pods of a target and the lookups that they start from, read at one moment. */
export interface TmmState {
  /** The ConfigMaps of the target that exist, by name. */
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly pods: readonly TmmPod[];
}

/** What a plan is made from: the same, and the nodes. */
export interface Snapshot extends TmmState {
  readonly target: string;
  readonly nodes: readonly Node[];
}

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
