import { configMaps, secrets } from './kinds/config-maps.ts';
import { disruptionBudgets } from './kinds/disruption-budgets.ts';
import { events } from './kinds/events.ts';
import { namespaces } from './kinds/namespaces.ts';
import { nodes } from './kinds/nodes.ts';
import { plainKinds } from './kinds/plain-kinds.ts';
import { pods } from './kinds/pods.ts';
import { daemonSets, deployments, replicaSets, statefulSets } from './kinds/workloads.ts';
import { groupVersion, type Resource } from './resource.ts';

/** Every kind that is stored. */
export const resources: readonly Resource[] = [
  pods,
  nodes,
  namespaces,
  configMaps,
  secrets,
  events,
  deployments,
  replicaSets,
  daemonSets,
  statefulSets,
  disruptionBudgets,
  ...plainKinds,
];

export function resourceAt(group: string, version: string, plural: string): Resource | undefined {
  return resources.find(
    (resource) =>
      resource.group === group && resource.plural === plural && resource.versions.includes(version),
  );
}

export function resourceOfKind(apiVersion: string, kind: string): Resource | undefined {
  return resources.find(
    (resource) =>
      resource.kind === kind &&
      resource.versions.some((version) => groupVersion(resource.group, version) === apiVersion),
  );
}
