import type { JsonObject } from '../json.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { Column, Resource } from '../resource.ts';
import { age } from './age.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

const NAME: Column = { name: 'Name', cell: ({ metadata }) => metadata.name };
const AGE: Column = { name: 'Age', cell: ({ metadata }, now) => age(metadata.creationTimestamp, now) };

/** The answer to `Accept: …;as=Table`: what `kubectl get` prints. */
export function tableOf(
  resource: Resource,
  objects: readonly KubernetesObject[],
  options: { now: number; include: IncludeObject; metadata: JsonObject },
): JsonObject {
  const columns = columnsOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata,
    columnDefinitions: columns.map((column) => ({
      name: column.name,
      type: column.type ?? 'string',
      format: column === NAME ? 'name' : '',
      description: column.name,
      priority: column.priority ?? 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.now)),
      ...included(object, options.include),
    })),
  };
}

function columnsOf({ columns, kind }: Resource): readonly Column[] {
  // An event is known by when it was seen, not by its name.
  if (kind === 'Event') return [...columns, { ...NAME, priority: 1 }];
  if (columns.some(({ name }) => name === AGE.name)) return [NAME, ...columns];
  const wide = columns.findIndex(({ priority }) => priority === 1);
  const split = wide < 0 ? columns.length : wide;
  return [NAME, ...columns.slice(0, split), AGE, ...columns.slice(split)];
}

function included(object: KubernetesObject, include: IncludeObject): JsonObject {
  if (include === 'None') return {};
  if (include === 'Object') return { object };
  return {
    object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
  };
}
