import { parse } from 'yaml';
import type { Cluster } from '../cluster.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { type ApplyOptions, serverSideApply } from '../patch/server-side-apply.ts';
import { applyStrategicMergePatch } from '../patch/strategic-merge-patch.ts';
import type { Resource } from '../resource.ts';
import { badRequest, failure, notFound } from '../status-error.ts';
import { decodeObject } from './decode-object.ts';
import { updateObject } from './update-object.ts';

export interface Patch {
  /** Such as `application/json-patch+json`; parameters after `;` do not matter. */
  contentType: string;
  text: string;
}

const APPLY = 'application/apply-patch+yaml';

/** Changes one object as the patch says; server-side apply also creates it. */
export function patchObject(
  cluster: Cluster,
  resource: Resource,
  at: { namespace: string; name: string },
  patch: Patch,
  options: ApplyOptions,
): { object: KubernetesObject; created: boolean } {
  const contentType = mediaTypeOf(patch);
  if (contentType === APPLY) return serverSideApply(cluster, resource, at, readApply(patch.text), options);
  const previous = cluster.store.get(resource, at.namespace, at.name);
  if (previous === undefined) throw notFound(resource, at.name);
  const patched = decodeObject(resource, applyPatch(previous, patch));
  return { object: updateObject(cluster, resource, previous, patched, options), created: false };
}

/** The document with a JSON, merge or strategic merge patch done to it. */
export function applyPatch(document: JsonObject, patch: Patch): unknown {
  const contentType = mediaTypeOf(patch);
  const body = readJson(patch.text);
  switch (contentType) {
    case 'application/json-patch+json':
      return applyJsonPatch(document, body);
    case 'application/merge-patch+json':
      return applyMergePatch(document, mapOf(body));
    case 'application/strategic-merge-patch+json':
      return applyStrategicMergePatch(document, mapOf(body));
    default:
      throw unsupported();
  }
}

function mediaTypeOf({ contentType }: Patch): string {
  const [type = ''] = contentType.split(';');
  if (!/^application\/((json|merge|strategic-merge)-patch\+json|apply-patch\+yaml)$/.test(type.trim()))
    throw unsupported();
  return type.trim();
}

function unsupported(): Error {
  const message =
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml, application/strategic-merge-patch+json';
  return failure(415, 'UnsupportedMediaType', message, {});
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${String(error)}`);
  }
}

function mapOf(body: unknown): JsonObject {
  if (isJsonObject(body)) return body;
  throw badRequest(
    'error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}',
  );
}

function readApply(text: string): JsonObject {
  try {
    const body: unknown = parse(text);
    if (isJsonObject(body)) return body;
  } catch {
    // Said below.
  }
  throw badRequest('error decoding YAML');
}
