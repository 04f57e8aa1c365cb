import type { Pod } from './pod.ts';

/**
 * What a pod's annotations make the kubelet pretend:
 * - `sandbox/never-ready: "true"`: the pod runs, but never becomes Ready;
 * - `sandbox/crash: CONTAINER`: that container is in CrashLoopBackOff ("true": the first one).
 */
export interface PodSimulation {
  neverReady: boolean;
  crashing: string | undefined;
}

export function podSimulation({ metadata, spec }: Pod): PodSimulation {
  const crash = metadata.annotations?.['sandbox/crash'];
  return {
    neverReady: metadata.annotations?.['sandbox/never-ready'] === 'true',
    crashing: crash === 'true' ? spec.containers[0]?.name : crash,
  };
}
