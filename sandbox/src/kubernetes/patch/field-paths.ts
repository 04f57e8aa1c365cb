import { isJsonObject, type JsonObject } from '../json.ts';
import { mergeKeyOf } from './merge-keys.ts';

/** Fields that nobody owns. */
const UNOWNED_METADATA = [
  ...['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp'],
  ...['deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields', 'selfLink'],
];

/** Each leaf of an object by its path in FieldsV1 form, joined by '\n'; with the leaf's value. */
export function leavesOf(object: JsonObject): Map<string, unknown> {
  const { apiVersion, kind, metadata, ...rest } = object;
  const owned = Object.entries(isJsonObject(metadata) ? metadata : {}).filter(
    ([key]) => !UNOWNED_METADATA.includes(key),
  );
  const leaves = new Map<string, unknown>();
  collect({ ...rest, metadata: Object.fromEntries(owned) }, [], leaves);
  return leaves;
}

/** FieldsV1, as managedFields has it, from a set of paths. */
export function fieldsFrom(paths: Iterable<string>): JsonObject {
  const fields: JsonObject = {};
  for (const path of [...paths].sort()) {
    let at = fields;
    for (const step of path.split('\n')) {
      const next: JsonObject = isJsonObject(at[step]) ? at[step] : {};
      at[step] = next;
      at = next;
    }
  }
  return fields;
}

export function pathsIn(fields: JsonObject, above: readonly string[] = []): string[] {
  return Object.entries(fields).flatMap(([step, below]) => {
    const path = [...above, step];
    return isJsonObject(below) && Object.keys(below).length > 0 ? pathsIn(below, path) : [path.join('\n')];
  });
}

/** As a conflict names it: `.data.a`, `.spec.containers[name="x"].image`. */
export function readablePath(path: string): string {
  return path
    .split('\n')
    .map((step) => {
      if (!step.startsWith('k:')) return `.${step.slice(2)}`;
      const pairs = Object.entries(JSON.parse(step.slice(2)));
      return `[${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}

/** Removes the leaf, and the maps and list items above it that became empty by that. */
export function removePath(object: unknown, path: string): unknown {
  const [step = '', ...rest] = path.split('\n');
  if (Array.isArray(object)) {
    return object.flatMap((item) => {
      if (!isJsonObject(item) || !hasKey(item, step)) return [item];
      const left = removePath(item, rest.join('\n'));
      const isOnlyKey = isJsonObject(left) && Object.keys(left).every((key) => step.includes(`"${key}"`));
      return isOnlyKey ? [] : [left];
    });
  }
  const key = step.slice(2);
  if (!isJsonObject(object) || !(key in object)) return object;
  const { [key]: value, ...others } = object;
  if (rest.length === 0) return others;
  const left = removePath(value, rest.join('\n'));
  const isEmpty = Array.isArray(left)
    ? left.length === 0
    : isJsonObject(left) && Object.keys(left).length === 0;
  return isEmpty ? others : { ...others, [key]: left };
}

function hasKey(item: JsonObject, step: string): boolean {
  const wanted: unknown = step.startsWith('k:') ? JSON.parse(step.slice(2)) : {};
  return isJsonObject(wanted) && Object.entries(wanted).every(([key, value]) => item[key] === value);
}

function collect(value: unknown, path: readonly string[], leaves: Map<string, unknown>): void {
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    for (const [key, below] of Object.entries(value)) collect(below, [...path, `f:${key}`], leaves);
    return;
  }
  const items = Array.isArray(value) ? value.filter(isJsonObject) : [];
  const name = path.at(-1)?.slice(2) ?? '';
  const mergeKey = items.length > 0 ? mergeKeyOf(name, items) : undefined;
  if (mergeKey === undefined) {
    if (path.length > 1 || !isJsonObject(value)) leaves.set(path.join('\n'), value);
    return;
  }
  for (const item of items) {
    collect(item, [...path, `k:${JSON.stringify({ [mergeKey]: item[mergeKey] })}`], leaves);
  }
}
