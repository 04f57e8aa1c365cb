import { createHash } from 'node:crypto';
import { type Cluster, timestamp } from '../cluster.ts';
import { events } from '../kinds/events.ts';
import type { KubernetesObject, OwnerReference } from '../kubernetes-object.ts';
import { createObject } from '../objects/create-object.ts';
import { updateObject } from '../objects/update-object.ts';
import type { Resource } from '../resource.ts';
import { StatusError } from '../status-error.ts';

const MANAGER = 'kube-controller-manager';

/** Writes a status; nothing happens when it is the same. */
export function writeStatus(
  cluster: Cluster,
  resource: Resource,
  object: KubernetesObject,
  status: object,
): void {
  const known = typeof object.status === 'object' ? object.status : {};
  const wanted = { ...object, status: { ...known, ...status } };
  updateObject(cluster, resource, object, wanted, { subresource: 'status', fieldManager: MANAGER });
}

/** Writes everything but the status; nothing happens when it is the same. */
export function writeObject(
  cluster: Cluster,
  resource: Resource,
  was: KubernetesObject,
  wanted: KubernetesObject,
): void {
  updateObject(cluster, resource, was, wanted, { subresource: '', fieldManager: MANAGER });
}

/** Creates what belongs to `owner`; when the API refuses it, an Event of the owner says why. */
export function createOwned(
  cluster: Cluster,
  resource: Resource,
  owner: KubernetesObject,
  body: object,
): KubernetesObject | undefined {
  const namespace = owner.metadata.namespace ?? '';
  try {
    return createObject(cluster, resource, namespace, body, { fieldManager: MANAGER });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    note(cluster, owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    return undefined;
  }
}

/** An Event about an object; the same words about it are noted once. */
export function note(
  cluster: Cluster,
  about: KubernetesObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const { name, namespace = 'default', uid } = about.metadata;
  const mark = createHash('sha256').update(`${uid} ${reason} ${message}`).digest('hex').slice(0, 16);
  const eventName = `${name}.${mark}`;
  if (cluster.store.get(events, namespace, eventName) !== undefined) return;
  const at = timestamp(cluster.now());
  const involvedObject = { kind: about.kind, apiVersion: about.apiVersion, namespace, name, uid };
  try {
    createObject(cluster, events, namespace, {
      metadata: { name: eventName },
      involvedObject,
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      source: { component: MANAGER },
    });
  } catch (error) {
    // The namespace is on its way out; nobody will miss the note.
    if (!(error instanceof StatusError)) throw error;
  }
}

export function controlledBy({
  apiVersion,
  kind,
  metadata: { name, uid },
}: KubernetesObject): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function isControlledBy(object: KubernetesObject, uid: string): boolean {
  return (
    object.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid) ?? false
  );
}

export function isEnding({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}
