import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { type Resource, resource } from '../resource.ts';

const rbac = { group: 'rbac.authorization.k8s.io', versions: ['v1'], names: 'path' } as const;

/** Kinds that are only kept and served: nothing in the sandbox acts on them. */
export const plainKinds: readonly Resource[] = [
  resource({
    group: '',
    versions: ['v1'],
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    categories: ['all'],
    hasStatus: true,
    returnsDeleted: true,
    names: 'label',
    columns: serviceColumns(),
  }),
  resource({
    group: '',
    versions: ['v1'],
    kind: 'Endpoints',
    plural: 'endpoints',
    singular: 'endpoints',
    shortNames: ['ep'],
  }),
  resource({
    group: '',
    versions: ['v1'],
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    returnsDeleted: true,
  }),
  resource({
    group: 'coordination.k8s.io',
    versions: ['v1'],
    kind: 'Lease',
    plural: 'leases',
    versionedUpdatesOnly: true,
    columns: [{ name: 'Holder', cell: (object) => leaseSchema.parse(object).spec.holderIdentity }],
  }),
  resource({ ...rbac, kind: 'Role', plural: 'roles' }),
  resource({ ...rbac, kind: 'RoleBinding', plural: 'rolebindings', columns: [roleColumn()] }),
  resource({ ...rbac, kind: 'ClusterRole', plural: 'clusterroles', namespaced: false }),
  resource({
    ...rbac,
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    namespaced: false,
    columns: [roleColumn()],
  }),
];

const leaseSchema = kubernetesObjectSchema.extend({
  spec: z.looseObject({ holderIdentity: z.string().default('') }).prefault({}),
});

function roleColumn(): Resource['columns'][number] {
  const bindingSchema = kubernetesObjectSchema.extend({
    roleRef: z.looseObject({ kind: z.string().default(''), name: z.string().default('') }).prefault({}),
  });
  return {
    name: 'Role',
    cell: (object) => {
      const { kind, name } = bindingSchema.parse(object).roleRef;
      return `${kind}/${name}`;
    },
  };
}

function serviceColumns(): Resource['columns'] {
  const port = z.looseObject({ port: z.int(), protocol: z.string().default('TCP') });
  const serviceSchema = kubernetesObjectSchema.extend({
    spec: z
      .looseObject({
        type: z.string().default('ClusterIP'),
        clusterIP: z.string().default('None'),
        ports: z.array(port).default([]),
      })
      .prefault({}),
  });
  return [
    { name: 'Type', cell: (object) => serviceSchema.parse(object).spec.type },
    { name: 'Cluster-IP', cell: (object) => serviceSchema.parse(object).spec.clusterIP },
    { name: 'External-IP', cell: () => '<none>' },
    {
      name: 'Port(s)',
      cell: (object) =>
        serviceSchema
          .parse(object)
          .spec.ports.map(({ port, protocol }) => `${port}/${protocol}`)
          .join(',') || '<none>',
    },
  ];
}
