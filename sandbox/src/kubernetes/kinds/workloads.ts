import { resource } from '../resource.ts';
import {
  daemonSetColumns,
  deploymentColumns,
  replicaSetColumns,
  statefulSetColumns,
} from '../tables/workload-columns.ts';
import { daemonSetSchema } from './daemon-set.ts';
import { deploymentSchema } from './deployment.ts';
import { replicaSetSchema } from './replica-set.ts';
import { countFaults, workloadFaults } from './workload-faults.ts';

export const deployments = resource({
  group: 'apps',
  versions: ['v1'],
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  hasStatus: true,
  hasGeneration: true,
  subresources: [
    { name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch', 'update'] },
  ],
  schema: deploymentSchema,
  faults: (object, previous) => [
    ...countFaults('spec.replicas', deploymentSchema.parse(object).spec.replicas),
    ...workloadFaults(object, previous),
  ],
  columns: deploymentColumns,
});

const scalable = {
  group: 'apps',
  versions: ['v1'],
  categories: ['all'],
  hasStatus: true,
  hasGeneration: true,
  subresources: [
    { name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch', 'update'] },
  ],
  schema: replicaSetSchema,
};

export const replicaSets = resource({
  ...scalable,
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  faults: (object, previous) => [
    ...countFaults('spec.replicas', replicaSetSchema.parse(object).spec.replicas),
    ...workloadFaults(object, previous),
  ],
  columns: replicaSetColumns,
});

/** Stored and served; no controller makes its pods. */
export const statefulSets = resource({
  ...scalable,
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  faults: (object, previous) => workloadFaults(object, previous),
  columns: statefulSetColumns,
});

export const daemonSets = resource({
  group: 'apps',
  versions: ['v1'],
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  hasStatus: true,
  hasGeneration: true,
  schema: daemonSetSchema,
  faults: workloadFaults,
  columns: daemonSetColumns,
});
