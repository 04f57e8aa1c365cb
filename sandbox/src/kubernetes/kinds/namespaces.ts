import { resource } from '../resource.ts';
import { namespaceSchema } from './namespace.ts';

export const namespaces = resource({
  group: '',
  versions: ['v1'],
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  hasStatus: true,
  returnsDeleted: true,
  names: 'label',
  schema: namespaceSchema,
  selectableFields: ['status.phase'],
  prepare(object) {
    object.spec = { finalizers: ['kubernetes'] };
    object.metadata.labels = {
      'kubernetes.io/metadata.name': object.metadata.name,
      ...object.metadata.labels,
    };
  },
  columns: [{ name: 'Status', cell: (object) => namespaceSchema.parse(object).status.phase }],
});
