import { isJsonObject } from './json.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import type { Resource } from './resource.ts';
import { badRequest } from './status-error.ts';

/** Reads the `fieldSelector` of a query, as in `spec.nodeName=worker1,status.phase!=Failed`. */
export function parseFieldSelector(
  selector: string,
  resource: Resource,
): (object: KubernetesObject) => boolean {
  const known = ['metadata.name', 'metadata.namespace', ...resource.selectableFields];
  const terms = selector
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const [, field = '', operator = '', value = ''] = /^([^=!]+)(==|=|!=)(.*)$/.exec(term) ?? [];
      if (field === '') throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
      if (!known.includes(field)) throw badRequest(unknownField(field, resource));
      return { field, wanted: operator !== '!=', value: value.replace(/\\([,=\\])/g, '$1') };
    });
  return (object) => terms.every(({ field, wanted, value }) => (fieldOf(object, field) === value) === wanted);
}

function fieldOf(object: KubernetesObject, path: string): string {
  // `source` selects by the component that reported the event.
  const steps = path === 'source' ? ['source', 'component'] : path.split('.');
  let value: unknown = object;
  for (const step of steps) value = isJsonObject(value) ? value[step] : undefined;
  if (value === undefined) return path === 'spec.unschedulable' ? 'false' : '';
  return String(value);
}

function unknownField(field: string, { selectableFields }: Resource): string {
  if (selectableFields.length > 0) return `field label not supported: ${field}`;
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}
