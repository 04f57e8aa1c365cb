import type { Cluster } from '../cluster.ts';
import { nodes } from '../kinds/nodes.ts';
import { podSchema } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { deleteObject } from '../objects/delete-object.ts';
import type { Resource } from '../resource.ts';
import { resources } from '../resources.ts';
import { isEnding, writeObject } from './write.ts';

interface Held {
  readonly resource: Resource;
  readonly object: KubernetesObject;
}

/** What belongs to an owner goes with it; pods of a node that is gone go too. */
export function collectGarbage(cluster: Cluster): void {
  const all = resources.flatMap((resource) =>
    cluster.store.list(resource, '').map((object) => ({ resource, object })),
  );
  const uids = new Set(all.map(({ object }) => object.metadata.uid));
  for (const { resource, object } of all) {
    const owners = object.metadata.ownerReferences ?? [];
    const abandoned = owners.length > 0 && owners.every(({ uid }) => !uids.has(uid));
    if (abandoned && !isEnding(object)) deleteObject(cluster, resource, object);
  }
  for (const held of all) finish(cluster, held, all);
  removeLostPods(cluster);
}

/** Does what a finalizer of the garbage collector waits for, and takes it off. */
function finish(cluster: Cluster, { resource, object }: Held, all: readonly Held[]): void {
  const { finalizers = [], uid } = object.metadata;
  if (!isEnding(object)) return;
  const below = all.filter((one) => one.object.metadata.ownerReferences?.some((owner) => owner.uid === uid));
  if (finalizers.includes('orphan')) {
    for (const one of below) release(cluster, one, uid);
    withoutFinalizer(cluster, { resource, object }, 'orphan');
  } else if (finalizers.includes('foregroundDeletion')) {
    for (const one of below) if (!isEnding(one.object)) deleteObject(cluster, one.resource, one.object);
    if (below.length === 0) withoutFinalizer(cluster, { resource, object }, 'foregroundDeletion');
  }
}

function release(cluster: Cluster, { resource, object }: Held, uid: string): void {
  const ownerReferences = object.metadata.ownerReferences?.filter((owner) => owner.uid !== uid) ?? [];
  writeObject(cluster, resource, object, { ...object, metadata: { ...object.metadata, ownerReferences } });
}

function withoutFinalizer(cluster: Cluster, { resource, object }: Held, finalizer: string): void {
  const { store } = cluster;
  const { namespace = '', name } = object.metadata;
  const now = store.get(resource, namespace, name);
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
