import type { Inspection } from '../bgp/inspection.ts';
import { isActive, owns, type TmmPod, type Workload } from '../bgp/snapshot.ts';
import { counted } from '../phrasing.ts';
import { type CheckResult, PASS, wait } from './check.ts';

/** A pod that is unavailable for longer than this is broken, not part of a rollout; the default of `progressDeadlineSeconds`. */
const ROLLS_OUT_WITHIN_MS = 600_000;

/**
 * No controller of the TMM pods is rolling something out: a Helm upgrade, a scaling, a repair. Pods that this change evicts may
 * be unavailable: they may be what it repairs.
 * @param planned uids of the pods that this change evicts
 * @param atMs milliseconds since 1970
 */
export function controllerSettled(
  { workloads = [], pods }: Inspection,
  planned: ReadonlySet<string>,
  atMs: number,
): CheckResult {
  for (const workload of workloads) {
    const own = pods.filter((pod) => isActive(pod) && owns(workload, pod));
    const why = busyWith(workload, own, planned, atMs);
    if (why === undefined) continue;
    return wait(`rollout ${workload.uid} ${why}`, {
      reasonCode: 'rollout_in_progress',
      sentence: `${workload.kind} ${workload.name} is rolling out (${why})`,
      traffic: 'No TMM pod is evicted until the rollout is complete.',
      next: `Look at it: kubectl rollout ${workload.updates === 'paused' ? 'resume' : 'status'} ${workload.kind.toLowerCase()}/${workload.name}`,
    });
  }
  return PASS;
}

function busyWith(
  { desired, current, updated, available, generation, observedGeneration }: Workload,
  own: readonly TmmPod[],
  planned: ReadonlySet<string>,
  atMs: number,
): string | undefined {
  if (observedGeneration < generation) return 'its controller has not seen its newest version yet';
  if (updated < desired) return `${updated} of ${desired} pods are of its newest version`;
  if (current !== desired) return `it has ${counted(current, 'pod')} and wants ${desired}`;
  const excused = own.filter(
    ({ uid, ready, createdAtMs }) => !ready && (planned.has(uid) || atMs - createdAtMs > ROLLS_OUT_WITHIN_MS),
  );
  return available + excused.length < desired ? `${available} of ${desired} pods are available` : undefined;
}
