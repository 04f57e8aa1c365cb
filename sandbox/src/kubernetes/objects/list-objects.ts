import type { Cluster } from '../cluster.ts';
import { parseFieldSelector } from '../field-selector.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { parseLabelSelector } from '../label-selector.ts';
import type { Resource } from '../resource.ts';
import { badRequest, expired } from '../status-error.ts';

export interface Selection {
  namespace: string;
  matches(object: KubernetesObject): boolean;
}

/** Which objects a query's `labelSelector` and `fieldSelector` mean. */
export function selectionOf(resource: Resource, namespace: string, query: URLSearchParams): Selection {
  const label = parseLabelSelector(query.get('labelSelector') ?? '');
  const field = parseFieldSelector(query.get('fieldSelector') ?? '', resource);
  return {
    namespace,
    matches: (object) => label(object.metadata.labels ?? {}) && field(object),
  };
}

export interface Page {
  items: readonly KubernetesObject[];
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** One page of a list; every page of one walk carries the version of the first. */
export function listObjects(
  { store }: Cluster,
  resource: Resource,
  selection: Selection,
  query: URLSearchParams,
): Page {
  const limit = Number(query.get('limit') ?? 0);
  const start = parseContinue(query.get('continue') ?? '');
  if (start !== undefined && store.changesSince(Number(start.version)) === undefined) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    );
  }
  const all = store.list(resource, selection.namespace).filter(selection.matches);
  const rest = start === undefined ? all : all.filter((object) => placeOf(object) > start.after);
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const last = items.at(-1);
  const resourceVersion = start?.version ?? String(store.version());
  if (last === undefined || items.length === rest.length) return { items, resourceVersion };
  const token = JSON.stringify({ version: resourceVersion, after: placeOf(last) });
  return {
    items,
    resourceVersion,
    continue: Buffer.from(token).toString('base64url'),
    remainingItemCount: rest.length - items.length,
  };
}

function placeOf({ metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}

function parseContinue(token: string): { version: string; after: string } | undefined {
  if (token === '') return undefined;
  try {
    const { version, after }: { version: unknown; after: unknown } = JSON.parse(
      Buffer.from(token, 'base64url').toString(),
    );
    if (typeof version === 'string' && typeof after === 'string') return { version, after };
  } catch {
    // Said below.
  }
  throw badRequest('invalid continue token: continue key is not valid');
}
