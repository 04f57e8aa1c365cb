import type { Cluster } from '../cluster.ts';
import { namespaceSchema } from '../kinds/namespace.ts';
import { namespaces } from '../kinds/namespaces.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { deleteObject } from '../objects/delete-object.ts';
import type { Resource } from '../resource.ts';
import { resources } from '../resources.ts';
import { isEnding } from './write.ts';

/** Empties a namespace that is being deleted, and removes it once it is empty. */
export function endNamespaces(cluster: Cluster): void {
  for (const object of cluster.store.list(namespaces, '')) {
    const { metadata, status } = namespaceSchema.parse(object);
    if (status.phase !== 'Terminating') continue;
    for (const { resource, one } of contentOf(cluster, metadata.name)) {
      if (!isEnding(one)) deleteObject(cluster, resource, one);
    }
    if (contentOf(cluster, metadata.name).length === 0) cluster.store.remove(namespaces, object);
  }
}

function contentOf(
  { store }: Cluster,
  namespace: string,
): readonly { resource: Resource; one: KubernetesObject }[] {
  return resources
    .filter(({ namespaced }) => namespaced)
    .flatMap((resource) => store.list(resource, namespace).map((one) => ({ resource, one })));
}
