import { groupVersion, type Resource } from '../resource.ts';
import { resources } from '../resources.ts';
import type { Answer } from './exchange.ts';

/** /api, /apis and what is below them: which kinds there are. Undefined for any other path. */
export function discover(pathname: string): Answer | undefined {
  const path = pathname.replace(/\/$/, '');
  if (path === '/api')
    return { status: 200, body: { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] } };
  if (path === '/apis') {
    return { status: 200, body: { kind: 'APIGroupList', apiVersion: 'v1', groups: groups().map(groupOf) } };
  }
  const [, root, first = '', second, ...rest] = path.split('/');
  if (rest.length > 0) return undefined;
  if (root === 'api' && second === undefined) return resourceList('', first);
  if (root !== 'apis') return undefined;
  if (second !== undefined) return resourceList(first, second);
  const group = groups().find(({ name }) => name === first);
  return group === undefined
    ? undefined
    : { status: 200, body: { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) } };
}

interface Group {
  readonly name: string;
  readonly versions: readonly string[];
}

function groups(): readonly Group[] {
  const names = new Set(resources.map(({ group }) => group).filter((group) => group !== ''));
  return [
    ...[...names].map((name) => ({ name, versions: versionsOf(name) })),
    { name: 'authorization.k8s.io', versions: ['v1'] },
  ];
}

function versionsOf(group: string): readonly string[] {
  return [...new Set(resources.filter((one) => one.group === group).flatMap(({ versions }) => versions))];
}

function groupOf({ name, versions }: Group): object {
  const all = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: all, preferredVersion: all[0] };
}

function resourceList(group: string, version: string): Answer | undefined {
  const found = resources.filter((one) => one.group === group && one.versions.includes(version));
  const reviews = group === 'authorization.k8s.io' && version === 'v1' ? [REVIEW] : [];
  if (found.length + reviews.length === 0) return undefined;
  const list = [...found.flatMap(describe), ...reviews];
  const body = {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(group, version),
    resources: list,
  };
  return { status: 200, body };
}

const REVIEW = {
  name: 'selfsubjectaccessreviews',
  singularName: 'selfsubjectaccessreview',
  namespaced: false,
  kind: 'SelfSubjectAccessReview',
  verbs: ['create'],
};
const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function describe(resource: Resource): readonly object[] {
  const { plural, singular, namespaced, kind, shortNames, categories, subresources, hasStatus } = resource;
  const below = [
    ...(hasStatus ? [{ name: 'status', kind, verbs: ['get', 'patch', 'update'] }] : []),
    ...subresources,
  ];
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: VERBS,
      ...(shortNames.length > 0 ? { shortNames } : {}),
      ...(categories.length > 0 ? { categories } : {}),
    },
    ...below.map(({ name, ...rest }) => ({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      ...rest,
    })),
  ];
}
