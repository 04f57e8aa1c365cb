import type { Cluster } from '../cluster.ts';
import type { LabelSelector } from '../kinds/pod-spec.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { matchesSelector } from '../label-selector.ts';
import type { Resource } from '../resource.ts';
import { controlledBy, isControlledBy, isEnding, writeObject } from './write.ts';

/** Takes over what fits the owner's selector and has no controller, and lets go of what fits no more. */
export function claim(
  cluster: Cluster,
  owner: KubernetesObject,
  selector: LabelSelector | undefined,
  resource: Resource,
): void {
  for (const object of cluster.store.list(resource, owner.metadata.namespace ?? '')) {
    const { labels = {}, ownerReferences = [] } = object.metadata;
    const fits = matchesSelector(selector, labels);
    if (isControlledBy(object, owner.metadata.uid)) {
      if (!fits) release(cluster, resource, object, owner.metadata.uid);
    } else if (fits && !isEnding(object) && !ownerReferences.some(({ controller }) => controller)) {
      const metadata = { ...object.metadata, ownerReferences: [...ownerReferences, controlledBy(owner)] };
      writeObject(cluster, resource, object, { ...object, metadata });
    }
  }
}

/** Takes the owner with this uid off the object. */
export function release(cluster: Cluster, resource: Resource, object: KubernetesObject, uid: string): void {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const others = ownerReferences.filter((owner) => owner.uid !== uid);
  const left = others.length === 0 ? metadata : { ...metadata, ownerReferences: others };
  writeObject(cluster, resource, object, { ...object, metadata: left });
}
