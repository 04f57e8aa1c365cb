import type { PodOwner, Workload } from '../../src/domain/bgp/snapshot.ts';

/** What keeps up the TMM pods, as a test wants it. */
export interface WorkloadSpec {
  /**
   * A ReplicaSet or Deployment replaces at once, on any node that has no TMM; a DaemonSet on the same node, once the old
   * pod is gone.
   */
  readonly kind: 'ReplicaSet' | 'Deployment' | 'DaemonSet';
  /** Of a ReplicaSet or Deployment. */
  replicas: number;
  /** Pods keep their revision until they are deleted, or until somebody resumes the Deployment. */
  updates?: Workload['updates'];
}

/** One pod as its controller sees it. */
export interface ControlledPod {
  readonly name: string;
  readonly revision: number;
  readonly active: boolean;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly node?: string | undefined;
}

/** A PodDisruptionBudget over the TMM pods. */
export interface Budget {
  readonly name: string;
  readonly minAvailable: number;
}

export interface MemoryController {
  /** Somebody changed the template: from its next look on the controller replaces pods of older revisions, one at a time. */
  rollOut(): void;
  scale(replicas: number): void;
  /** The controller has seen the newest generation. */
  observe(): void;
  /** Whose pods it makes now. */
  readonly owner: PodOwner;
  readonly revision: number;
  /** For which nodes a pod is missing; of a ReplicaSet or Deployment as often `undefined`. */
  missing(pods: readonly ControlledPod[], freeNodes: readonly string[]): readonly (string | undefined)[];
  /** Pods that the controller takes away now. */
  surplus(pods: readonly ControlledPod[]): readonly ControlledPod[];
  status(pods: readonly ControlledPod[], nodesThatTake: number): Workload;
}

const UID = 'uid-of-f5-tmm';

export function memoryController(spec: WorkloadSpec): MemoryController {
  let generation = 1;
  let observedGeneration = 1;
  let revision = 1;
  const uidOf = (of: number): string => (spec.kind === 'Deployment' ? `${UID}-${of}` : UID);
  /** Of which revision its next pod is: the ReplicaSets of a paused Deployment make pods of the one before. */
  let paused: number | undefined;
  const made = (): number => paused ?? revision;
  const wanted = (): number => (spec.kind === 'DaemonSet' ? Number.POSITIVE_INFINITY : spec.replicas);
  return {
    rollOut() {
      if (spec.updates === 'paused') paused ??= revision;
      generation += 1;
      revision += 1;
    },
    scale(replicas) {
      generation += 1;
      spec.replicas = replicas;
    },
    observe() {
      observedGeneration = generation;
    },
    get owner() {
      const kind = spec.kind === 'Deployment' ? 'ReplicaSet' : spec.kind;
      const name = spec.kind === 'Deployment' ? `f5-tmm-${made()}` : 'f5-tmm';
      return { kind, name, uid: uidOf(made()) };
    },
    get revision() {
      return made();
    },
    missing(pods, freeNodes) {
      if (spec.kind === 'DaemonSet') return freeNodes;
      const active = pods.filter((pod) => pod.active).length;
      return Array.from({ length: Math.max(0, wanted() - active) }, () => undefined);
    },
    surplus(pods) {
      const active = pods.filter((pod) => pod.active);
      const tooMany = active.length - wanted();
      // Those that are not Ready go first, then the youngest.
      if (tooMany > 0)
        return active
          .toReversed()
          .sort((one, other) => Number(one.ready) - Number(other.ready))
          .slice(0, tooMany);
      if (spec.updates !== undefined) return [];
      const old = active.find((pod) => pod.revision < revision);
      const settled = active.every(({ ready }) => ready) && !pods.some(({ terminating }) => terminating);
      const whole = spec.kind === 'DaemonSet' || active.length === wanted();
      return old !== undefined && settled && whole ? [old] : [];
    },
    status(pods, nodesThatTake) {
      const active = pods.filter((pod) => pod.active);
      // A lone ReplicaSet has no versions.
      const before = spec.kind === 'ReplicaSet' ? 0 : revision - 1;
      const older = Array.from({ length: before }, (_, at) => at + 1);
      const updated =
        spec.updates === undefined ? active.filter((pod) => pod.revision === revision).length : active.length;
      return {
        kind: spec.kind,
        name: 'f5-tmm',
        uid: UID,
        ownerUids:
          spec.kind === 'Deployment' ? Array.from({ length: revision }, (_, at) => uidOf(at + 1)) : [UID],
        generation,
        observedGeneration,
        desired: spec.kind === 'DaemonSet' ? nodesThatTake : spec.replicas,
        current: active.length,
        updated,
        available: active.filter(({ ready }) => ready).length,
        ...(older.length > 0 && {
          olderVersions: older.map((of) => (spec.kind === 'Deployment' ? uidOf(of) : String(of))),
        }),
        ...(spec.updates !== undefined && { updates: spec.updates }),
      };
    },
  };
}

/** Why a budget does not let this pod be evicted now. */
export function blockedByBudget(
  budget: Budget | undefined,
  pod: { readonly phase: string; readonly ready: boolean; readonly terminating: boolean },
  pods: readonly ControlledPod[],
): string | undefined {
  if (budget === undefined || pod.phase !== 'Running' || pod.terminating) return undefined;
  const healthy = pods.filter(({ ready, terminating }) => ready && !terminating).length;
  const left = pod.ready ? healthy - 1 : healthy;
  if (left >= budget.minAvailable) return undefined;
  return `The disruption budget ${budget.name} needs ${budget.minAvailable} healthy pods and has ${healthy} currently`;
}
