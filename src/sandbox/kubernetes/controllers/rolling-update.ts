import { type Deployment, deploymentRollingUpdateSchema } from '../kinds/deployment.ts';
import { countOf } from '../kinds/int-or-percent.ts';
import type { ReplicaSet } from '../kinds/replica-set.ts';

interface Scale {
  readonly replicaSet: ReplicaSet;
  readonly replicas: number;
}

/** How many replicas each ReplicaSet of a Deployment may have next, so that never too many nor too few run. */
export function nextScales(
  { spec }: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
  oldPods: number,
): readonly Scale[] {
  const wanted = spec.replicas;
  const running = old.filter((one) => one.spec.replicas > 0);
  if (running.length === 0 && (spec.strategy.type !== 'Recreate' || oldPods === 0)) {
    return [{ replicaSet: current, replicas: wanted }];
  }
  if (spec.strategy.type !== 'RollingUpdate')
    return running.map((replicaSet) => ({ replicaSet, replicas: 0 }));
  const { surge, unavailable } = bounds(
    deploymentRollingUpdateSchema.parse(spec.strategy.rollingUpdate ?? {}),
    wanted,
  );
  const total = [current, ...running].reduce((sum, one) => sum + one.spec.replicas, 0);
  const grown = Math.min(wanted, current.spec.replicas + Math.max(0, wanted + surge - total));
  const unready = current.spec.replicas - (current.status.availableReplicas ?? 0);
  let spare = Math.max(0, total - (wanted - unavailable) - unready);
  const shrunk = running.map((replicaSet): Scale => {
    const fewer = Math.min(spare, replicaSet.spec.replicas);
    spare -= fewer;
    return { replicaSet, replicas: replicaSet.spec.replicas - fewer };
  });
  return [{ replicaSet: current, replicas: grown }, ...shrunk];
}

function bounds(
  {
    maxSurge,
    maxUnavailable,
  }: { readonly maxSurge: number | string; readonly maxUnavailable: number | string },
  wanted: number,
): { readonly surge: number; readonly unavailable: number } {
  const surge = countOf(maxSurge, wanted, 'up');
  const unavailable = countOf(maxUnavailable, wanted, 'down');
  // With both 0 nothing could ever move.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
