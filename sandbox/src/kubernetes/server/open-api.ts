import { groupVersion } from '../resource.ts';
import { resources } from '../resources.ts';
import type { Answer } from './exchange.ts';

/**
 * As much of OpenAPI as kubectl asks for before it sends anything: which kinds there are, and that the server itself
 * validates fields. Undefined for any other path.
 */
export function openApi(pathname: string): Answer | undefined {
  if (pathname === '/openapi/v3')
    return { status: 200, body: { paths: Object.fromEntries(versions().map(rootEntry)) } };
  const wanted = versions().find((one) => pathname === `/openapi/v3/${pathOf(one)}`);
  if (wanted !== undefined)
    return { status: 200, body: { ...EMPTY, openapi: '3.0.0', paths: pathsOf(wanted) } };
  return pathname === '/openapi/v2'
    ? { status: 200, body: { ...EMPTY, swagger: '2.0', paths: {}, definitions: {} } }
    : undefined;
}

const EMPTY = { info: { title: 'Kubernetes sandbox', version: 'v1' } };

interface Version {
  readonly group: string;
  readonly version: string;
}

function versions(): readonly Version[] {
  const all = resources.flatMap(({ group, versions: served }) =>
    served.map((version) => ({ group, version })),
  );
  return all.filter((one, index) => all.findIndex((other) => pathOf(other) === pathOf(one)) === index);
}

function pathOf({ group, version }: Version): string {
  return group === '' ? `api/${version}` : `apis/${groupVersion(group, version)}`;
}

function rootEntry(version: Version): readonly [string, object] {
  return [pathOf(version), { serverRelativeURL: `/openapi/v3/${pathOf(version)}` }];
}

function pathsOf({ group, version }: Version): object {
  const kinds = resources.filter((one) => one.group === group && one.versions.includes(version));
  return Object.fromEntries(
    kinds.map(({ plural, kind, namespaced }) => {
      const path = `/${pathOf({ group, version })}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`;
      const patch = { parameters: PARAMETERS, 'x-kubernetes-group-version-kind': { group, version, kind } };
      return [path, { patch }];
    }),
  );
}

const PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));
