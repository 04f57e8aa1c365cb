import { randomUUID } from 'node:crypto';
import { type Cluster, timestamp, type WriteOptions } from '../cluster.ts';
import { namespaceSchema } from '../kinds/namespace.ts';
import { namespaces } from '../kinds/namespaces.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { recordUpdate } from '../managed-fields.ts';
import type { Resource } from '../resource.ts';
import { alreadyExists, badRequest, failure, forbidden, invalid, notFound } from '../status-error.ts';
import { decodeObject } from './decode-object.ts';
import { generatedName, labelFaults, nameFaults } from './object-names.ts';

/** Creates what `body` describes in `namespace` ('' for kinds without one), or throws the refusal. */
export function createObject(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  body: unknown,
  options: WriteOptions = {},
): KubernetesObject {
  const object = decodeObject(resource, body);
  const { metadata } = object;
  if (resource.namespaced && (metadata.namespace ?? namespace) !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (metadata.resourceVersion !== '') {
    throw failure(500, 'InternalError', 'resourceVersion should not be set on objects to be created');
  }
  if (metadata.name === '' && metadata.generateName) metadata.name = generatedName(metadata.generateName);
  if (resource.namespaced) refuseWithoutNamespace(cluster, resource, namespace, metadata.name);

  const { namespace: _, deletionTimestamp, deletionGracePeriodSeconds, generation, ...kept } = metadata;
  object.metadata = {
    ...kept,
    ...(resource.namespaced ? { namespace } : {}),
    uid: randomUUID(),
    creationTimestamp: timestamp(cluster.now()),
    ...(resource.hasGeneration ? { generation: 1 } : {}),
  };
  // Only a node brings its status along.
  if (resource.hasStatus && resource.kind !== 'Node') delete object.status;
  resource.prepare(object);
  const complete = resource.schema.parse(object);

  const causes = [
    ...nameFaults(resource, complete),
    ...labelFaults(complete),
    ...resource.faults(complete, undefined),
  ];
  if (causes.length > 0) throw invalid(resource, complete.metadata.name, causes);
  if (cluster.store.get(resource, complete.metadata.namespace ?? '', complete.metadata.name)) {
    throw alreadyExists(resource, complete.metadata.name);
  }
  const owned = recordUpdate(complete, undefined, {
    ...options,
    now: timestamp(cluster.now()),
    subresource: '',
  });
  return options.dryRun ? owned : cluster.store.put(resource, owned);
}

function refuseWithoutNamespace(
  { store }: Cluster,
  resource: Resource,
  namespace: string,
  name: string,
): void {
  const home = store.get(namespaces, '', namespace);
  if (home === undefined) throw notFound(namespaces, namespace);
  if (namespaceSchema.parse(home).status.phase === 'Terminating') {
    throw forbidden(
      resource,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
  }
}
