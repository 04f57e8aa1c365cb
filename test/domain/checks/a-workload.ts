import type { Inspection } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod, Workload } from '../../../src/domain/bgp/snapshot.ts';
import { anInspection } from './an-inspection.ts';

const REPLICA_SET = { kind: 'ReplicaSet', name: 'f5-tmm-5d', uid: 'rs' };

/** These pods, and the Deployment beside them. */
export function withWorkload(pods: readonly TmmPod[], more: Partial<Workload> = {}): Inspection {
  return { ...anInspection(pods), workloads: [aWorkload(more)] };
}

/** A pod that the Deployment's ReplicaSet keeps, or another controller. */
export function owned(pod: TmmPod, owner = REPLICA_SET): TmmPod {
  return { ...pod, owner };
}

/** A Deployment of two pods that is at rest, but for what is said of it. */
function aWorkload(more: Partial<Workload> = {}): Workload {
  return {
    kind: 'Deployment',
    name: 'f5-tmm',
    uid: 'deployment',
    ownerUids: ['rs'],
    generation: 1,
    observedGeneration: 1,
    desired: 2,
    current: 2,
    updated: 2,
    available: 2,
    ...more,
  };
}
