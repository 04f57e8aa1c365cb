import { type Cause, required } from '../status-error.ts';
import type { PodSpec } from './pod-spec.ts';

/** What is missing in a pod's spec; `path` says where the spec hangs. */
export function podSpecFaults(spec: PodSpec, path: string): Cause[] {
  if (spec.containers.length === 0) return [required(`${path}.containers`)];
  return spec.containers.flatMap(({ name, image }, index) => [
    ...(name === '' ? [required(`${path}.containers[${index}].name`)] : []),
    ...(image === '' ? [required(`${path}.containers[${index}].image`)] : []),
  ]);
}
