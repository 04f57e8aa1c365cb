import type { Cluster } from './cluster.ts';
import { collectGarbage } from './controllers/collect-garbage.ts';
import { countDisruptions } from './controllers/count-disruptions.ts';
import { endNamespaces } from './controllers/end-namespaces.ts';
import { runDaemonSets } from './controllers/run-daemon-sets.ts';
import { runDeployments } from './controllers/run-deployments.ts';
import { runReplicaSets } from './controllers/run-replica-sets.ts';
import { schedulePods } from './controllers/schedule-pods.ts';
import { events } from './kinds/events.ts';

export interface Controllers {
  stop(): void;
}

/**
 * Each brings the cluster one step closer to what its objects ask for; what it writes wakes all of them again.
 * ReplicaSets count their pods before Deployments rely on it.
 */
const CONTROLLERS: readonly ((cluster: Cluster) => void)[] = [
  endNamespaces,
  collectGarbage,
  runReplicaSets,
  runDeployments,
  runDaemonSets,
  schedulePods,
  countDisruptions,
];

/** Plays kube-controller-manager and kube-scheduler. */
export function startControllers(cluster: Cluster): Controllers {
  let due: NodeJS.Immediate | undefined;
  const wake = (): void => {
    due ??= setImmediate(() => {
      due = undefined;
      for (const controller of CONTROLLERS) controller(cluster);
    });
  };
  const stopListening = cluster.store.subscribe(({ resource }) => {
    if (resource !== events) wake();
  });
  wake();
  return {
    stop() {
      stopListening();
      if (due !== undefined) clearImmediate(due);
    },
  };
}
