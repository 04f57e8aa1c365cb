import { printTable } from './print-table.mjs';

/** Prints what `measureRotation` found. */
export function printRotation({ files, requests }) {
  const ran = files.filter(({ functions, isLoaded }) => functions > 0 || isLoaded);
  printTable('One rotation of one pod, from the command to its success', [
    ['files run', ran.length],
    ['of these with functions, not only loaded', ran.filter(({ functions }) => functions > 0).length],
    ['functions run', ran.reduce((sum, { functions }) => sum + functions, 0)],
  ]);
  const kinds = new Map();
  for (const request of requests) kinds.set(kindOf(request), (kinds.get(kindOf(request)) ?? 0) + 1);
  printTable('Requests to the API server from the approval to its success', [
    ['all', requests.length],
    ['list pods (snapshots)', kinds.get('list pods') ?? 0],
    ...[...kinds].filter(([kind]) => kind !== 'list pods').sort(),
  ]);
}

/** Such as `list pods`, `patch configmaps`, `exec pods`, `watch nodes`. */
function kindOf({ method, path }) {
  const { pathname, searchParams } = new URL(path, 'http://api');
  const [resource, name, subresource] = pathname
    .replace(/^\/(api|apis\/[^/]+)\/[^/]+\//, '')
    .replace(/^namespaces\/[^/]+\//, '')
    .split('/');
  if (subresource !== undefined) return `${subresource} ${resource}`;
  if (method !== 'GET') return `${method.toLowerCase()} ${resource}`;
  if (searchParams.has('watch')) return `watch ${resource}`;
  return `${name === undefined ? 'list' : 'get'} ${resource}`;
}
