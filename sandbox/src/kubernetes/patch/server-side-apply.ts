import { isDeepStrictEqual } from 'node:util';
import { type Cluster, timestamp, type WriteOptions } from '../cluster.ts';
import type { JsonObject } from '../json.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { narrowed, withEntries } from '../managed-fields.ts';
import { createObject } from '../objects/create-object.ts';
import { decodeObject } from '../objects/decode-object.ts';
import { type UpdateOptions, updateObject } from '../objects/update-object.ts';
import { type Resource, storedVersion } from '../resource.ts';
import { failure, invalid, required } from '../status-error.ts';
import { fieldsFrom, leavesOf, pathsIn, readablePath, removePath } from './field-paths.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

export interface ApplyOptions extends UpdateOptions {
  force: boolean;
}

/** Server-side apply: sets what `wanted` names, drops what this manager named before, refuses others' fields. */
export function serverSideApply(
  cluster: Cluster,
  resource: Resource,
  at: { namespace: string; name: string },
  wanted: JsonObject,
  options: ApplyOptions,
): { object: KubernetesObject; created: boolean } {
  const { fieldManager: manager = '' } = options;
  if (manager === '') {
    const about = { group: 'meta.k8s.io', plural: '', kind: 'PatchOptions' };
    throw invalid(about, '', [required('fieldManager', 'is required for apply patch')]);
  }
  const previous = cluster.store.get(resource, at.namespace, at.name);
  if (previous === undefined)
    return { object: create(cluster, resource, at, wanted, options), created: true };

  const leaves = leavesOf(wanted);
  if (!options.force) refuseConflicts(previous, leaves, manager);
  const stale = ownPaths(previous, manager).filter(
    (path) => !leaves.has(path) && !isShared(previous, path, manager),
  );
  const cleaned = stale.reduce<unknown>((object, path) => removePath(object, path), previous);
  const merged = decodeObject(resource, applyStrategicMergePatch(cleaned, wanted));
  const { metadata } = merged;
  metadata.resourceVersion = '';
  const entry = {
    manager,
    operation: 'Apply',
    apiVersion: storedVersion(resource),
    time: timestamp(cluster.now()),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsFrom(leaves.keys()),
    ...(options.subresource === '' ? {} : { subresource: options.subresource }),
  };
  const present = leavesOf(merged);
  const others = (previous.metadata.managedFields ?? [])
    .filter((other) => !(other.manager === manager && other.operation === 'Apply'))
    .flatMap((other) => narrowed(other, (path) => present.has(path) && !(options.force && leaves.has(path))));
  const owned = withEntries(merged, [entry, ...others]);
  const object = updateObject(cluster, resource, previous, owned, { ...options, keepManagedFields: true });
  return { object, created: false };
}

function create(
  cluster: Cluster,
  resource: Resource,
  { namespace, name }: { namespace: string; name: string },
  wanted: JsonObject,
  options: WriteOptions,
): KubernetesObject {
  const { metadata } = decodeObject(resource, wanted);
  const body = { ...wanted, metadata: { ...metadata, name } };
  const object = createObject(cluster, resource, namespace, body, { ...options, dryRun: true });
  const [entry] = object.metadata.managedFields ?? [];
  const fieldsV1 = fieldsFrom(leavesOf(wanted).keys());
  const owned = withEntries(object, [{ ...entry, operation: 'Apply', fieldsV1 }]);
  return options.dryRun ? owned : cluster.store.put(resource, owned);
}

function ownPaths({ metadata }: KubernetesObject, manager: string): string[] {
  const own = metadata.managedFields?.find(
    (entry) => entry.manager === manager && entry.operation === 'Apply',
  );
  return pathsIn(own?.fieldsV1 ?? {});
}

function isShared({ metadata }: KubernetesObject, path: string, manager: string): boolean {
  const others = metadata.managedFields?.filter(
    (entry) => !(entry.manager === manager && entry.operation === 'Apply'),
  );
  return others?.some((entry) => pathsIn(entry.fieldsV1 ?? {}).includes(path)) ?? false;
}

function refuseConflicts(previous: KubernetesObject, wanted: Map<string, unknown>, manager: string): void {
  const present = leavesOf(previous);
  const conflicts = (previous.metadata.managedFields ?? [])
    .filter((entry) => !(entry.manager === manager && entry.operation === 'Apply'))
    .flatMap((entry) =>
      pathsIn(entry.fieldsV1 ?? {})
        .filter((path) => wanted.has(path) && !isDeepStrictEqual(wanted.get(path), present.get(path)))
        .map((path) => ({ owner: ownerOf(entry), field: readablePath(path) })),
    );
  if (conflicts.length === 0) return;
  const sentences = conflicts.map(({ owner, field }) => `conflict with ${owner}: ${field}`);
  const count = `${conflicts.length} conflict${conflicts.length === 1 ? '' : 's'}`;
  const list = conflicts.length === 1 ? sentences.join('') : `\n- ${sentences.join('\n- ')}`;
  throw failure(409, 'Conflict', `Apply failed with ${count}: ${list}`, {
    causes: conflicts.map(({ owner, field }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${owner}`,
      field,
    })),
  });
}

function ownerOf({
  manager = '',
  operation,
  apiVersion,
}: {
  manager?: string | undefined;
  operation?: string | undefined;
  apiVersion?: string | undefined;
}): string {
  return operation === 'Update' ? `"${manager}" using ${apiVersion}` : `"${manager}"`;
}
