import { daemonSetSchema } from '../kinds/daemon-set.ts';
import { deploymentSchema } from '../kinds/deployment.ts';
import type { LabelSelector, PodSpec } from '../kinds/pod-spec.ts';
import { replicaSetSchema } from '../kinds/replica-set.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { Column } from '../resource.ts';
import { age } from './age.ts';

const ageColumn: Column = { name: 'Age', cell: (object, now) => age(object.metadata.creationTimestamp, now) };

export const deploymentColumns: readonly Column[] = [
  {
    name: 'Ready',
    cell: (object) => {
      const { spec, status } = deploymentSchema.parse(object);
      return `${status.readyReplicas ?? 0}/${spec.replicas}`;
    },
  },
  {
    name: 'Up-to-date',
    type: 'integer',
    cell: (object) => deploymentSchema.parse(object).status.updatedReplicas ?? 0,
  },
  {
    name: 'Available',
    type: 'integer',
    cell: (object) => deploymentSchema.parse(object).status.availableReplicas ?? 0,
  },
  ageColumn,
  ...templateColumns((object) => deploymentSchema.parse(object).spec),
];

export const replicaSetColumns: readonly Column[] = [
  { name: 'Desired', type: 'integer', cell: (object) => replicaSetSchema.parse(object).spec.replicas },
  { name: 'Current', type: 'integer', cell: (object) => replicaSetSchema.parse(object).status.replicas },
  {
    name: 'Ready',
    type: 'integer',
    cell: (object) => replicaSetSchema.parse(object).status.readyReplicas ?? 0,
  },
  ageColumn,
  ...templateColumns((object) => replicaSetSchema.parse(object).spec),
];

export const statefulSetColumns: readonly Column[] = [
  {
    name: 'Ready',
    cell: (object) => {
      const { spec, status } = replicaSetSchema.parse(object);
      return `${status.readyReplicas ?? 0}/${spec.replicas}`;
    },
  },
  ageColumn,
  ...templateColumns((object) => replicaSetSchema.parse(object).spec).slice(0, 2),
];

export const daemonSetColumns: readonly Column[] = [
  {
    name: 'Desired',
    type: 'integer',
    cell: (object) => daemonSetSchema.parse(object).status.desiredNumberScheduled,
  },
  {
    name: 'Current',
    type: 'integer',
    cell: (object) => daemonSetSchema.parse(object).status.currentNumberScheduled,
  },
  { name: 'Ready', type: 'integer', cell: (object) => daemonSetSchema.parse(object).status.numberReady },
  {
    name: 'Up-to-date',
    type: 'integer',
    cell: (object) => daemonSetSchema.parse(object).status.updatedNumberScheduled ?? 0,
  },
  {
    name: 'Available',
    type: 'integer',
    cell: (object) => daemonSetSchema.parse(object).status.numberAvailable ?? 0,
  },
  {
    name: 'Node Selector',
    cell: (object) => pairs(daemonSetSchema.parse(object).spec.template.spec.nodeSelector),
  },
  ageColumn,
  ...templateColumns((object) => daemonSetSchema.parse(object).spec),
];

interface WithTemplate {
  template: { spec: PodSpec };
  selector?: LabelSelector | undefined;
}

function templateColumns(specOf: (object: KubernetesObject) => WithTemplate): Column[] {
  const containers = (object: KubernetesObject) => specOf(object).template.spec.containers;
  return [
    {
      name: 'Containers',
      priority: 1,
      cell: (object) =>
        containers(object)
          .map(({ name }) => name)
          .join(','),
    },
    {
      name: 'Images',
      priority: 1,
      cell: (object) =>
        containers(object)
          .map(({ image }) => image)
          .join(','),
    },
    { name: 'Selector', priority: 1, cell: (object) => pairs(specOf(object).selector?.matchLabels) },
  ];
}

function pairs(labels: Readonly<Record<string, string>> | undefined): string {
  return (
    Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(',') || '<none>'
  );
}
