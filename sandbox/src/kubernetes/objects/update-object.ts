import { isDeepStrictEqual } from 'node:util';
import { type Cluster, timestamp, type WriteOptions } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { recordUpdate } from '../managed-fields.ts';
import type { Resource } from '../resource.ts';
import { badRequest, conflict, invalid, invalidValue } from '../status-error.ts';
import { labelFaults } from './object-names.ts';

export interface UpdateOptions extends WriteOptions {
  /** 'status' writes the status alone, '' everything else. */
  subresource: '' | 'status';
  /** The ownership list is already as it should be (server-side apply). */
  keepManagedFields?: boolean;
}

const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

/** Replaces `previous` by `wanted`. What changes nothing gets no new version, and nobody hears of it. */
export function updateObject(
  cluster: Cluster,
  resource: Resource,
  previous: KubernetesObject,
  wanted: KubernetesObject,
  options: UpdateOptions,
): KubernetesObject {
  refuseAnother(resource, previous, wanted);
  const next = merged(resource, previous, wanted, options.subresource);
  const causes = [...labelFaults(next), ...resource.faults(next, previous)];
  if (causes.length > 0) throw invalid(resource, previous.metadata.name, causes);
  const owned = options.keepManagedFields
    ? next
    : recordUpdate(next, previous, { ...options, now: timestamp(cluster.now()) });
  if (isDeepStrictEqual(withoutTimes(owned), withoutTimes(previous))) return previous;
  if (options.dryRun) return owned;
  return isFinished(owned) ? cluster.store.remove(resource, owned) : cluster.store.put(resource, owned);
}

function refuseAnother(
  resource: Resource,
  { metadata: was }: KubernetesObject,
  wanted: KubernetesObject,
): void {
  const { metadata } = wanted;
  if (metadata.name !== was.name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${was.name})`,
    );
  }
  if (metadata.namespace !== undefined && metadata.namespace !== was.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (metadata.resourceVersion !== '' && metadata.resourceVersion !== was.resourceVersion) {
    throw conflict(resource, was.name, MODIFIED);
  }
  if (metadata.uid !== '' && metadata.uid !== was.uid) {
    throw invalid(resource, was.name, [invalidValue('metadata.uid', metadata.uid, 'field is immutable')]);
  }
}

function merged(
  resource: Resource,
  previous: KubernetesObject,
  wanted: KubernetesObject,
  subresource: '' | 'status',
): KubernetesObject {
  const writesStatus = subresource === 'status';
  const { deletionTimestamp, deletionGracePeriodSeconds, namespace, ...metadata } = wanted.metadata;
  const was = previous.metadata;
  const next: KubernetesObject = {
    ...(writesStatus ? previous : wanted),
    metadata: {
      ...metadata,
      ...(was.namespace === undefined ? {} : { namespace: was.namespace }),
      uid: was.uid,
      resourceVersion: was.resourceVersion,
      creationTimestamp: was.creationTimestamp,
      ...(was.generation === undefined ? {} : { generation: was.generation }),
      ...(was.deletionTimestamp === undefined ? {} : { deletionTimestamp: was.deletionTimestamp }),
      ...(was.deletionGracePeriodSeconds === undefined
        ? {}
        : { deletionGracePeriodSeconds: was.deletionGracePeriodSeconds }),
    },
  };
  if (resource.hasStatus && !writesStatus) {
    delete next.status;
    if (previous.status !== undefined) next.status = previous.status;
  }
  if (writesStatus) next.status = wanted.status ?? {};
  if (resource.hasGeneration && !isDeepStrictEqual(next.spec, previous.spec)) {
    next.metadata.generation = (was.generation ?? 0) + 1;
  }
  return next;
}

/** Its deletion waited for the last finalizer only. */
function isFinished({ metadata }: KubernetesObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = metadata;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
}

function withoutTimes(object: KubernetesObject): KubernetesObject {
  const managedFields = object.metadata.managedFields?.map(({ time, ...entry }) => entry);
  return { ...object, metadata: { ...object.metadata, managedFields } };
}
