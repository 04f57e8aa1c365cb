import type { Resource } from '../resource.ts';
import { resourceAt } from '../resources.ts';

/** What a path names. */
export interface Route {
  readonly resource: Resource;
  readonly version: string;
  /** '' for all namespaces, and for kinds without one. */
  readonly namespace: string;
  /** '' for the collection. */
  readonly name: string;
  readonly subresource: string;
}

/** Reads `/api/v1/namespaces/NS/pods/NAME/status` and its like; undefined for what is not served. */
export function readRoute(pathname: string): Route | undefined {
  const words = pathname.split('/').slice(1).map(decode);
  const [root, first = '', second = ''] = words;
  if (root === 'api') return routeIn('', first, words.slice(2));
  return root === 'apis' ? routeIn(first, second, words.slice(3)) : undefined;
}

function routeIn(group: string, version: string, words: readonly string[]): Route | undefined {
  const [first = '', second = '', third = ''] = words;
  const isNamespaced = first === 'namespaces' && third !== '' && third !== 'status' && third !== 'finalize';
  const [plural = '', name = '', subresource = '', ...rest] = isNamespaced ? words.slice(2) : words;
  const resource = resourceAt(group, version, plural);
  if (resource === undefined || rest.some((word) => word !== '')) return undefined;
  if (isNamespaced !== resource.namespaced && (isNamespaced || name !== '')) return undefined;
  return { resource, version, namespace: isNamespaced ? second : '', name, subresource };
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word; // A name that is no name is looked for as it is, and not found.
  }
}
