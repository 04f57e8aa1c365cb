import { type Node, nodeSchema } from '../kinds/node.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { Column } from '../resource.ts';
import { age } from './age.ts';

const ROLE = 'node-role.kubernetes.io/';

/** Nodes are the one kind whose Age stands between other columns. */
export const nodeColumns: readonly Column[] = [
  { name: 'Status', cell: of(status) },
  { name: 'Roles', cell: of(roles) },
  { name: 'Age', cell: (object, now) => age(object.metadata.creationTimestamp, now) },
  { name: 'Version', cell: of(info('kubeletVersion')) },
  { name: 'Internal-IP', priority: 1, cell: of(address('InternalIP')) },
  { name: 'External-IP', priority: 1, cell: of(address('ExternalIP')) },
  { name: 'OS-Image', priority: 1, cell: of(info('osImage')) },
  { name: 'Kernel-Version', priority: 1, cell: of(info('kernelVersion')) },
  { name: 'Container-Runtime', priority: 1, cell: of(info('containerRuntimeVersion')) },
];

function of(read: (node: Node) => string): Column['cell'] {
  return (object: KubernetesObject) => read(nodeSchema.parse(object));
}

function status({ spec, status: { conditions = [] } }: Node): string {
  const ready = conditions.find(({ type }) => type === 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec.unschedulable ? `${word},SchedulingDisabled` : word;
}

function roles({ metadata: { labels = {} } }: Node): string {
  const names = Object.keys(labels).filter((key) => key.startsWith(ROLE));
  return (
    names
      .map((key) => key.slice(ROLE.length))
      .sort()
      .join(',') || '<none>'
  );
}

function info(field: string): (node: Node) => string {
  return ({ status: { nodeInfo } }) => String(nodeInfo?.[field] ?? '<unknown>');
}

function address(wanted: string): (node: Node) => string {
  return ({ status: { addresses = [] } }) =>
    addresses.find(({ type }) => type === wanted)?.address ?? '<none>';
}
