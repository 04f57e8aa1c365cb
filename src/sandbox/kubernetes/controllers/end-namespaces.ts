import type { Cluster } from '../cluster.ts';
import { namespaceSchema } from '../kinds/namespace.ts';
import { namespaces } from '../kinds/namespaces.ts';
import { deleteObject } from '../objects/delete-object.ts';
import { resources } from '../resources.ts';
import { isEnding } from './write.ts';

/** Empties a namespace that is being deleted, and removes it once it is empty. */
export function endNamespaces(cluster: Cluster): void {
  for (const object of cluster.store.list(namespaces, '')) {
    const { metadata, status } = namespaceSchema.parse(object);
    if (status.phase !== 'Terminating') continue;
    const inside = resources
      .filter(({ namespaced }) => namespaced)
      .flatMap((resource) => cluster.store.list(resource, metadata.name).map((one) => ({ resource, one })));
    for (const { resource, one } of inside) if (!isEnding(one)) deleteObject(cluster, resource, one);
    if (inside.length === 0) cluster.store.remove(namespaces, object);
  }
}
