import type { Cluster } from '../cluster.ts';
import { nodes } from '../kinds/nodes.ts';
import { podSchema } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { deleteObject } from '../objects/delete-object.ts';
import type { Resource } from '../resource.ts';
import { resources } from '../resources.ts';
import { release } from './claim.ts';
import { isEnding, writeObject } from './write.ts';

interface Held {
  readonly resource: Resource;
  readonly object: KubernetesObject;
}

/** What belongs to an owner goes with it; pods of a node that is gone go too. */
export function collectGarbage(cluster: Cluster): void {
  const all = everything(cluster);
  const uids = new Set(all.map(({ object }) => object.metadata.uid));
  for (const { resource, object } of all) {
    const owners = object.metadata.ownerReferences ?? [];
    const abandoned = owners.length > 0 && owners.every(({ uid }) => !uids.has(uid));
    if (abandoned && !isEnding(object)) deleteObject(cluster, resource, object);
  }
  for (const held of all) {
    const { finalizers = [] } = held.object.metadata;
    if (!isEnding(held.object)) continue;
    if (finalizers.includes('orphan')) orphan(cluster, held);
    else if (finalizers.includes('foregroundDeletion')) deleteDependentsFirst(cluster, held);
  }
  removeLostPods(cluster);
}

function everything({ store }: Cluster): readonly Held[] {
  return resources.flatMap((resource) => store.list(resource, '').map((object) => ({ resource, object })));
}

/** Read anew each time: what an owner of the same pass did to them must not be undone. */
function dependentsOf(cluster: Cluster, owner: string): readonly Held[] {
  return everything(cluster).filter(({ object }) =>
    object.metadata.ownerReferences?.some(({ uid }) => uid === owner),
  );
}

function orphan(cluster: Cluster, held: Held): void {
  const { uid } = held.object.metadata;
  for (const { resource, object } of dependentsOf(cluster, uid)) release(cluster, resource, object, uid);
  withoutFinalizer(cluster, held, 'orphan');
}

/** Dependents with dependents of their own go the same way, so that the last pod is gone before the owner. */
function deleteDependentsFirst(cluster: Cluster, held: Held): void {
  const { uid } = held.object.metadata;
  const dependents = dependentsOf(cluster, uid);
  for (const { resource, object } of dependents) {
    if (isEnding(object)) continue;
    const hasDependents = dependentsOf(cluster, object.metadata.uid).length > 0;
    deleteObject(cluster, resource, object, {
      propagationPolicy: hasDependents ? 'Foreground' : 'Background',
    });
  }
  const blocks = ({ object }: Held): boolean =>
    object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion) ?? false;
  if (!dependents.some(blocks)) withoutFinalizer(cluster, held, 'foregroundDeletion');
}

function withoutFinalizer(cluster: Cluster, { resource, object }: Held, finalizer: string): void {
  const { namespace = '', name } = object.metadata;
  const now = cluster.store.get(resource, namespace, name);
  if (now === undefined) return;
  const finalizers = (now.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  writeObject(cluster, resource, now, { ...now, metadata: { ...now.metadata, finalizers } });
}

function removeLostPods({ store }: Cluster): void {
  for (const object of store.list(pods, '')) {
    const { nodeName } = podSchema.parse(object).spec;
    if (nodeName && store.get(nodes, '', nodeName) === undefined) store.remove(pods, object);
  }
}
