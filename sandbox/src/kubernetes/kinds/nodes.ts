import { resource } from '../resource.ts';
import { nodeColumns } from '../tables/node-columns.ts';
import { nodeSchema } from './node.ts';

export const nodes = resource({
  group: '',
  versions: ['v1'],
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  hasStatus: true,
  schema: nodeSchema,
  selectableFields: ['spec.unschedulable'],
  columns: nodeColumns,
});
