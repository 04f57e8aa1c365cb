import type { Right } from '../grammar/declaration.ts';

/** Rights in the cluster that several commands declare. */
const READ_LOOKUPS: Right = {
  verbs: ['get', 'list', 'watch'],
  group: '',
  resource: 'configmaps',
  scope: 'namespace',
};
const READ_PODS: Right = {
  verbs: ['get', 'list', 'watch'],
  group: '',
  resource: 'pods',
  scope: 'namespace',
};
const READ_NODES: Right = {
  verbs: ['list', 'watch'],
  group: '',
  resource: 'nodes',
  scope: 'cluster',
};
/** Its uid identifies the cluster. */
const READ_CLUSTER_UID: Right = {
  verbs: ['get'],
  group: '',
  resource: 'namespaces',
  scope: 'cluster',
  names: ['kube-system'],
};
const READ_WORKLOADS: readonly Right[] = ['deployments', 'replicasets', 'daemonsets', 'statefulsets'].map(
  (resource) => ({ verbs: ['get'], group: 'apps', resource, scope: 'namespace' }),
);
/** WebSocket upgrades are a `get` on older API servers and a `create` on newer ones. */
export const EXEC: Right = { verbs: ['get', 'create'], group: '', resource: 'pods/exec', scope: 'namespace' };
export const PATCH_LOOKUPS: Right = {
  verbs: ['patch'],
  group: '',
  resource: 'configmaps',
  scope: 'namespace',
};
export const CREATE_LOOKUPS: Right = {
  verbs: ['create'],
  group: '',
  resource: 'configmaps',
  scope: 'namespace',
};
const EVICT_PODS: Right = {
  verbs: ['create'],
  group: '',
  resource: 'pods/eviction',
  scope: 'namespace',
};
export const DELETE_PODS: Right = { verbs: ['delete'], group: '', resource: 'pods', scope: 'namespace' };

export const SEE_TARGET: readonly Right[] = [
  READ_LOOKUPS,
  READ_PODS,
  ...READ_WORKLOADS,
  READ_NODES,
  READ_CLUSTER_UID,
];
export const RESTART_TMMS: readonly Right[] = [EVICT_PODS, EXEC];
