import { z } from 'zod';
import { replicaSetSchema } from '../kinds/replica-set.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { badRequest } from '../status-error.ts';

/** The `autoscaling/v1` view of anything with replicas. */
export function scaleOf(object: KubernetesObject): KubernetesObject {
  const { spec, status } = replicaSetSchema.parse(object);
  const labels = Object.entries(spec.selector?.matchLabels ?? {});
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid,
      resourceVersion,
      creationTimestamp,
    },
    spec: { replicas: spec.replicas },
    status: {
      replicas: status.replicas,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    },
  };
}

/** The object with the replicas that a changed Scale asks for. */
export function withScale(object: KubernetesObject, scale: unknown): KubernetesObject {
  const wanted = scaleSchema.safeParse(scale);
  if (!wanted.success) throw badRequest('Scale in version "v1" cannot be handled as a Scale');
  const { metadata, spec } = wanted.data;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      name: metadata.name ?? object.metadata.name,
      resourceVersion: metadata.resourceVersion ?? '',
    },
    spec: { ...replicaSetSchema.parse(object).spec, replicas: spec.replicas },
  };
}

const scaleSchema = z.looseObject({
  metadata: z
    .looseObject({ name: z.string().optional(), resourceVersion: z.string().optional() })
    .prefault({}),
  spec: z.looseObject({ replicas: z.int().default(0) }).prefault({}),
});
