import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject, ManagedFieldsEntry } from './kubernetes-object.ts';
import { fieldsFrom, leavesOf, pathsIn } from './patch/field-paths.ts';

interface UpdateRecord {
  fieldManager?: string;
  subresource: '' | 'status';
  /** RFC 3339. */
  now: string;
}

/** Notes in managedFields who wrote what: the fields that changed now belong to this manager. */
export function recordUpdate(
  next: KubernetesObject,
  previous: KubernetesObject | undefined,
  { fieldManager = 'unknown', subresource, now }: UpdateRecord,
): KubernetesObject {
  const leaves = leavesOf(next);
  const before = previous === undefined ? new Map<string, unknown>() : leavesOf(previous);
  const changed = [...leaves].filter(
    ([path, value]) => !before.has(path) || !isDeepStrictEqual(before.get(path), value),
  );
  const written = new Set(changed.map(([path]) => path));
  const entries = previous?.metadata.managedFields ?? [];
  const isOwn = (entry: ManagedFieldsEntry): boolean =>
    entry.manager === fieldManager &&
    entry.operation === 'Update' &&
    (entry.subresource ?? '') === subresource;

  const others = entries
    .filter((entry) => !isOwn(entry))
    .flatMap((entry) => narrowed(entry, (path) => leaves.has(path) && !written.has(path)));
  const own = entries.find(isOwn);
  const kept = pathsIn(own?.fieldsV1 ?? {}).filter((path) => leaves.has(path));
  const owned = new Set([...kept, ...written]);
  const entry: ManagedFieldsEntry = {
    manager: fieldManager,
    operation: 'Update',
    apiVersion: next.apiVersion,
    time: written.size === 0 ? (own?.time ?? now) : now,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsFrom(owned),
    ...(subresource === '' ? {} : { subresource }),
  };
  return withEntries(next, owned.size === 0 ? others : [...others, entry]);
}

/** The entry with only those of its fields, or nothing when none is left. */
export function narrowed(entry: ManagedFieldsEntry, keep: (path: string) => boolean): ManagedFieldsEntry[] {
  const paths = pathsIn(entry.fieldsV1 ?? {});
  const left = paths.filter(keep);
  if (left.length === paths.length) return [entry];
  return left.length === 0 ? [] : [{ ...entry, fieldsV1: fieldsFrom(left) }];
}

export function withEntries(
  object: KubernetesObject,
  managedFields: readonly ManagedFieldsEntry[],
): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, managedFields: [...managedFields] } };
}
