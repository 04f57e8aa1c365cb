import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../json.ts';
import { badRequest, failure, type StatusError } from '../status-error.ts';

const operationsSchema = z.array(
  z.looseObject({
    op: z.string(),
    path: z.string(),
    from: z.string().optional(),
    value: z.unknown().optional(),
  }),
);
type Operation = z.infer<typeof operationsSchema>[number];
type Container = JsonObject | unknown[];

/**
 * RFC 6902 with the two liberties of the library that Kubernetes uses (evanphx/json-patch 4): a `test` for
 * null passes where nothing is, and `replace` adds a member that is missing.
 */
export function applyJsonPatch(document: JsonObject, patch: unknown): unknown {
  const operations = operationsSchema.safeParse(patch);
  if (!operations.success) {
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  const root: JsonObject = { '': structuredClone(document) };
  for (const operation of operations.data) applyOperation(root, operation);
  return root[''];
}

function applyOperation(root: JsonObject, { op, path, from = '', value }: Operation): unknown {
  switch (op) {
    case 'test': {
      if (!isDeepStrictEqual(valueAt(root, path) ?? null, value ?? null)) throw unprocessable();
      return;
    }
    case 'add':
      return write(root, path, structuredClone(value), 'insert');
    case 'replace':
      return write(root, path, structuredClone(value), 'overwrite');
    case 'remove':
      return void take(root, path);
    case 'move':
      return write(root, path, take(root, from), 'insert');
    case 'copy':
      return write(root, path, structuredClone(valueAt(root, from)), 'insert');
    default:
      throw unprocessable();
  }
}

/** What an API server says when a patch does not apply; it does not tell which operation. */
function unprocessable(): StatusError {
  return failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

function find(root: JsonObject, pointer: string): { parent: Container; key: string } {
  const steps = pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = steps.pop() ?? '';
  let parent: Container = root;
  for (const step of steps) {
    const next: unknown = memberOf(parent, step);
    if (!Array.isArray(next) && !isJsonObject(next)) throw unprocessable();
    parent = next;
  }
  return { parent, key };
}

function memberOf(parent: Container, key: string): unknown {
  if (!Array.isArray(parent)) return Object.hasOwn(parent, key) ? parent[key] : undefined;
  return parent[indexIn(parent, key, parent.length - 1)];
}

function valueAt(root: JsonObject, pointer: string): unknown {
  const { parent, key } = find(root, pointer);
  return memberOf(parent, key);
}

function write(root: JsonObject, pointer: string, value: unknown, mode: 'insert' | 'overwrite'): void {
  const { parent, key } = find(root, pointer);
  if (!Array.isArray(parent)) {
    Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
  } else if (mode === 'insert') {
    parent.splice(key === '-' ? parent.length : indexIn(parent, key, parent.length), 0, value);
  } else {
    parent[indexIn(parent, key, parent.length - 1)] = value;
  }
}

function take(root: JsonObject, pointer: string): unknown {
  const { parent, key } = find(root, pointer);
  if (Array.isArray(parent)) return parent.splice(indexIn(parent, key, parent.length - 1), 1)[0];
  if (!Object.hasOwn(parent, key)) throw unprocessable();
  const value = parent[key];
  delete parent[key];
  return value;
}

function indexIn(list: readonly unknown[], key: string, last: number): number {
  const index = /^-?\d+$/.test(key) ? Number(key) : Number.NaN;
  const fromEnd = index < 0 ? list.length + index : index;
  if (!(fromEnd >= 0 && fromEnd <= last)) throw unprocessable();
  return fromEnd;
}
