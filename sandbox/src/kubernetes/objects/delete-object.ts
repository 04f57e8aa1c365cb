import { z } from 'zod';
import { type Cluster, timestamp } from '../cluster.ts';
import { namespaceSchema } from '../kinds/namespace.ts';
import { podSchema } from '../kinds/pod.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { Resource } from '../resource.ts';
import { conflict } from '../status-error.ts';

export const deleteOptionsSchema = z.looseObject({
  gracePeriodSeconds: z.int().nonnegative().nullish(),
  preconditions: z
    .looseObject({ uid: z.string().nullish(), resourceVersion: z.string().nullish() })
    .nullish(),
  propagationPolicy: z.enum(['Orphan', 'Background', 'Foreground']).nullish(),
  orphanDependents: z.boolean().nullish(),
  dryRun: z.array(z.string()).nullish(),
});

export type DeleteOptions = z.infer<typeof deleteOptionsSchema>;

export interface Deletion {
  object: KubernetesObject;
  /** False while a kubelet, a finalizer or the namespace's content still holds it. */
  gone: boolean;
}

/** Deletes at once, or marks the object as being deleted where somebody has to finish first. */
export function deleteObject(
  cluster: Cluster,
  resource: Resource,
  object: KubernetesObject,
  options: DeleteOptions = {},
): Deletion {
  refuseUnlessMeant(resource, object, options);
  const finalizers = [...new Set([...(object.metadata.finalizers ?? []), ...cascade(options)])];
  const grace = graceOf(resource, object, options);
  if (isNamespace(resource) || grace > 0 || finalizers.length > 0) {
    return { object: mark(cluster, resource, object, options, grace, finalizers), gone: false };
  }
  if (isDryRun(options)) return { object, gone: true };
  return { object: cluster.store.remove(resource, object), gone: true };
}

function isDryRun({ dryRun }: DeleteOptions): boolean {
  return dryRun?.includes('All') ?? false;
}

function refuseUnlessMeant(
  resource: Resource,
  { metadata }: KubernetesObject,
  { preconditions }: DeleteOptions,
): void {
  const { uid, resourceVersion } = preconditions ?? {};
  // A real server names the kind here, not the resource.
  const named = { ...resource, plural: resource.kind };
  if (uid && uid !== metadata.uid) {
    throw conflict(
      named,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      named,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

/** What the garbage collector has to do before the object may go. */
function cascade({ propagationPolicy, orphanDependents }: DeleteOptions): string[] {
  if (propagationPolicy === 'Foreground') return ['foregroundDeletion'];
  return propagationPolicy === 'Orphan' || orphanDependents ? ['orphan'] : [];
}

/** Seconds that a kubelet has; 0 for everything but a pod that runs on a node. */
function graceOf(
  resource: Resource,
  object: KubernetesObject,
  { gracePeriodSeconds }: DeleteOptions,
): number {
  if (resource.kind !== 'Pod') return 0;
  const { spec, status, metadata } = podSchema.parse(object);
  if (!spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') return 0;
  const wanted = gracePeriodSeconds ?? spec.terminationGracePeriodSeconds;
  return Math.min(wanted, metadata.deletionGracePeriodSeconds ?? wanted);
}

function mark(
  cluster: Cluster,
  resource: Resource,
  object: KubernetesObject,
  options: DeleteOptions,
  grace: number,
  finalizers: readonly string[],
): KubernetesObject {
  const { metadata } = object;
  const isMarked = metadata.deletionTimestamp !== undefined;
  if (isMarked && metadata.deletionGracePeriodSeconds === grace) return object;
  const marked: KubernetesObject = {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: timestamp(cluster.now() + grace * 1000),
      deletionGracePeriodSeconds: grace,
      ...(resource.hasGeneration && !isMarked ? { generation: (metadata.generation ?? 0) + 1 } : {}),
      ...(finalizers.length > 0 ? { finalizers: [...finalizers] } : {}),
    },
    ...(isNamespace(resource)
      ? { status: { ...namespaceSchema.parse(object).status, phase: 'Terminating' } }
      : {}),
  };
  return isDryRun(options) ? marked : cluster.store.put(resource, marked);
}

function isNamespace({ kind }: Resource): boolean {
  return kind === 'Namespace';
}
