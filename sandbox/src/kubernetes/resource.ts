import type { z } from 'zod';
import { type KubernetesObject, kubernetesObjectSchema } from './kubernetes-object.ts';
import type { Cause } from './status-error.ts';

/** One column of `kubectl get`. */
export interface Column {
  name: string;
  type?: 'string' | 'integer' | 'date';
  /** 1: only with `-o wide`. */
  priority?: 0 | 1;
  cell(object: KubernetesObject, now: number): string | number;
}

/** A subresource that is not `status`: what discovery says of it, and its verbs. */
export interface Subresource {
  name: string;
  kind: string;
  group?: string;
  version?: string;
  verbs: readonly string[];
}

/** One row of the API: how a kind is named, checked, completed and shown. */
export interface Resource {
  group: string;
  /** The preferred one first; all are served from the same storage. */
  versions: readonly string[];
  kind: string;
  plural: string;
  singular: string;
  shortNames: readonly string[];
  categories: readonly string[];
  namespaced: boolean;
  /** Whether `status` is written apart from the rest. */
  hasStatus: boolean;
  /** Whether `metadata.generation` counts the changes of the spec. */
  hasGeneration: boolean;
  /** Whether PUT must name a resourceVersion. */
  versionedUpdatesOnly: boolean;
  /** Whether deletion answers with the object itself rather than with a Status. */
  returnsDeleted: boolean;
  /** Only labels and annotations are names of this form ("subdomain"), or any path segment ("path"). */
  names: 'subdomain' | 'label' | 'path';
  subresources: readonly Subresource[];
  /** Also fills in what a client may leave out. */
  schema: z.ZodType<KubernetesObject>;
  /** Fields that a field selector may ask for, beside metadata.name and metadata.namespace. */
  selectableFields: readonly string[];
  /** Completes a new object beyond what the schema does. */
  prepare(object: KubernetesObject): void;
  /** What is wrong with the object, or with this change of it. */
  faults(object: KubernetesObject, previous: KubernetesObject | undefined): Cause[];
  /** Between Name and Age. */
  columns: readonly Column[];
}

type Declared = Pick<Resource, 'group' | 'versions' | 'kind' | 'plural'> & Partial<Resource>;

/** A namespaced resource without rules of its own, unless `declared` says otherwise. */
export function resource(declared: Declared): Resource {
  return {
    singular: declared.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    hasStatus: false,
    hasGeneration: false,
    versionedUpdatesOnly: false,
    returnsDeleted: false,
    names: 'subdomain',
    subresources: [],
    schema: kubernetesObjectSchema,
    selectableFields: [],
    prepare: () => undefined,
    faults: () => [],
    columns: [],
    ...declared,
  };
}

/** `v1` or `apps/v1`. */
export function groupVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The version in which objects are stored, with its group. */
export function storedVersion({ group, versions: [preferred = 'v1'] }: Resource): string {
  return groupVersion(group, preferred);
}
