import type { Cluster } from '../cluster.ts';
import type { JsonObject } from '../json.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { Page } from '../objects/list-objects.ts';
import { groupVersion } from '../resource.ts';
import { type IncludeObject, tableOf } from '../tables/table.ts';
import type { Request } from './exchange.ts';
import type { Route } from './route.ts';

/** An object in the version and form that was asked for: itself, a row of a table, or its metadata alone. */
export function presentObject(
  cluster: Cluster,
  route: Route,
  object: KubernetesObject,
  request: Request,
): JsonObject {
  const form = formOf(request);
  const versioned = { ...object, apiVersion: groupVersion(route.resource.group, route.version) };
  if (form === 'metadata') return partial(versioned);
  if (form === 'object') return versioned;
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  return tableOf(route.resource, [versioned], { now: cluster.now(), include: included(request), metadata });
}

/** A list in the version and form that was asked for. */
export function presentList(cluster: Cluster, route: Route, page: Page, request: Request): JsonObject {
  const { resource, version } = route;
  const { items, ...metadata } = page;
  const form = formOf(request);
  if (form === 'table') {
    return tableOf(resource, items, {
      now: cluster.now(),
      include: included(request),
      metadata: { ...metadata },
    });
  }
  if (form === 'metadata') {
    const kind = 'PartialObjectMetadataList';
    return { kind, apiVersion: 'meta.k8s.io/v1', metadata, items: items.map(partial) };
  }
  // The items of a list do not repeat what the list says of all.
  const bare = items.map(({ kind: _, apiVersion: __, ...rest }) => rest);
  return {
    kind: `${resource.kind}List`,
    apiVersion: groupVersion(resource.group, version),
    metadata,
    items: bare,
  };
}

function formOf({ accept }: Request): 'object' | 'table' | 'metadata' {
  const [first = ''] = accept.split(',').filter((one) => !one.includes('protobuf'));
  if (/as=Table/.test(first)) return 'table';
  return /as=PartialObjectMetadata/.test(first) ? 'metadata' : 'object';
}

function included({ query }: Request): IncludeObject {
  const wanted = query.get('includeObject');
  return wanted === 'None' || wanted === 'Object' ? wanted : 'Metadata';
}

function partial({ metadata }: KubernetesObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
