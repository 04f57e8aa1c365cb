import { isJsonObject, objectAt } from '../json.ts';
import { isTrue } from '../kinds/condition.ts';
import { type Pod, podSchema } from '../kinds/pod.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { Column } from '../resource.ts';

export const podColumns: readonly Column[] = [
  { name: 'Ready', cell: of(ready) },
  { name: 'Status', cell: of(status) },
  { name: 'Restarts', type: 'string', cell: of((pod) => String(restarts(pod))) },
  { name: 'IP', priority: 1, cell: of(({ status: { podIP } }) => podIP || '<none>') },
  { name: 'Node', priority: 1, cell: of(({ spec: { nodeName } }) => nodeName || '<none>') },
  {
    name: 'Nominated Node',
    priority: 1,
    cell: of(({ status: { nominatedNodeName } }) => nominatedNodeName || '<none>'),
  },
  { name: 'Readiness Gates', priority: 1, cell: of(gates) },
];

function of(read: (pod: Pod) => string): Column['cell'] {
  return (object: KubernetesObject) => read(podSchema.parse(object));
}

function ready({ spec, status: { containerStatuses = [] } }: Pod): string {
  return `${containerStatuses.filter(({ ready }) => ready).length}/${spec.containers.length}`;
}

/** The word that kubectl shows: a container's trouble says more than the phase. */
function status({ metadata, status: { phase, reason, containerStatuses = [] } }: Pod): string {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  const troubles = containerStatuses.flatMap(({ state }) => {
    if (!isJsonObject(state)) return [];
    const word = objectAt(state, 'waiting').reason ?? objectAt(state, 'terminated').reason;
    return typeof word === 'string' && word !== '' ? [word] : [];
  });
  return troubles[0] ?? reason ?? phase;
}

function restarts({ status: { containerStatuses = [] } }: Pod): number {
  return containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function gates({ spec: { readinessGates = [] }, status: { conditions } }: Pod): string {
  if (readinessGates.length === 0) return '<none>';
  const open = readinessGates.filter(({ conditionType }) => isTrue(conditions, conditionType));
  return `${open.length}/${readinessGates.length}`;
}
