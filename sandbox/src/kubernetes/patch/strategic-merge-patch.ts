import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../json.ts';
import { MERGED_SETS, mergeKeyOf } from './merge-keys.ts';

const DELETE_FROM = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';
const DIRECTIVE = '$patch';
const RETAIN = '$retainKeys';

/** Kubernetes' own patch: like a merge patch, but lists with known keys are merged item by item. */
export function applyStrategicMergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  if (patch[DIRECTIVE] === 'replace') return without(patch, DIRECTIVE);
  if (patch[DIRECTIVE] === 'delete') return {};
  const merged = retained(isJsonObject(target) ? target : {}, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete merged[key];
    else if (Array.isArray(value)) merged[key] = mergeLists(key, listOf(merged[key]), value);
    else merged[key] = applyStrategicMergePatch(merged[key], value);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) deleteFrom(merged, key.slice(DELETE_FROM.length), listOf(value));
    if (key.startsWith(ORDER)) reorder(merged, key.slice(ORDER.length), listOf(value));
  }
  return merged;
}

function retained(target: JsonObject, patch: JsonObject): JsonObject {
  if (patch[RETAIN] === undefined) return { ...target };
  const kept = listOf(patch[RETAIN]);
  return Object.fromEntries(Object.entries(target).filter(([key]) => kept.includes(key)));
}

function mergeLists(name: string, target: readonly unknown[], patch: readonly unknown[]): unknown[] {
  if (MERGED_SETS.includes(name)) return [...new Set([...target, ...patch])];
  const changes = patch.filter(isJsonObject);
  if (changes.some((item) => item[DIRECTIVE] === 'replace')) {
    return changes.filter((item) => item[DIRECTIVE] !== 'replace');
  }
  const present = target.filter(isJsonObject);
  const key = changes.length < patch.length ? undefined : mergeKeyOf(name, [...present, ...changes]);
  if (key === undefined) return [...patch];
  return changes.reduce<unknown[]>((items, change) => mergeItem(items, change, key), [...present]);
}

function mergeItem(items: readonly unknown[], change: JsonObject, key: string): unknown[] {
  const at = items.findIndex((item) => isJsonObject(item) && isDeepStrictEqual(item[key], change[key]));
  if (change[DIRECTIVE] === 'delete') return items.filter((_, index) => index !== at);
  if (at < 0) return [...items, applyStrategicMergePatch({}, change)];
  return items.map((item, index) => (index === at ? applyStrategicMergePatch(item, change) : item));
}

function deleteFrom(merged: JsonObject, key: string, values: readonly unknown[]): void {
  merged[key] = listOf(merged[key]).filter((item) => !values.includes(item));
}

/** Items that the order names come in that order, the others keep their place after them. */
function reorder(merged: JsonObject, name: string, order: readonly unknown[]): void {
  const items = listOf(merged[name]);
  const key = mergeKeyOf(name, items.filter(isJsonObject));
  const rank = (item: unknown): number => {
    const at = order.findIndex((wanted) =>
      key !== undefined && isJsonObject(wanted) && isJsonObject(item)
        ? isDeepStrictEqual(wanted[key], item[key])
        : isDeepStrictEqual(wanted, item),
    );
    return at < 0 ? order.length : at;
  };
  if (items.length > 0) merged[name] = [...items].sort((a, b) => rank(a) - rank(b));
}

function without(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = object;
  return rest;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
