import type { z } from 'zod';
import { isJsonObject, withoutNulls } from '../json.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { groupVersion, type Resource, storedVersion } from '../resource.ts';
import { badRequest } from '../status-error.ts';

/** Makes an object of a request's body, with every default filled in; a body of the wrong shape is a 400. */
export function decodeObject(resource: Resource, body: unknown): KubernetesObject {
  const { kind } = resource;
  if (!isJsonObject(body)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind`,
    );
  }
  const apiVersion = body.apiVersion ?? storedVersion(resource);
  const fits = `${body.kind ?? kind} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${kind}: `;
  const served = resource.versions.map((version) => groupVersion(resource.group, version));
  if (body.kind !== undefined && body.kind !== kind) {
    throw badRequest(`${fits}converting (${body.kind}) to (${kind}): unknown conversion`);
  }
  if (typeof apiVersion !== 'string' || !served.includes(apiVersion)) {
    throw badRequest(`${fits}no kind "${kind}" is registered for version ${JSON.stringify(apiVersion)}`);
  }
  const parsed = resource.schema.safeParse(withoutNulls(body));
  if (!parsed.success) throw badRequest(`${fits}json: ${mismatch(kind, parsed.error)}`);
  return { ...parsed.data, kind, apiVersion: storedVersion(resource) };
}

function mismatch(kind: string, { issues: [issue] }: z.ZodError): string {
  const path = [kind, ...(issue?.path ?? [])].join('.');
  return `cannot unmarshal Go struct field ${path}: ${issue?.message}`;
}
