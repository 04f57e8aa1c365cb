import type { Cluster, WriteOptions } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { bindPod } from '../objects/bind-pod.ts';
import { createObject } from '../objects/create-object.ts';
import { decodeObject } from '../objects/decode-object.ts';
import { type DeleteOptions, deleteObject, deleteOptionsSchema } from '../objects/delete-object.ts';
import { evictPod } from '../objects/evict-pod.ts';
import { listObjects, selectionOf } from '../objects/list-objects.ts';
import { patchObject } from '../objects/patch-object.ts';
import { updateObject } from '../objects/update-object.ts';
import { badRequest, methodNotAllowed, noSuchResource, notFound, success } from '../status-error.ts';
import type { Answer, Request } from './exchange.ts';
import { presentList, presentObject } from './present.ts';
import type { Route } from './route.ts';
import { serveScale } from './serve-scale.ts';
import { watchObjects } from './watch.ts';

/** One request for objects of a kind. */
export function serveResource(cluster: Cluster, route: Route, request: Request): Answer {
  if (route.subresource !== '' && route.subresource !== 'status')
    return serveSubresource(cluster, route, request);
  if (route.subresource === 'status' && !route.resource.hasStatus) throw noSuchResource();
  return route.name === '' ? serveCollection(cluster, route, request) : serveOne(cluster, route, request);
}

function serveCollection(cluster: Cluster, route: Route, request: Request): Answer {
  const { resource, namespace } = route;
  const { method, query } = request;
  const selection = selectionOf(resource, namespace, query);
  switch (method) {
    case 'GET':
      if (isTrue(query.get('watch'))) return watchObjects(cluster, route, selection, request);
      return {
        status: 200,
        body: presentList(cluster, route, listObjects(cluster, resource, selection, query), request),
      };
    case 'POST': {
      const created = createObject(cluster, resource, namespace, request.body(), writeOptions(request));
      return { status: 201, body: presentObject(cluster, route, created, request) };
    }
    case 'DELETE': {
      const items = cluster.store.list(resource, namespace).filter(selection.matches);
      const options = deletionOf(request);
      for (const object of items) deleteObject(cluster, resource, object, options);
      return {
        status: 200,
        body: presentList(
          cluster,
          route,
          { items, resourceVersion: String(cluster.store.version()) },
          request,
        ),
      };
    }
    default:
      throw methodNotAllowed();
  }
}

function serveOne(cluster: Cluster, route: Route, request: Request): Answer {
  const { resource, namespace, name, subresource } = route;
  const options = {
    ...writeOptions(request),
    subresource: subresource === 'status' ? ('status' as const) : ('' as const),
  };
  const present = (object: KubernetesObject, status = 200): Answer => ({
    status,
    body: presentObject(cluster, route, object, request),
  });
  switch (request.method) {
    case 'GET':
      if (isTrue(request.query.get('watch'))) {
        const only = new URLSearchParams(request.query);
        only.set('fieldSelector', `metadata.name=${name}`);
        return watchObjects(cluster, route, selectionOf(resource, namespace, only), request);
      }
      return present(existing(cluster, route));
    case 'PUT': {
      const wanted = decodeObject(resource, request.body());
      const previous = existing(cluster, route);
      if (resource.versionedUpdatesOnly && wanted.metadata.resourceVersion === '') {
        throw badRequest('metadata.resourceVersion: Invalid value: 0x0: must be specified for an update');
      }
      return present(updateObject(cluster, resource, previous, wanted, options));
    }
    case 'PATCH': {
      const { contentType, text, query } = request;
      const at = { namespace, name };
      // Server-side apply has no manager by default: who applies has to say it.
      const named = contentType.includes('apply-patch')
        ? { fieldManager: query.get('fieldManager') ?? '' }
        : {};
      const how = { ...options, ...named, force: isTrue(query.get('force')) };
      const { object, created } = patchObject(cluster, resource, at, { contentType, text }, how);
      return present(object, created ? 201 : 200);
    }
    case 'DELETE': {
      const { object, gone } = deleteObject(cluster, resource, existing(cluster, route), deletionOf(request));
      if (!gone || resource.returnsDeleted) return present(object);
      const { group, plural: kind } = resource;
      return {
        status: 200,
        body: success({ name, ...(group === '' ? {} : { group }), kind, uid: object.metadata.uid }),
      };
    }
    default:
      throw methodNotAllowed();
  }
}

function serveSubresource(cluster: Cluster, route: Route, request: Request): Answer {
  const { resource, namespace, name, subresource } = route;
  const declared = resource.subresources.find((one) => one.name === subresource);
  if (declared === undefined) throw noSuchResource();
  if (subresource === 'scale') return serveScale(cluster, route, existing(cluster, route), request);
  if (resource.kind !== 'Pod') throw noSuchResource();
  switch (subresource) {
    case 'eviction':
      if (request.method !== 'POST') throw methodNotAllowed();
      return answer(evictPod(cluster, namespace, name, request.body(), writeOptions(request)));
    case 'binding':
      if (request.method !== 'POST') throw methodNotAllowed();
      return answer(bindPod(cluster, namespace, name, request.body()));
    case 'log':
      return {
        status: 200,
        body: `${existing(cluster, route).metadata.name} of the sandbox writes no log\n`,
      };
    default:
      throw badRequest('Upgrade request required');
  }
}

function answer(status: { readonly code: number }): Answer {
  return { status: status.code, body: status };
}

function existing({ store }: Cluster, { resource, namespace, name }: Route): KubernetesObject {
  const found = store.get(resource, namespace, name);
  if (found === undefined) throw notFound(resource, name);
  return found;
}

function writeOptions({ query, userAgent }: Request): WriteOptions {
  const manager = query.get('fieldManager') ?? userAgent.split('/')[0];
  return { dryRun: query.getAll('dryRun').includes('All'), fieldManager: manager || 'unknown' };
}

function deletionOf(request: Request): DeleteOptions {
  const { query } = request;
  const parsed = deleteOptionsSchema.safeParse(request.body() ?? {});
  if (!parsed.success) throw badRequest('DeleteOptions in version "v1" cannot be handled as a DeleteOptions');
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const fromQuery = deleteOptionsSchema.safeParse({
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(query.getAll('dryRun').includes('All') ? { dryRun: ['All'] } : {}),
  });
  if (!fromQuery.success) throw badRequest('the query of this deletion is not valid');
  return { ...parsed.data, ...fromQuery.data };
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}
