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
  const { surge, unavailable } = bounds(spec);
  const total = [current, ...running].reduce((sum, one) => sum + one.spec.replicas, 0);
  const grown = Math.min(wanted, current.spec.replicas + Math.max(0, wanted + surge - total));
  let spare = Math.max(0, total - (wanted - unavailable) - missingIn(current));
  const take = (most: number): number => {
    const taken = Math.min(spare, most);
    spare -= taken;
    return taken;
  };
  // What serves nobody goes first, in whichever ReplicaSet it is.
  const mended = running.map((replicaSet): Scale => {
    const { replicas } = replicaSet.spec;
    return { replicaSet, replicas: replicas - take(missingIn(replicaSet)) };
  });
  const shrunk = mended.map(({ replicaSet, replicas }) => ({
    replicaSet,
    replicas: replicas - take(replicas),
  }));
  return [{ replicaSet: current, replicas: grown }, ...shrunk];
}

/** How many of its replicas must serve for a Deployment to count as available. */
export function fewestAvailable({ spec }: Deployment): number {
  const { strategy, replicas } = spec;
  return strategy.type === 'RollingUpdate' ? Math.max(0, replicas - bounds(spec).unavailable) : replicas;
}

function missingIn({ spec, status }: ReplicaSet): number {
  return Math.max(0, spec.replicas - (status.availableReplicas ?? 0));
}

function bounds({ strategy, replicas }: Deployment['spec']): {
  readonly surge: number;
  readonly unavailable: number;
} {
  const { maxSurge, maxUnavailable } = deploymentRollingUpdateSchema.parse(strategy.rollingUpdate ?? {});
  const surge = countOf(maxSurge, replicas, 'up');
  const unavailable = countOf(maxUnavailable, replicas, 'down');
  // With both 0 nothing could ever move.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
